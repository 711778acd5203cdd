// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * getdents(2).
 * Enter: 1 fd.
 * Exit: 1 res, 2 fd.
 */

SYSCALL_ENTER(SYSCALL_GETDENTS_E)
{
	store_fd(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_GETDENTS_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
}
