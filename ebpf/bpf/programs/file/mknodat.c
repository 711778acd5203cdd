// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * mknodat(2).
 * Exit: 1 res, 2 dirfd, 3 path, 4 mode, 5 dev.
 */

SYSCALL_EXIT(SYSCALL_MKNODAT_X)
{
	store_s64(ev, RET);
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, mknod_mode(ARG(2)));
	store_u32(ev, user_dev(ARG(3)));
}
