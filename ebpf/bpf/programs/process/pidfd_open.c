// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * pidfd_open(2).
 * Exit: 1 fd, 2 pid, 3 flags.
 */

SYSCALL_EXIT(SYSCALL_PIDFD_OPEN_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u32(ev, pidfd_open_flags(ARG(1)));
}
