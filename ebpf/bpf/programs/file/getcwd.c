// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * getcwd(2).
 * Exit: 1 res, 2 path.
 */

SYSCALL_EXIT(SYSCALL_GETCWD_X)
{
	store_s64(ev, RET);
	if (RET > 0)
		store_user_path(ev, ARG(0));
	else
		store_empty(ev);
}
