// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * creat(2).
 * Enter: 1 name, 2 mode.
 * Exit: 1 fd, 2 name, 3 mode, 4 dev, 5 ino, 6 creat_flags.
 */

SYSCALL_ENTER(SYSCALL_CREAT_E)
{
	store_user_path(ev, ARG(0));
	store_u32(ev, ARG(1));
}

SYSCALL_EXIT(SYSCALL_CREAT_X)
{
	struct opened opened = opened_file(RET);
	u16 layer = opened.flags & FILE_FLAGS__FD_UPPER_LAYER   ? 1
		    : opened.flags & FILE_FLAGS__FD_LOWER_LAYER ? 2
								: 0;

	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, ARG(1));
	store_u32(ev, opened.dev);
	store_u64(ev, opened.ino);
	store_u16(ev, layer);
}
