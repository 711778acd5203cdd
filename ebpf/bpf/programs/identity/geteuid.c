// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * geteuid(2).
 * Exit: 1 euid.
 */

SYSCALL_EXIT(SYSCALL_GETEUID_X)
{
	store_u32(ev, RET);
}
