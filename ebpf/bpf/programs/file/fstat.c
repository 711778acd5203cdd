// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * fstat(2).
 * Enter: 1 fd.
 * Exit: 1 res, 2 fd.
 */

SYSCALL_ENTER(SYSCALL_FSTAT_E)
{
	store_fd(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_FSTAT_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
}
