// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * poll(2).
 * Enter: 1 fds, 2 timeout.
 * Exit: 1 res, 2 fds, 3 timeout.
 *
 * Enter holds the events asked for, exit those returned. The timeout keeps its sign: -1 is -1.
 */

SYSCALL_ENTER(SYSCALL_POLL_E)
{
	store_poll_fds(ev, ARG(0), ARG(1), false);
	store_s64(ev, (s32)ARG(2));
}

SYSCALL_EXIT(SYSCALL_POLL_X)
{
	store_s64(ev, RET);
	store_poll_fds(ev, ARG(0), ARG(1), true);
	store_s64(ev, (s32)ARG(2));
}
