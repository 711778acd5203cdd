// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * delete_module(2).
 * Exit: 1 res, 2 name, 3 flags.
 */

SYSCALL_EXIT(SYSCALL_DELETE_MODULE_X)
{
	store_s64(ev, RET);
	store_user_path(ev, ARG(0));
	store_u32(ev, delete_module_flags(ARG(1)));
}
