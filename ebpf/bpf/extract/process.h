/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Store what the clone and exec events have in common. */
#pragma once

/* exe and args together, and the environment, are cut here. */
#define ARGUMENTS_MAX 4096

/*
 * exe and args from the argument area: the first string, and the rest. A process may have
 * overwritten the area; what is there now is what /proc/PID/cmdline shows.
 */
static __always_inline void store_exe_and_args(struct event *ev, struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	u64 start = BPF_CORE_READ(mm, arg_start);
	u64 end = BPF_CORE_READ(mm, arg_end);
	u64 exe_len, rest, cut;
	s64 result;

	if (!mm || end <= start) {
		store_empty(ev);
		store_empty(ev);
		return;
	}
	result = bpf_probe_read_user_str(value_slot(ev), ARGUMENTS_MAX, (void *)start);
	if (result < 0) {
		store_unreadable(ev);
		store_unreadable(ev);
		return;
	}
	exe_len = result;
	CLAMP(exe_len, ARGUMENTS_MAX);
	advance(ev, exe_len);
	store_length(ev, exe_len);

	rest = end - start;
	rest = rest > exe_len ? rest - exe_len : 0;
	cut = ARGUMENTS_MAX - exe_len;
	if (rest > cut)
		rest = cut;
	CLAMP(rest, ARGUMENTS_MAX);
	if (!rest) {
		store_empty(ev);
		return;
	}
	if (bpf_probe_read_user(value_slot(ev), rest, (void *)(start + exe_len))) {
		store_unreadable(ev);
		return;
	}
	advance(ev, rest);
	/* Cut in the middle of a string, or overwritten without a NUL. */
	ev->record[(ev->at - 1) & RECORD_MASK] = 0;
	store_length(ev, rest);
}

/* The environment area of the task. */
static __always_inline void store_environment(struct event *ev, struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	u64 start = BPF_CORE_READ(mm, env_start);
	u64 end = BPF_CORE_READ(mm, env_end);
	u64 len = end - start;

	if (!mm || end <= start) {
		store_empty(ev);
		return;
	}
	CLAMP(len, ARGUMENTS_MAX);
	if (bpf_probe_read_user(value_slot(ev), len, (void *)start)) {
		store_unreadable(ev);
		return;
	}
	advance(ev, len);
	ev->record[(ev->at - 1) & RECORD_MASK] = 0;
	store_length(ev, len);
}

static __always_inline void store_comm(struct event *ev, struct task_struct *task)
{
	store_kernel_text(ev, (void *)task + bpf_core_field_offset(task->comm), 16);
}

/* tid, pid, ptid, cwd, fdlimit, page faults, memory, comm, cgroups: in this order everywhere. */
static __always_inline void store_task_facts(struct event *ev, struct task_struct *task)
{
	struct memory_kib kib = task_memory(task);

	store_s64(ev, BPF_CORE_READ(task, pid));
	store_s64(ev, BPF_CORE_READ(task, tgid));
	store_s64(ev, BPF_CORE_READ(task, real_parent, pid));
	store_empty(ev); /* cwd: always empty, readers know it from chdir and the process list */
	store_u64(ev, task_fdlimit(task));
	store_u64(ev, BPF_CORE_READ(task, maj_flt));
	store_u64(ev, BPF_CORE_READ(task, min_flt));
	store_u32(ev, kib.size);
	store_u32(ev, kib.resident);
	store_u32(ev, kib.swapped);
	store_comm(ev, task);
	store_cgroups(ev, task);
}

/* vm_size, vm_rss, vm_swap of the current task, as the memory calls report them. */
static __always_inline void store_memory(struct event *ev)
{
	struct memory_kib kib = task_memory(current_task());

	store_u32(ev, kib.size);
	store_u32(ev, kib.resident);
	store_u32(ev, kib.swapped);
}
