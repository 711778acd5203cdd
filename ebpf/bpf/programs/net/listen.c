// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * listen(2).
 * Enter: 1 fd, 2 backlog.
 * Exit: 1 res, 2 fd, 3 backlog.
 */

SYSCALL_ENTER(SOCKET_LISTEN_E)
{
	store_fd(ev, ARG(0));
	store_s32(ev, ARG(1));
}

SYSCALL_EXIT(SOCKET_LISTEN_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_s32(ev, ARG(1));
}
