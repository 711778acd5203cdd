// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * process_vm_writev(2).
 * Exit: 1 res, 2 pid, 3 data.
 */

SYSCALL_EXIT(SYSCALL_PROCESS_VM_WRITEV_X)
{
	store_s64(ev, RET);
	store_fd(ev, ARG(0));
	store_received_vector(ev, call, ARG(1), ARG(2), RET);
}
