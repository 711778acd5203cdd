// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * flock(2).
 * Enter: 1 fd, 2 operation.
 * Exit: 1 res, 2 fd, 3 operation.
 */

SYSCALL_ENTER(SYSCALL_FLOCK_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, mask_flags(ARG(1), 0xf));
}

SYSCALL_EXIT(SYSCALL_FLOCK_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u32(ev, mask_flags(ARG(1), 0xf));
}
