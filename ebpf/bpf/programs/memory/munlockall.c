// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * munlockall(2).
 * Exit: 1 res.
 */

SYSCALL_EXIT(SYSCALL_MUNLOCKALL_X)
{
	store_s64(ev, RET);
}
