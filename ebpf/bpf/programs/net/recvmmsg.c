// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * recvmmsg(2), one event per message.
 * Exit: 1 res, 2 fd, 3 size, 4 data, 5 tuple, 6 msgcontrol.
 *
 * res is the length of the message, or, when there was none, the call's result.
 */

/* Sends the event of one message. A global function: see struct walk. */
__noinline int recvmmsg_message(u32 index)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *scratch = scratch_of(cpu, SCRATCH_SYSCALL);
	struct message msg = {};
	const struct call *call;
	struct event ev_here, *ev = &ev_here;
	u64 address;
	u32 len = 0;
	s64 res;

	if (!scratch)
		return 0;
	call = &scratch->call;
	*ev = event_begin(scratch, cpu, call->timestamp_ns, call->tid, PPME_SOCKET_RECVMMSG_X,
			  PPME_SOCKET_RECVMMSG_X_PARAMS);
	address = message_of_many(call, index, &len);
	res = RET > 0 ? len : RET;
	read_message(call, address, &msg);
	store_s64(ev, res);
	store_fd(ev, ARG(0));
	store_u32(ev, res > 0 ? res : 0);
	store_received_vector(ev, call, msg.vector, msg.vector_len, res);
	store_tuple_of_call(ev, call, INBOUND, msg.name, msg.name_len);
	if (res >= 0)
		store_user_bytes(ev, msg.control, msg.control_len);
	else
		store_empty(ev);
	if (ev->param != PPME_SOCKET_RECVMMSG_X_PARAMS)
		wrong_number_of_parameters();
	event_send_and_keep(ev);
	return 0;
}

TRACEPOINT(sys_exit)
int SOCKET_RECVMMSG_X(void *ctx)
{
	struct scratch *scratch = scratch_current();

	if (!scratch)
		return 0;
	recvmmsg_message(0);
	for (u32 i = 1; i < MESSAGES_MAX; i++) {
		if ((s64)i >= scratch->call.ret)
			break;
		recvmmsg_message(i);
	}
	scratch->busy = 0;
	return 0;
}
