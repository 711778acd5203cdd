// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * prlimit64(2).
 * Enter: 1 pid, 2 resource.
 * Exit: 1 res, 2 newcur, 3 newmax, 4 oldcur, 5 oldmax, 6 pid, 7 resource.
 *
 * The 64-bit limits are the same for 32-bit programs.
 */

SYSCALL_ENTER(SYSCALL_PRLIMIT_E)
{
	store_fd(ev, ARG(0));
	store_u8(ev, rlimit_resource(ARG(1)));
}

SYSCALL_EXIT(SYSCALL_PRLIMIT_X)
{
	struct user_rlimit limit = read_rlimit(call, ARG(2), 0, false);
	struct user_rlimit old = read_rlimit(call, RET < 0 ? 0 : ARG(3), -1, false);

	store_s64(ev, RET);
	store_s64(ev, limit.soft);
	store_s64(ev, limit.hard);
	store_s64(ev, old.soft);
	store_s64(ev, old.hard);
	store_s64(ev, (s32)ARG(0));
	store_u8(ev, rlimit_resource(ARG(1)));
}
