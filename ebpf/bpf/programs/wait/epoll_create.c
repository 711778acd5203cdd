// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * epoll_create(2).
 * Enter: 1 size.
 * Exit: 1 res, 2 size.
 */

SYSCALL_ENTER(SYSCALL_EPOLL_CREATE_E)
{
	store_s32(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_EPOLL_CREATE_X)
{
	store_s64(ev, RET);
	store_s32(ev, ARG(0));
}
