// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * recvfrom(2).
 * Enter: 1 fd, 2 size.
 * Exit: 1 res, 2 data, 3 tuple, 4 fd, 5 size.
 *
 * The sender's address is what the kernel has written behind the pointer.
 */

SYSCALL_ENTER(SOCKET_RECVFROM_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
}

SYSCALL_EXIT(SOCKET_RECVFROM_X)
{
	store_s64(ev, RET);
	store_payload(ev, ARG(1), RET);
	store_tuple_of_call(ev, call, INBOUND, ARG(4), sockaddr_len(ARG(5)));
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
}
