// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setsockopt(2).
 * Exit: 1 res, 2 fd, 3 level, 4 optname, 5 val, 6 optlen.
 */

SYSCALL_EXIT(SOCKET_SETSOCKOPT_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u8(ev, sockopt_level(ARG(1)));
	store_u8(ev, sockopt_optname(ARG(1), ARG(2)));
	store_sockopt(ev, call, ARG(3), (u32)ARG(4));
	store_u32(ev, ARG(4));
}
