// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * sendmsg(2).
 * Enter: 1 fd, 2 size, 3 tuple.
 * Exit: 1 res, 2 data, 3 fd, 4 size, 5 tuple.
 */

SYSCALL_ENTER(SOCKET_SENDMSG_E)
{
	struct message msg = {};
	u32 count = 0;

	if (read_message(call, ARG(1), &msg))
		count = read_vector(ev, call, msg.vector, msg.vector_len);
	store_fd(ev, ARG(0));
	store_u32(ev, vector_size(ev, call, count));
	store_tuple(ev, sock_of_fd((s32)ARG(0)), OUTBOUND, msg.name, msg.name_len);
}

SYSCALL_EXIT(SOCKET_SENDMSG_X)
{
	struct message msg = {};
	bool readable = read_message(call, ARG(1), &msg);
	u32 count = readable ? read_vector(ev, call, msg.vector, msg.vector_len) : 0;

	store_s64(ev, RET);
	store_gathered(ev, call, count, gather_limit(RET));
	store_fd(ev, ARG(0));
	if (readable)
		store_u32(ev, vector_size(ev, call, count));
	else
		store_empty(ev);
	advance(ev, 0);
	store_tuple_of_call(ev, call, OUTBOUND, msg.name, msg.name_len);
}
