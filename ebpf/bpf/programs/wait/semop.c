// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * semop(2).
 * Enter: 1 semid.
 * Exit: 1 res, 2 nsops, 3 sem_num_0, 4 sem_op_0, 5 sem_flg_0, 6 sem_num_1, 7 sem_op_1, 8
 *   sem_flg_1, 9 semid.
 *
 * The first two operations.
 */

/* struct sembuf, include/uapi/linux/sem.h. */
struct user_sembuf {
	u16 number;
	s16 operation;
	s16 flags;
};

SYSCALL_ENTER(SYSCALL_SEMOP_E)
{
	store_s32(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_SEMOP_X)
{
	struct user_sembuf ops[2] = {};
	u32 count = ARG(2);

	if (count >= 1)
		bpf_probe_read_user(&ops[0], sizeof(ops[0]), (void *)ARG(1));
	if (count >= 2)
		bpf_probe_read_user(&ops[1], sizeof(ops[1]), (void *)ARG(1) + sizeof(ops[0]));
	store_s64(ev, RET);
	store_u32(ev, count);
	store_u16(ev, ops[0].number);
	store_s16(ev, ops[0].operation);
	store_u16(ev, semop_flags(ops[0].flags));
	store_u16(ev, ops[1].number);
	store_s16(ev, ops[1].operation);
	store_u16(ev, semop_flags(ops[1].flags));
	store_s32(ev, ARG(0));
}
