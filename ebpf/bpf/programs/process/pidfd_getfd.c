// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * pidfd_getfd(2).
 * Exit: 1 fd, 2 pid_fd, 3 target_fd, 4 flags.
 */

SYSCALL_EXIT(SYSCALL_PIDFD_GETFD_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(1));
	store_u32(ev, ARG(2));
}
