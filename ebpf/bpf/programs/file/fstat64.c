// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * fstat64(2), a call of 32-bit programs.
 * Enter: 1 fd.
 * Exit: 1 res.
 */

SYSCALL_ENTER(SYSCALL_FSTAT64_E)
{
	store_fd(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_FSTAT64_X)
{
	store_s64(ev, RET);
}
