// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * epoll_wait(2).
 * Enter: 1 maxevents.
 * Exit: 1 res, 2 maxevents.
 */

SYSCALL_ENTER(SYSCALL_EPOLLWAIT_E)
{
	store_s64(ev, (s32)ARG(2));
}

SYSCALL_EXIT(SYSCALL_EPOLLWAIT_X)
{
	store_s64(ev, RET);
	store_s64(ev, (s32)ARG(2));
}
