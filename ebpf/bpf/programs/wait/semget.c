// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * semget(2).
 * Enter: 1 key, 2 nsems, 3 semflg.
 * Exit: 1 res, 2 key, 3 nsems, 4 semflg.
 */

SYSCALL_ENTER(SYSCALL_SEMGET_E)
{
	store_s32(ev, ARG(0));
	store_s32(ev, ARG(1));
	store_u32(ev, semget_flags(ARG(2)));
}

SYSCALL_EXIT(SYSCALL_SEMGET_X)
{
	store_s64(ev, RET);
	store_s32(ev, ARG(0));
	store_s32(ev, ARG(1));
	store_u32(ev, semget_flags(ARG(2)));
}
