// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * timerfd_create(2).
 * Enter: 1 clockid, 2 flags.
 * Exit: 1 res, 2 clockid, 3 flags.
 *
 * The parameter is one byte wide: O_CLOEXEC does not fit and is lost.
 */

SYSCALL_ENTER(SYSCALL_TIMERFD_CREATE_E)
{
	store_u8(ev, ARG(0));
	store_u8(ev, fd_flags(ARG(1)));
}

SYSCALL_EXIT(SYSCALL_TIMERFD_CREATE_X)
{
	store_s64(ev, RET);
	store_u8(ev, ARG(0));
	store_u8(ev, fd_flags(ARG(1)));
}
