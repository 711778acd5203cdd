// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setgid(2).
 * Enter: 1 gid.
 * Exit: 1 res, 2 gid.
 */

SYSCALL_ENTER(SYSCALL_SETGID_E)
{
	store_u32(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_SETGID_X)
{
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
}
