// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setuid(2).
 * Enter: 1 uid.
 * Exit: 1 res, 2 uid.
 */

SYSCALL_ENTER(SYSCALL_SETUID_E)
{
	store_u32(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_SETUID_X)
{
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
}
