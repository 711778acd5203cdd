// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * lseek(2).
 * Enter: 1 fd, 2 offset, 3 whence.
 * Exit: 1 res, 2 fd, 3 offset, 4 whence.
 */

SYSCALL_ENTER(SYSCALL_LSEEK_E)
{
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u8(ev, lseek_whence(ARG(2)));
}

SYSCALL_EXIT(SYSCALL_LSEEK_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u8(ev, lseek_whence(ARG(2)));
}
