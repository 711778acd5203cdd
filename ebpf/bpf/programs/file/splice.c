// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * splice(2).
 * Enter: 1 fd_in, 2 fd_out, 3 size, 4 flags.
 * Exit: 1 res, 2 fd_in, 3 fd_out, 4 size, 5 flags.
 */

SYSCALL_ENTER(SYSCALL_SPLICE_E)
{
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(2));
	store_u64(ev, ARG(4));
	store_u32(ev, mask_flags(ARG(5), 0xf));
}

SYSCALL_EXIT(SYSCALL_SPLICE_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(2));
	store_u64(ev, ARG(4));
	store_u32(ev, mask_flags(ARG(5), 0xf));
}
