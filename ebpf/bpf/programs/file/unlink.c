// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * unlink(2).
 * Exit: 1 res, 2 path.
 */

SYSCALL_EXIT(SYSCALL_UNLINK_2_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
}
