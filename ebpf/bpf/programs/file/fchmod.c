// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * fchmod(2).
 * Exit: 1 res, 2 fd, 3 mode.
 */

SYSCALL_EXIT(SYSCALL_FCHMOD_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u32(ev, chmod_mode(ARG(1)));
}
