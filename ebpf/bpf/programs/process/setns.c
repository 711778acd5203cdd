// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setns(2).
 * Enter: 1 fd, 2 nstype.
 * Exit: 1 res, 2 fd, 3 nstype.
 */

SYSCALL_ENTER(SYSCALL_SETNS_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, clone_flags(ARG(1)));
}

SYSCALL_EXIT(SYSCALL_SETNS_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u32(ev, clone_flags(ARG(1)));
}
