// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * sendfile(2).
 * Enter: 1 out_fd, 2 in_fd, 3 offset, 4 size.
 * Exit: 1 res, 2 offset, 3 out_fd, 4 in_fd, 5 size.
 *
 * At exit the offset is the one after the call.
 */

/* The offset behind the pointer, 0 without one. */
static __always_inline u64 sendfile_offset(const struct call *call)
{
	u64 offset = 0;

	if (ARG(2))
		bpf_probe_read_user(&offset, call->compat ? 4 : 8, (void *)ARG(2));
	return offset;
}

SYSCALL_ENTER(SYSCALL_SENDFILE_E)
{
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(1));
	store_u64(ev, sendfile_offset(call));
	store_u64(ev, ARG(3));
}

SYSCALL_EXIT(SYSCALL_SENDFILE_X)
{
	store_s64(ev, RET);
	store_u64(ev, sendfile_offset(call));
	store_fd(ev, ARG(0));
	store_fd(ev, ARG(1));
	store_u64(ev, ARG(3));
}
