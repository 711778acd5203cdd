// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * umount2(2).
 * Enter: 1 flags.
 * Exit: 1 res, 2 name, 3 flags.
 */

SYSCALL_ENTER(SYSCALL_UMOUNT2_E)
{
	store_u32(ev, mask_flags(ARG(1), 0xf));
}

SYSCALL_EXIT(SYSCALL_UMOUNT2_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, mask_flags(ARG(1), 0xf));
}
