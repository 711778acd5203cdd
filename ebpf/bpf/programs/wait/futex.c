// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * futex(2).
 * Enter: 1 addr, 2 op, 3 val.
 * Exit: 1 res, 2 addr, 3 op, 4 val.
 */

SYSCALL_ENTER(SYSCALL_FUTEX_E)
{
	store_u64(ev, ARG(0));
	store_u16(ev, futex_op(ARG(1)));
	store_u64(ev, (u32)ARG(2));
}

SYSCALL_EXIT(SYSCALL_FUTEX_X)
{
	store_s64(ev, RET);
	store_u64(ev, ARG(0));
	store_u16(ev, futex_op(ARG(1)));
	store_u64(ev, (u32)ARG(2));
}
