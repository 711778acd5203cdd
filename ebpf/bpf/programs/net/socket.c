// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * socket(2).
 * Enter: 1 domain, 2 type, 3 proto.
 * Exit: 1 fd, 2 domain, 3 type, 4 proto, 5 flags.
 */

SYSCALL_ENTER(SOCKET_SOCKET_E)
{
	store_u32(ev, socket_family(ARG(0)));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
}

SYSCALL_EXIT(SOCKET_SOCKET_X)
{
	store_s64(ev, RET);
	store_u32(ev, socket_family(ARG(0)));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
	store_u32(ev, socket_type_flags(ARG(1)));
}
