// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * io_uring_setup(2).
 * Exit: 1 res, 2 entries, 3 sq_entries, 4 cq_entries, 5 flags, 6 sq_thread_cpu, 7
 *   sq_thread_idle, 8 features.
 */

/* struct io_uring_params, include/uapi/linux/io_uring.h, without its offset tables. */
struct user_io_uring_params {
	u32 sq_entries;
	u32 cq_entries;
	u32 flags;
	u32 sq_thread_cpu;
	u32 sq_thread_idle;
	u32 features;
};

SYSCALL_EXIT(SYSCALL_IO_URING_SETUP_X)
{
	struct user_io_uring_params params = {};

	bpf_probe_read_user(&params, sizeof(params), (void *)ARG(1));
	store_s64(ev, RET);
	store_u32(ev, ARG(0));
	store_u32(ev, params.sq_entries);
	store_u32(ev, params.cq_entries);
	store_u32(ev, io_uring_setup_flags(params.flags));
	store_u32(ev, params.sq_thread_cpu);
	store_u32(ev, params.sq_thread_idle);
	store_u32(ev, params.features);
}
