// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * accept4(2).
 * Enter: 1 flags.
 * Exit: 1 fd, 2 tuple, 3 queuepct, 4 queuelen, 5 queuemax, 6 flags.
 */

SYSCALL_ENTER(SOCKET_ACCEPT4_6_E)
{
	store_s32(ev, socket_type_flags(ARG(3)));
}

SYSCALL_EXIT(SOCKET_ACCEPT4_6_X)
{
	store_accepted(ev, call);
	store_s32(ev, socket_type_flags(ARG(3)));
}
