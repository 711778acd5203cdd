// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * io_uring_enter(2).
 * Exit: 1 res, 2 fd, 3 to_submit, 4 min_complete, 5 flags, 6 sig.
 */

SYSCALL_EXIT(SYSCALL_IO_URING_ENTER_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
	store_u32(ev, ARG(3));
	store_u32(ev, ARG(4)); /* the pointer, as the format has it */
}
