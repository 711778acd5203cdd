// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * memfd_create(2).
 * Exit: 1 fd, 2 name, 3 flags.
 */

SYSCALL_EXIT(SYSCALL_MEMFD_CREATE_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, mask_flags(ARG(1), 0x7));
}
