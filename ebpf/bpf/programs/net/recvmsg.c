// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * recvmsg(2).
 * Enter: 1 fd.
 * Exit: 1 res, 2 size, 3 data, 4 tuple, 5 msgcontrol, 6 fd.
 */

SYSCALL_ENTER(SOCKET_RECVMSG_E)
{
	store_fd(ev, ARG(0));
}

SYSCALL_EXIT(SOCKET_RECVMSG_X)
{
	struct message msg = {};

	read_message(call, ARG(1), &msg);
	store_s64(ev, RET);
	store_u32(ev, RET > 0 ? RET : 0);
	store_received_vector(ev, call, msg.vector, msg.vector_len, RET);
	store_tuple_of_call(ev, call, INBOUND, msg.name, msg.name_len);
	if (RET >= 0)
		store_user_bytes(ev, msg.control, msg.control_len);
	else
		store_empty(ev);
	store_fd(ev, ARG(0));
}
