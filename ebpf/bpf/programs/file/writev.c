// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * writev(2).
 * Enter: 1 fd, 2 size.
 * Exit: 1 res, 2 data, 3 fd, 4 size.
 */

SYSCALL_ENTER(SYSCALL_WRITEV_E)
{
	u32 count = read_vector(ev, call, ARG(1), ARG(2));

	store_fd(ev, ARG(0));
	store_u32(ev, vector_size(ev, call, count));
}

SYSCALL_EXIT(SYSCALL_WRITEV_X)
{
	u32 count = read_vector(ev, call, ARG(1), ARG(2));

	store_s64(ev, RET);
	store_gathered(ev, call, count, gather_limit(RET));
	store_fd(ev, ARG(0));
	store_u32(ev, vector_size(ev, call, count));
}
