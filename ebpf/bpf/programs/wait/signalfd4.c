// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * signalfd4(2).
 * Enter: 1 fd, 2 mask.
 * Exit: 1 res, 2 flags, 3 fd, 4 mask.
 *
 * mask is always 0 in the format.
 */

SYSCALL_ENTER(SYSCALL_SIGNALFD4_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, 0);
}

SYSCALL_EXIT(SYSCALL_SIGNALFD4_X)
{
	store_s64(ev, RET);
	store_u16(ev, fd_flags(ARG(3)));
	store_fd(ev, ARG(0));
	store_u32(ev, 0);
}
