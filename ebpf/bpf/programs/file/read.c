// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * read(2).
 * Enter: 1 fd, 2 size.
 * Exit: 1 res, 2 data, 3 fd, 4 size.
 */

SYSCALL_ENTER(SYSCALL_READ_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
}

SYSCALL_EXIT(SYSCALL_READ_X)
{
	store_s64(ev, RET);
	store_payload(ev, ARG(1), RET);
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
}
