// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * getegid(2).
 * Exit: 1 egid.
 */

SYSCALL_EXIT(SYSCALL_GETEGID_X)
{
	store_u32(ev, RET);
}
