// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * socketpair(2).
 * Enter: 1 domain, 2 type, 3 proto.
 * Exit: 1 res, 2 fd1, 3 fd2, 4 source, 5 peer, 6 domain, 7 type, 8 proto.
 *
 * source and peer are kernel addresses, used as identifiers only.
 */

SYSCALL_ENTER(SOCKET_SOCKETPAIR_E)
{
	store_u32(ev, socket_family(ARG(0)));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
}

SYSCALL_EXIT(SOCKET_SOCKETPAIR_X)
{
	struct sock *first = NULL, *second = NULL;
	s32 fds[2] = { -1, -1 };

	if (RET == 0 && !bpf_probe_read_user(fds, sizeof(fds), (void *)ARG(3))) {
		first = sock_of_fd(fds[0]);
		second = sock_of_fd(fds[1]);
	}
	store_s64(ev, RET);
	store_s64(ev, fds[0]);
	store_s64(ev, fds[1]);
	store_u64(ev, (u64)first);
	store_u64(ev, (u64)second);
	store_u32(ev, socket_family(ARG(0)));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
}
