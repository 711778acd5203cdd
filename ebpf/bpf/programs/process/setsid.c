// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setsid(2).
 * Exit: 1 res.
 */

SYSCALL_EXIT(SYSCALL_SETSID_X)
{
	store_s64(ev, RET);
}
