// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * lchown(2).
 * Exit: 1 res, 2 path, 3 uid, 4 gid.
 */

SYSCALL_EXIT(SYSCALL_LCHOWN_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
}
