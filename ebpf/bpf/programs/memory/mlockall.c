// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * mlockall(2).
 * Exit: 1 res, 2 flags.
 */

SYSCALL_EXIT(SYSCALL_MLOCKALL_X)
{
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
}
