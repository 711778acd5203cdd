// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * getsockopt(2).
 * Exit: 1 res, 2 fd, 3 level, 4 optname, 5 val, 6 optlen.
 *
 * The length is the one behind the pointer after the call.
 */

SYSCALL_EXIT(SOCKET_GETSOCKOPT_X)
{
	u32 len = 0;

	if (ARG(4))
		bpf_probe_read_user(&len, sizeof(len), (void *)ARG(4));
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u8(ev, sockopt_level(ARG(1)));
	store_u8(ev, sockopt_optname(ARG(1), ARG(2)));
	store_sockopt(ev, call, ARG(3), len);
	store_u32(ev, len);
}
