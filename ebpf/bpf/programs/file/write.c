// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * write(2).
 * Enter: 1 fd, 2 size.
 * Exit: 1 res, 2 data, 3 fd, 4 size.
 */

SYSCALL_ENTER(SYSCALL_WRITE_E)
{
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
}

SYSCALL_EXIT(SYSCALL_WRITE_X)
{
	store_s64(ev, RET);
	store_sent_payload(ev, ARG(1), RET, ARG(2));
	store_fd(ev, ARG(0));
	store_u32(ev, ARG(2));
}
