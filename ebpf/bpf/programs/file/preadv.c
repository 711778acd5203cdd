// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * preadv(2).
 * Enter: 1 fd, 2 pos.
 * Exit: 1 res, 2 size, 3 data, 4 fd, 5 pos.
 */

SYSCALL_ENTER(SYSCALL_PREADV_E)
{
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(3));
}

SYSCALL_EXIT(SYSCALL_PREADV_X)
{
	store_s64(ev, RET);
	store_u32(ev, RET > 0 ? RET : 0);
	store_received_vector(ev, call, ARG(1), ARG(2), RET);
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(3));
}
