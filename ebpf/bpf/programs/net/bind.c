// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * bind(2).
 * Enter: 1 fd.
 * Exit: 1 res, 2 addr, 3 fd.
 *
 * addrlen is what the caller claims.
 */

SYSCALL_ENTER(SOCKET_BIND_E)
{
	store_fd(ev, ARG(0));
}

SYSCALL_EXIT(SOCKET_BIND_X)
{
	store_s64(ev, RET);
	store_sockaddr(ev, ARG(1), ARG(2));
	store_fd(ev, ARG(0));
}
