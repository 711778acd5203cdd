// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * open(2).
 * Enter: 1 name, 2 flags, 3 mode.
 * Exit: 1 fd, 2 name, 3 flags, 4 mode, 5 dev, 6 ino.
 */

SYSCALL_ENTER(SYSCALL_OPEN_E)
{
	store_user_path(ev, ARG(0));
	store_u32(ev, open_flags(ARG(1)));
	store_u32(ev, open_mode(ARG(1), ARG(2)));
}

SYSCALL_EXIT(SYSCALL_OPEN_X)
{
	struct opened opened = opened_file(RET);

	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, open_flags(ARG(1)) | opened.flags);
	store_u32(ev, open_mode(ARG(1), ARG(2)));
	store_u32(ev, opened.dev);
	store_u64(ev, opened.ino);
}
