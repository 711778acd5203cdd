// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * mkdir(2).
 * Enter: 1 mode.
 * Exit: 1 res, 2 path, 3 mode.
 */

SYSCALL_ENTER(SYSCALL_MKDIR_2_E)
{
	store_u32(ev, ARG(1));
}

SYSCALL_EXIT(SYSCALL_MKDIR_2_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, ARG(1));
}
