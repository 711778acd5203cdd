// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * close_range(2).
 * Exit: 1 res, 2 first, 3 last, 4 flags.
 */

SYSCALL_EXIT(SYSCALL_CLOSE_RANGE_X)
{
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
}
