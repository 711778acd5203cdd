// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * eventfd2(2).
 * Enter: 1 initval.
 * Exit: 1 res, 2 flags, 3 initval.
 */

SYSCALL_ENTER(SYSCALL_EVENTFD2_E)
{
	store_u64(ev, (u32)ARG(0));
}

SYSCALL_EXIT(SYSCALL_EVENTFD2_X)
{
	store_s64(ev, RET);
	store_u16(ev, fd_flags(ARG(1)));
	store_u64(ev, (u32)ARG(0));
}
