// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * inotify_init(2).
 * Enter: 1 flags.
 * Exit: 1 res, 2 flags.
 */

SYSCALL_ENTER(SYSCALL_INOTIFY_INIT_E)
{
	store_u8(ev, 0);
}

SYSCALL_EXIT(SYSCALL_INOTIFY_INIT_X)
{
	store_s64(ev, RET);
	store_u8(ev, 0);
}
