// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * unlinkat(2).
 * Exit: 1 res, 2 dirfd, 3 name, 4 flags.
 */

SYSCALL_EXIT(SYSCALL_UNLINKAT_2_X)
{
	store_s64(ev, RET);
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, unlinkat_flags(ARG(2)));
}
