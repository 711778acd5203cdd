// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * fchownat(2).
 * Exit: 1 res, 2 dirfd, 3 pathname, 4 uid, 5 gid, 6 flags.
 */

SYSCALL_EXIT(SYSCALL_FCHOWNAT_X)
{
	store_s64(ev, RET);
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, ARG(2));
	store_u32(ev, ARG(3));
	store_u32(ev, fchownat_flags(ARG(4)));
}
