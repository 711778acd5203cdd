// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * ioctl(2).
 * Enter: 1 fd, 2 request, 3 argument.
 * Exit: 1 res, 2 fd, 3 request, 4 argument.
 */

SYSCALL_ENTER(SYSCALL_IOCTL_3_E)
{
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u64(ev, ARG(2));
}

SYSCALL_EXIT(SYSCALL_IOCTL_3_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u64(ev, ARG(2));
}
