// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * getresgid(2).
 * Exit: 1 res, 2 rgid, 3 egid, 4 sgid.
 */

SYSCALL_EXIT(SYSCALL_GETRESGID_X)
{
	store_s64(ev, RET);
	store_u32(ev, user_u32(ARG(0)));
	store_u32(ev, user_u32(ARG(1)));
	store_u32(ev, user_u32(ARG(2)));
}
