// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * symlinkat(2).
 * Exit: 1 res, 2 target, 3 linkdirfd, 4 linkpath.
 */

SYSCALL_EXIT(SYSCALL_SYMLINKAT_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_dirfd(ev, ARG(1));
	store_user_path(ev, ARG(2));
}
