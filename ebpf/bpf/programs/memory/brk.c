// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * brk(2).
 * Enter: 1 addr.
 * Exit: 1 res, 2 vm_size, 3 vm_rss, 4 vm_swap, 5 addr.
 */

SYSCALL_ENTER(SYSCALL_BRK_4_E)
{
	store_u64(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_BRK_4_X)
{
	store_u64(ev, RET);
	store_memory(ev);
	store_u64(ev, ARG(0));
}
