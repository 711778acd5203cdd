// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * renameat2(2).
 * Exit: 1 res, 2 olddirfd, 3 oldpath, 4 newdirfd, 5 newpath, 6 flags.
 */

SYSCALL_EXIT(SYSCALL_RENAMEAT2_X)
{
	store_s64(ev, RET);
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_dirfd(ev, ARG(2));
	store_user_path(ev, ARG(3));
	store_u32(ev, ARG(4));
}
