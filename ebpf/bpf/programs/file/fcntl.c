// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * fcntl(2).
 * Enter: 1 fd, 2 cmd.
 * Exit: 1 res, 2 fd, 3 cmd, 4 arg.
 */

SYSCALL_ENTER(SYSCALL_FCNTL_E)
{
	store_fd(ev, ARG(0));
	store_u8(ev, fcntl_cmd(ARG(1)));
}

SYSCALL_EXIT(SYSCALL_FCNTL_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u8(ev, fcntl_cmd(ARG(1)));
	store_u64(ev, ARG(2));
}
