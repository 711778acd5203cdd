// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * pipe(2).
 * Exit: 1 res, 2 fd1, 3 fd2, 4 ino.
 */

SYSCALL_EXIT(SYSCALL_PIPE_X)
{
	store_s64(ev, RET);
	store_fd_pair(ev, ARG(0), RET);
	store_u64(ev, pipe_inode(ARG(0), RET));
}
