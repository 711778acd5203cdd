// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * copy_file_range(2).
 * Enter: 1 fdin, 2 offin, 3 len.
 * Exit: 1 res, 2 fdout, 3 offout, 4 fdin, 5 offin, 6 len.
 *
 * offin and offout are the pointers, not the offsets.
 */

SYSCALL_ENTER(SYSCALL_COPY_FILE_RANGE_E)
{
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u64(ev, ARG(4));
}

SYSCALL_EXIT(SYSCALL_COPY_FILE_RANGE_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(2));
	store_u64(ev, ARG(3));
	store_fd(ev, ARG(0));
	store_u64(ev, ARG(1));
	store_u64(ev, ARG(4));
}
