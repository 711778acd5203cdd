// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * tgkill(2).
 * Enter: 1 pid, 2 tid, 3 sig.
 * Exit: 1 res, 2 pid, 3 tid, 4 sig.
 */

SYSCALL_ENTER(SYSCALL_TGKILL_E)
{
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(1));
	store_u8(ev, ARG(2));
}

SYSCALL_EXIT(SYSCALL_TGKILL_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(1));
	store_u8(ev, ARG(2));
}
