// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * getgid(2).
 * Exit: 1 gid.
 */

SYSCALL_EXIT(SYSCALL_GETGID_X)
{
	store_u32(ev, RET);
}
