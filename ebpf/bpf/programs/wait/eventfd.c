// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * eventfd(2).
 * Enter: 1 initval, 2 flags.
 * Exit: 1 res, 2 initval, 3 flags.
 */

SYSCALL_ENTER(SYSCALL_EVENTFD_E)
{
	store_u64(ev, (u32)ARG(0));
	store_u32(ev, 0);
}

SYSCALL_EXIT(SYSCALL_EVENTFD_X)
{
	store_s64(ev, RET);
	store_u64(ev, (u32)ARG(0));
	store_u32(ev, 0); /* the call has no flags */
}
