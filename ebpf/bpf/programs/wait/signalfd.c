// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * signalfd(2).
 * Enter: 1 fd, 2 mask, 3 flags.
 * Exit: 1 res, 2 fd, 3 mask, 4 flags.
 *
 * mask and flags are always 0 in the format.
 */

SYSCALL_ENTER(SYSCALL_SIGNALFD_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, 0);
	store_u8(ev, 0);
}

SYSCALL_EXIT(SYSCALL_SIGNALFD_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u32(ev, 0);
	store_u8(ev, 0);
}
