// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * seccomp(2).
 * Enter: 1 op, 2 flags.
 * Exit: 1 res, 2 op, 3 flags.
 */

SYSCALL_ENTER(SYSCALL_SECCOMP_E)
{
	store_u64(ev, (u32)ARG(0));
	store_u64(ev, (u32)ARG(1));
}

SYSCALL_EXIT(SYSCALL_SECCOMP_X)
{
	store_s64(ev, RET);
	store_u64(ev, (u32)ARG(0));
	store_u64(ev, (u32)ARG(1));
}
