// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * munmap(2).
 * Enter: 1 addr, 2 length.
 * Exit: 1 res, 2 vm_size, 3 vm_rss, 4 vm_swap, 5 addr, 6 length.
 */

SYSCALL_ENTER(SYSCALL_MUNMAP_E)
{
	store_u64(ev, ARG(0));
	store_u64(ev, ARG(1));
}

SYSCALL_EXIT(SYSCALL_MUNMAP_X)
{
	store_s64(ev, RET);
	store_memory(ev);
	store_u64(ev, ARG(0));
	store_u64(ev, ARG(1));
}
