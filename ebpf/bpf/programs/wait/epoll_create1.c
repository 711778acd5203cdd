// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * epoll_create1(2).
 * Enter: 1 flags.
 * Exit: 1 res, 2 flags.
 */

SYSCALL_ENTER(SYSCALL_EPOLL_CREATE1_E)
{
	store_u32(ev, epoll_create1_flags(ARG(0)));
}

SYSCALL_EXIT(SYSCALL_EPOLL_CREATE1_X)
{
	store_s64(ev, RET);
	store_u32(ev, epoll_create1_flags(ARG(0)));
}
