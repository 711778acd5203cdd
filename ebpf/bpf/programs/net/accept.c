// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * accept(2).
 * Exit: 1 fd, 2 tuple, 3 queuepct, 4 queuelen, 5 queuemax.
 */

struct backlog {
	u32 length;
	u32 max;
	u8 percent;
};

/* The queue of the listening socket. */
static __always_inline struct backlog accept_backlog(s64 fd)
{
	struct sock *sk = sock_of_fd(fd);
	struct backlog queue = {};

	if (!sk)
		return queue;
	queue.length = BPF_CORE_READ(sk, sk_ack_backlog);
	queue.max = BPF_CORE_READ(sk, sk_max_ack_backlog);
	queue.percent = queue.max ? (u64)queue.length * 100 / queue.max : 0;
	return queue;
}

/* fd, tuple of the new socket, queuepct, queuelen, queuemax. */
static __always_inline void store_accepted(struct event *ev, const struct call *call)
{
	struct backlog queue = accept_backlog((s32)ARG(0));

	store_s64(ev, RET);
	if (RET >= 0)
		store_tuple(ev, sock_of_fd(RET), INBOUND, 0, 0);
	else
		store_empty(ev);
	store_u8(ev, queue.percent);
	store_u32(ev, queue.length);
	store_u32(ev, queue.max);
}

SYSCALL_EXIT(SOCKET_ACCEPT_5_X)
{
	store_accepted(ev, call);
}
