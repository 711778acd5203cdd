// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * unshare(2).
 * Enter: 1 flags.
 * Exit: 1 res, 2 flags.
 */

SYSCALL_ENTER(SYSCALL_UNSHARE_E)
{
	store_u32(ev, clone_flags(ARG(0)));
}

SYSCALL_EXIT(SYSCALL_UNSHARE_X)
{
	store_s64(ev, RET);
	store_u32(ev, clone_flags(ARG(0)));
}
