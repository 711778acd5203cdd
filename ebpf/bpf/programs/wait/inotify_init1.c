// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * inotify_init1(2).
 * Exit: 1 res, 2 flags.
 */

SYSCALL_EXIT(SYSCALL_INOTIFY_INIT1_X)
{
	store_s64(ev, RET);
	store_u16(ev, fd_flags(ARG(0)));
}
