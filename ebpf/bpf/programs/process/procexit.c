// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/* End of a thread: 1 status, 2 ret, 3 sig, 4 core, 5 reaper_tid. */

#define REAPER_NONE 0
#define REAPER_UNKNOWN -1
/* Threads of a group, and ancestors, that the search looks at. */
#define REAPER_THREADS 64
#define REAPER_ANCESTORS 32

/*
 * A thread of the task's process that is not ending: its tid, REAPER_NONE, or REAPER_UNKNOWN when
 * the list is too long. A global function: see struct walk.
 */
__noinline int live_thread(u64 address)
{
	struct task_struct *task = (void *)address;
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct list_head *head = (void *)signal + bpf_core_field_offset(signal->thread_head);
	struct list_head *node = BPF_CORE_READ(head, next);

	for (int i = 0; i < REAPER_THREADS; i++) {
		struct task_struct *thread =
			(void *)node - bpf_core_field_offset(task->thread_node);

		if (node == head || !node)
			return REAPER_NONE;
		if (!(BPF_CORE_READ(thread, flags) & PF_EXITING))
			return BPF_CORE_READ(thread, pid);
		node = BPF_CORE_READ(node, next);
	}
	return REAPER_UNKNOWN;
}

/* Who inherits the children: find_new_reaper(), kernel/exit.c. */
static __always_inline s64 find_reaper(struct task_struct *task)
{
	struct list_head *children = (void *)task + bpf_core_field_offset(task->children);
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct pid_namespace *ns = pid_namespace_of(pid);
	struct task_struct *init = BPF_CORE_READ(ns, child_reaper);
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct task_struct *ancestor = task;
	u32 level = BPF_CORE_READ(pid, level);
	s64 tid;

	if (BPF_CORE_READ(children, next) == children)
		return REAPER_NONE;
	tid = live_thread((u64)task);
	if (tid)
		return tid;
	if (init == task || BPF_CORE_READ(init, signal) == signal)
		return REAPER_NONE; /* the whole namespace ends */
	if (!BPF_CORE_READ_BITFIELD_PROBED(signal, has_child_subreaper))
		return BPF_CORE_READ(init, pid);
	for (int i = 0; i < REAPER_ANCESTORS; i++) {
		ancestor = BPF_CORE_READ(ancestor, real_parent);
		if (!ancestor || ancestor == init ||
		    BPF_CORE_READ(ancestor, thread_pid, level) != level)
			return BPF_CORE_READ(init, pid);
		signal = BPF_CORE_READ(ancestor, signal);
		if (!BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper))
			continue;
		tid = live_thread((u64)ancestor);
		if (tid)
			return tid;
	}
	return REAPER_UNKNOWN;
}

TRACEPOINT(sched_process_exit)
int sched_process_exit(u64 *ctx)
{
	struct task_struct *task = current_task();
	int status = BPF_CORE_READ(task, exit_code);
	struct event ev;

	/* Kernel threads were never announced, so their end is not either. */
	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	if (!lifecycle_begin(&ev, PPME_PROCEXIT_1_E, PPME_PROCEXIT_1_E_PARAMS))
		return 0;
	store_s64(&ev, status);
	store_s64(&ev, (status >> 8) & 0xff);
	store_u8(&ev, status & 0x7f);
	store_u8(&ev, (status >> 7) & 1);
	store_s64(&ev, find_reaper(task));
	event_send(&ev);
	return 0;
}
