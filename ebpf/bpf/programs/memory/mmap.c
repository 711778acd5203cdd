// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * mmap(2).
 * Enter: 1 addr, 2 length, 3 prot, 4 flags, 5 fd, 6 offset.
 * Exit: 1 res, 2 vm_size, 3 vm_rss, 4 vm_swap, 5 addr, 6 length, 7 prot, 8 flags, 9 fd, 10
 *   offset.
 */

SYSCALL_ENTER(SYSCALL_MMAP_E)
{
	store_u64(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u32(ev, prot_flags(ARG(2)));
	store_u32(ev, mmap_flags(ARG(3)));
	store_fd(ev, ARG(4));
	store_u64(ev, ARG(5));
}

SYSCALL_EXIT(SYSCALL_MMAP_X)
{
	store_s64(ev, RET);
	store_memory(ev);
	store_u64(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u32(ev, prot_flags(ARG(2)));
	store_u32(ev, mmap_flags(ARG(3)));
	store_fd(ev, ARG(4));
	store_u64(ev, ARG(5));
}
