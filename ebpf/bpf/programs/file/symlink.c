// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * symlink(2).
 * Exit: 1 res, 2 target, 3 linkpath.
 */

SYSCALL_EXIT(SYSCALL_SYMLINK_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_user_path(ev, ARG(1));
}
