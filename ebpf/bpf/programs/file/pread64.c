// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * pread64(2).
 * Enter: 1 fd, 2 size, 3 pos.
 * Exit: 1 res, 2 data, 3 fd, 4 size, 5 pos.
 */

SYSCALL_ENTER(SYSCALL_PREAD_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
	store_u64(ev, offset_of(call, 3));
}

SYSCALL_EXIT(SYSCALL_PREAD_X)
{
	store_s64(ev, RET);
	store_payload(ev, ARG(1), RET);
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
	store_u64(ev, offset_of(call, 3));
}
