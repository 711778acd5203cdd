// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * pwritev(2).
 * Enter: 1 fd, 2 size, 3 pos.
 * Exit: 1 res, 2 data, 3 fd, 4 size, 5 pos.
 */

SYSCALL_ENTER(SYSCALL_PWRITEV_E)
{
	u32 count = read_vector(ev, call, ARG(1), ARG(2));

	store_fd(ev, ARG(0));
	store_u32(ev, vector_size(ev, call, count));
	store_u64(ev, ARG(3));
}

SYSCALL_EXIT(SYSCALL_PWRITEV_X)
{
	u32 count = read_vector(ev, call, ARG(1), ARG(2));

	store_s64(ev, RET);
	store_gathered(ev, call, count, gather_limit(RET));
	store_fd(ev, ARG(0));
	store_u32(ev, vector_size(ev, call, count));
	store_u64(ev, ARG(3));
}
