// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * shutdown(2).
 * Enter: 1 fd, 2 how.
 * Exit: 1 res, 2 fd, 3 how.
 */

SYSCALL_ENTER(SOCKET_SHUTDOWN_E)
{
	store_fd(ev, ARG(0));
	store_u8(ev, shutdown_how(ARG(1)));
}

SYSCALL_EXIT(SOCKET_SHUTDOWN_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u8(ev, shutdown_how(ARG(1)));
}
