// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * umount(2), a call of 32-bit programs.
 * Exit: 1 res, 2 name.
 */

SYSCALL_EXIT(SYSCALL_UMOUNT_1_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
}
