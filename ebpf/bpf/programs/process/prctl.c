// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * prctl(2).
 * Exit: 1 res, 2 option, 3 arg2_str, 4 arg2_int.
 */

#define PR_SET_NAME 15
#define PR_GET_NAME 16
#define PR_GET_CHILD_SUBREAPER 37

SYSCALL_EXIT(SYSCALL_PRCTL_X)
{
	u32 option = ARG(0);
	s32 value = 0;

	store_s64(ev, RET);
	store_u32(ev, option);
	if (option == PR_SET_NAME || option == PR_GET_NAME) {
		store_user_path(ev, ARG(1));
		store_s64(ev, 0);
		return;
	}
	store_empty(ev);
	if (option == PR_GET_CHILD_SUBREAPER) {
		bpf_probe_read_user(&value, sizeof(value), (void *)ARG(1));
		store_s64(ev, value);
		return;
	}
	store_s64(ev, ARG(1));
}
