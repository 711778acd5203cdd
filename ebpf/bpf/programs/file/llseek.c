// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * _llseek(2), a call of 32-bit programs.
 * Enter: 1 fd, 2 offset, 3 whence.
 * Exit: 1 res, 2 fd, 3 offset, 4 whence.
 */

SYSCALL_ENTER(SYSCALL_LLSEEK_E)
{
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(1) << 32 | ARG(2));
	store_u8(ev, lseek_whence(ARG(4)));
}

SYSCALL_EXIT(SYSCALL_LLSEEK_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(1) << 32 | ARG(2));
	store_u8(ev, lseek_whence(ARG(4)));
}
