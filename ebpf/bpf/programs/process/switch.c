// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * Context switch, on the thread that leaves the CPU.
 * 1 next, 2 pgft_maj, 3 pgft_min, 4 vm_size, 5 vm_rss, 6 vm_swap.
 */

TRACEPOINT(sched_switch)
int sched_switch(u64 *ctx)
{
	struct task_struct *prev = (void *)ctx[1];
	struct task_struct *next = (void *)ctx[2];
	struct memory_kib kib = task_memory(prev);
	struct event ev;

	if (!small_begin(&ev, SMALL_SWITCH, BPF_CORE_READ(prev, pid), PPME_SCHEDSWITCH_6_E,
			 PPME_SCHEDSWITCH_6_E_PARAMS))
		return 0;
	store_s64(&ev, BPF_CORE_READ(next, pid));
	store_u64(&ev, BPF_CORE_READ(prev, maj_flt));
	store_u64(&ev, BPF_CORE_READ(prev, min_flt));
	store_u32(&ev, kib.size);
	store_u32(&ev, kib.resident);
	store_u32(&ev, kib.swapped);
	small_send(&ev);
	return 0;
}
