// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * pwrite64(2).
 * Enter: 1 fd, 2 size, 3 pos.
 * Exit: 1 res, 2 data, 3 fd, 4 size, 5 pos.
 */

SYSCALL_ENTER(SYSCALL_PWRITE_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
	store_u64(ev, offset_of(call, 3));
}

SYSCALL_EXIT(SYSCALL_PWRITE_X)
{
	store_s64(ev, RET);
	store_sent_payload(ev, ARG(1), RET, ARG(2));
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
	store_u64(ev, offset_of(call, 3));
}
