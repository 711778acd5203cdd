// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * mknod(2).
 * Exit: 1 res, 2 path, 3 mode, 4 dev.
 */

SYSCALL_EXIT(SYSCALL_MKNOD_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, mknod_mode(ARG(1)));
	store_u32(ev, user_dev(ARG(2)));
}
