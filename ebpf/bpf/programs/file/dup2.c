// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * dup2(2).
 * Enter: 1 fd.
 * Exit: 1 res, 2 oldfd, 3 newfd.
 */

SYSCALL_ENTER(SYSCALL_DUP2_E)
{
	store_fd(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_DUP2_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(1));
}
