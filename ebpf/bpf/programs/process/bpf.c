// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * bpf(2).
 * Enter: 1 cmd.
 * Exit: 1 fd, 2 cmd.
 */

SYSCALL_ENTER(SYSCALL_BPF_2_E)
{
	store_s64(ev, (s32)ARG(0));
}

SYSCALL_EXIT(SYSCALL_BPF_2_X)
{
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
}
