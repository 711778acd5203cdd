// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * sendto(2).
 * Enter: 1 fd, 2 size, 3 tuple.
 * Exit: 1 res, 2 data, 3 fd, 4 size, 5 tuple.
 */

SYSCALL_ENTER(SOCKET_SENDTO_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
	store_tuple(ev, sock_of_fd((s32)ARG(0)), OUTBOUND, ARG(4), ARG(5));
}

SYSCALL_EXIT(SOCKET_SENDTO_X)
{
	store_s64(ev, RET);
	store_sent_payload(ev, ARG(1), RET, ARG(2));
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
	store_tuple_of_call(ev, call, OUTBOUND, ARG(4), ARG(5));
}
