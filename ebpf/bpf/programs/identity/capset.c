// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * capset(2).
 * Exit: 1 res, 2 cap_inheritable, 3 cap_permitted, 4 cap_effective.
 *
 * The masks of the caller after the call.
 */

SYSCALL_EXIT(SYSCALL_CAPSET_X)
{
	const struct cred *cred = BPF_CORE_READ(current_task(), cred);

	store_s64(ev, RET);
	store_u64(ev, read_capabilities((void *)cred +
					bpf_core_field_offset(cred->cap_inheritable)));
	store_u64(ev, read_capabilities((void *)cred +
					bpf_core_field_offset(cred->cap_permitted)));
	store_u64(ev, read_capabilities((void *)cred +
					bpf_core_field_offset(cred->cap_effective)));
}
