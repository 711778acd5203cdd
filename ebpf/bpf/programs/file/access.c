// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * access(2).
 * Enter: 1 mode.
 * Exit: 1 res, 2 name, 3 mode.
 */

SYSCALL_ENTER(SYSCALL_ACCESS_E)
{
	store_u32(ev, access_mode(ARG(1)));
}

SYSCALL_EXIT(SYSCALL_ACCESS_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, access_mode(ARG(1)));
}
