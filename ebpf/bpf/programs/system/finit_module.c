// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * finit_module(2).
 * Exit: 1 res, 2 fd, 3 uargs, 4 flags.
 */

SYSCALL_EXIT(SYSCALL_FINIT_MODULE_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, ARG(2));
}
