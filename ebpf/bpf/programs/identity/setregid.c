// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setregid(2).
 * Exit: 1 res, 2 rgid, 3 egid.
 */

SYSCALL_EXIT(SYSCALL_SETREGID_X)
{
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
	store_u32(ev, ARG(1));
}
