// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * setresuid(2).
 * Enter: 1 ruid, 2 euid, 3 suid.
 * Exit: 1 res, 2 ruid, 3 euid, 4 suid.
 */

SYSCALL_ENTER(SYSCALL_SETRESUID_E)
{
	store_u32(ev, ARG(0));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
}

SYSCALL_EXIT(SYSCALL_SETRESUID_X)
{
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
	store_u32(ev, ARG(1));
	store_u32(ev, ARG(2));
}
