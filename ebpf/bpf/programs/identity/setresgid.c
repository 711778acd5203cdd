// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setresgid(2).
 * Enter: 1 rgid, 2 egid, 3 sgid.
 * Exit: 1 res, 2 rgid, 3 egid, 4 sgid.
 */

SYSCALL_ENTER(SYSCALL_SETRESGID_E)
{
	store_u32(ev, ARG(0));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
}

SYSCALL_EXIT(SYSCALL_SETRESGID_X)
{
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
}
