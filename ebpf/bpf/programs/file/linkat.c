// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * linkat(2).
 * Exit: 1 res, 2 olddir, 3 oldpath, 4 newdir, 5 newpath, 6 flags.
 */

SYSCALL_EXIT(SYSCALL_LINKAT_2_X)
{
	store_s64(ev, RET);
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_dirfd(ev, ARG(2));
	store_user_path(ev, ARG(3));
	store_u32(ev, linkat_flags(ARG(4)));
}
