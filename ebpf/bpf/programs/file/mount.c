// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * mount(2).
 * Enter: 1 flags.
 * Exit: 1 res, 2 dev, 3 dir, 4 type, 5 flags.
 */

SYSCALL_ENTER(SYSCALL_MOUNT_E)
{
	store_u32(ev, mount_flags(ARG(3)));
}

SYSCALL_EXIT(SYSCALL_MOUNT_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_user_path(ev, ARG(2));
	store_u32(ev, mount_flags(ARG(3)));
}
