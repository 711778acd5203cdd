// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * recv(2), through socketcall(2) of 32-bit programs.
 * Enter: 1 fd, 2 size.
 * Exit: 1 res, 2 data, 3 fd, 4 size, 5 tuple.
 */

SYSCALL_ENTER(SOCKET_RECV_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
}

SYSCALL_EXIT(SOCKET_RECV_X)
{
	store_s64(ev, RET);
	store_payload(ev, ARG(1), RET);
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
	store_tuple_of_call(ev, call, INBOUND, 0, 0);
}
