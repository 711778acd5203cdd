// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * munlock(2).
 * Exit: 1 res, 2 addr, 3 len.
 */

SYSCALL_EXIT(SYSCALL_MUNLOCK_X)
{
	store_s64(ev, RET);
	store_u64(ev, ARG(0));
	store_u64(ev, ARG(1));
}
