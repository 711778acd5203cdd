// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * chmod(2).
 * Exit: 1 res, 2 filename, 3 mode.
 */

SYSCALL_EXIT(SYSCALL_CHMOD_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, chmod_mode(ARG(1)));
}
