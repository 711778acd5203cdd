// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * semctl(2).
 * Enter: 1 semid, 2 semnum, 3 cmd, 4 val.
 * Exit: 1 res, 2 semid, 3 semnum, 4 cmd, 5 val.
 */

#define SETVAL 16

static __always_inline s32 semctl_value(const struct call *call)
{
	return (u32)ARG(2) == SETVAL ? (s32)ARG(3) : 0;
}

SYSCALL_ENTER(SYSCALL_SEMCTL_E)
{
	store_s32(ev, ARG(0));
	store_s32(ev, ARG(1));
	store_u16(ev, semctl_cmd(ARG(2)));
	store_s32(ev, semctl_value(call));
}

SYSCALL_EXIT(SYSCALL_SEMCTL_X)
{
	store_s64(ev, RET);
	store_s32(ev, ARG(0));
	store_s32(ev, ARG(1));
	store_u16(ev, semctl_cmd(ARG(2)));
	store_s32(ev, semctl_value(call));
}
