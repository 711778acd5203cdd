// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setreuid(2).
 * Exit: 1 res, 2 ruid, 3 euid.
 */

SYSCALL_EXIT(SYSCALL_SETREUID_X)
{
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
	store_u32(ev, ARG(1));
}
