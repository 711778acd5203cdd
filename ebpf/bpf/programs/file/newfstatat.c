// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * newfstatat(2), and fstatat64(2) of 32-bit programs.
 * Exit: 1 res, 2 dirfd, 3 path, 4 flags.
 */

SYSCALL_EXIT(SYSCALL_NEWFSTATAT_X)
{
	store_s64(ev, RET);
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, newfstatat_flags(ARG(3)));
}
