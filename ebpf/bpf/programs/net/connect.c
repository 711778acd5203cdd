// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * connect(2).
 * Enter: 1 fd, 2 addr.
 * Exit: 1 res, 2 tuple, 3 fd, 4 addr.
 */

#define EINPROGRESS 115

SYSCALL_ENTER(SOCKET_CONNECT_E)
{
	store_fd(ev, ARG(0));
	store_sockaddr(ev, ARG(1), ARG(2));
}

SYSCALL_EXIT(SOCKET_CONNECT_X)
{
	store_s64(ev, RET);
	if (RET == 0 || RET == -EINPROGRESS)
		store_tuple(ev, sock_of_fd((s32)ARG(0)), OUTBOUND, ARG(1), ARG(2));
	else
		store_empty(ev);
	store_fd(ev, ARG(0));
	store_sockaddr(ev, ARG(1), ARG(2));
}
