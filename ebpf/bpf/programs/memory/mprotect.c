// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * mprotect(2).
 * Enter: 1 addr, 2 length, 3 prot.
 * Exit: 1 res, 2 addr, 3 length, 4 prot.
 */

SYSCALL_ENTER(SYSCALL_MPROTECT_E)
{
	store_u64(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u32(ev, prot_flags(ARG(2)));
}

SYSCALL_EXIT(SYSCALL_MPROTECT_X)
{
	store_s64(ev, RET);
	store_u64(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u32(ev, prot_flags(ARG(2)));
}
