// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setpgid(2).
 * Enter: 1 pid, 2 pgid.
 * Exit: 1 res, 2 pid, 3 pgid.
 */

SYSCALL_ENTER(SYSCALL_SETPGID_E)
{
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(1));
}

SYSCALL_EXIT(SYSCALL_SETPGID_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(1));
}
