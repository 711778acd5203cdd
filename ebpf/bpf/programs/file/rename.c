// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * rename(2).
 * Exit: 1 res, 2 oldpath, 3 newpath.
 */

SYSCALL_EXIT(SYSCALL_RENAME_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_user_path(ev, ARG(1));
}
