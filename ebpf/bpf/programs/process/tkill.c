// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * tkill(2).
 * Enter: 1 tid, 2 sig.
 * Exit: 1 res, 2 tid, 3 sig.
 */

SYSCALL_ENTER(SYSCALL_TKILL_E)
{
	store_fd(ev, ARG(0));
	store_u8(ev, ARG(1));
}

SYSCALL_EXIT(SYSCALL_TKILL_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_u8(ev, ARG(1));
}
