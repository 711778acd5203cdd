// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * openat(2).
 * Enter: 1 dirfd, 2 name, 3 flags, 4 mode.
 * Exit: 1 fd, 2 dirfd, 3 name, 4 flags, 5 mode, 6 dev, 7 ino.
 */

SYSCALL_ENTER(SYSCALL_OPENAT_2_E)
{
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, open_flags(ARG(2)));
	store_u32(ev, open_mode(ARG(2), ARG(3)));
}

SYSCALL_EXIT(SYSCALL_OPENAT_2_X)
{
	struct opened opened = opened_file(RET);

	store_s64(ev, RET);
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, open_flags(ARG(2)) | opened.flags);
	store_u32(ev, open_mode(ARG(2), ARG(3)));
	store_u32(ev, opened.dev);
	store_u64(ev, opened.ino);
}
