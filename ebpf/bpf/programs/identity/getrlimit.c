// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * getrlimit(2).
 * Enter: 1 resource.
 * Exit: 1 res, 2 cur, 3 max, 4 resource.
 */

SYSCALL_ENTER(SYSCALL_GETRLIMIT_E)
{
	store_u8(ev, rlimit_resource(ARG(0)));
}

SYSCALL_EXIT(SYSCALL_GETRLIMIT_X)
{
	struct user_rlimit limit = read_rlimit(call, RET < 0 ? 0 : ARG(1), -1, call->compat);

	store_s64(ev, RET);
	store_s64(ev, limit.soft);
	store_s64(ev, limit.hard);
	store_u8(ev, rlimit_resource(ARG(0)));
}
