// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * getuid(2).
 * Exit: 1 uid.
 */

SYSCALL_EXIT(SYSCALL_GETUID_X)
{
	store_u32(ev, RET);
}
