// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * io_uring_register(2).
 * Exit: 1 res, 2 fd, 3 opcode, 4 arg, 5 nr_args.
 */

SYSCALL_EXIT(SYSCALL_IO_URING_REGISTER_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u16(ev, ARG(1));
	store_u64(ev, ARG(2));
	store_u32(ev, ARG(3));
}
