/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Extract facts about a task. */
#pragma once

#define PIDTYPE_TGID 1
#define PIDTYPE_PGID 2
#define RLIMIT_NOFILE 7
#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000
#define PAGE_KIB_SHIFT 2 /* pages of 4 KiB */

/* Id of a pid object in the namespace at `level` (0 is the initial one). */
static __always_inline s32 pid_number(struct pid *pid, u32 level)
{
	const void *numbers = TRAILING_ARRAY(pid, numbers);
	struct upid *upid;

	if (!pid)
		return 0;
	upid = (void *)numbers + level * bpf_core_type_size(struct upid);
	return BPF_CORE_READ(upid, nr);
}

static __always_inline struct pid_namespace *pid_namespace_of(struct pid *pid)
{
	const void *numbers = TRAILING_ARRAY(pid, numbers);
	struct upid *upid;

	if (!pid)
		return NULL;
	upid = (void *)numbers + BPF_CORE_READ(pid, level) * bpf_core_type_size(struct upid);
	return BPF_CORE_READ(upid, ns);
}

static __always_inline struct pid *signal_pid(struct task_struct *task, u32 type)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct pid *pid = NULL;

	READ_AT(pid, (void *)signal + bpf_core_field_offset(signal->pids) + type * sizeof(pid));
	return pid;
}

/* Ids in the innermost pid namespace of the task. */
static __always_inline s32 task_vtid(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);

	return pid_number(pid, BPF_CORE_READ(pid, level));
}

static __always_inline s32 task_vpid(struct task_struct *task)
{
	struct pid *pid = signal_pid(task, PIDTYPE_TGID);

	return pid_number(pid, BPF_CORE_READ(pid, level));
}

static __always_inline s32 task_pgid(struct task_struct *task)
{
	return pid_number(signal_pid(task, PIDTYPE_PGID), 0);
}

static __always_inline s32 task_vpgid(struct task_struct *task)
{
	/* As the task sees it: at the level of its own namespace, which may be below the group's. */
	u32 level = BPF_CORE_READ(task, thread_pid, level);
	struct pid *group = signal_pid(task, PIDTYPE_PGID);

	if (level > BPF_CORE_READ(group, level))
		return 0;
	return pid_number(group, level);
}

static __always_inline u64 task_fdlimit(struct task_struct *task)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	u64 limit = 0;

	READ_AT(limit, (void *)signal + bpf_core_field_offset(signal->rlim) +
			       RLIMIT_NOFILE * bpf_core_type_size(struct rlimit));
	return limit;
}

/* Device number in the encoding of the format, which is the kernel's new_encode_dev(). */
static __always_inline u32 encode_dev(u32 major, u32 minor)
{
	return (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);
}

/* dev_t inside the kernel: 12 bits major, 20 bits minor. */
static __always_inline u32 encode_kernel_dev(u32 dev)
{
	return encode_dev(dev >> 20, dev & 0xfffff);
}

static __always_inline u32 task_tty(struct task_struct *task)
{
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);

	if (!tty)
		return 0;
	return encode_dev(BPF_CORE_READ(tty, driver, major),
			  BPF_CORE_READ(tty, driver, minor_start) + BPF_CORE_READ(tty, index));
}

static __always_inline u32 task_loginuid(struct task_struct *task)
{
	/* Absent without CONFIG_AUDIT. */
	if (!bpf_core_field_exists(task->loginuid))
		return (u32)-1;
	return BPF_CORE_READ(task, loginuid.val);
}

struct memory_kib {
	u32 size;
	u32 resident;
	u32 swapped;
};

/* Zeros for kernel threads. */
static __always_inline struct memory_kib task_memory(struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct memory_kib kib = {};

	if (!mm)
		return kib;
	kib.size = BPF_CORE_READ(mm, total_vm) << PAGE_KIB_SHIFT;
	kib.resident = (mm_counter(mm, MM_FILEPAGES) + mm_counter(mm, MM_ANONPAGES) +
			mm_counter(mm, MM_SHMEMPAGES))
		       << PAGE_KIB_SHIFT;
	kib.swapped = mm_counter(mm, MM_SWAPENTS) << PAGE_KIB_SHIFT;
	return kib;
}

/* Whether the task, or the children it will have, live in another than the initial pid namespace. */
static __always_inline bool in_nested_pid_namespace(struct task_struct *task)
{
	if (BPF_CORE_READ(task, thread_pid, level) > 0)
		return true;
	return BPF_CORE_READ(task, nsproxy, pid_ns_for_children, level) > 0;
}

/* When the init process of the task's pid namespace started, ns since boot. */
static __always_inline u64 pid_namespace_start_ns(struct task_struct *task)
{
	struct pid_namespace *ns = pid_namespace_of(BPF_CORE_READ(task, thread_pid));
	struct task_struct *init = BPF_CORE_READ(ns, child_reaper);

	return BPF_CORE_READ(init, start_boottime);
}

/* Capabilities up to CAP_CHECKPOINT_RESTORE (40), the last that the format knows. */
#define CAPABILITY_MASK ((1ULL << 41) - 1)

static __always_inline u64 read_capabilities(const void *address)
{
	u64 capabilities = 0;

	READ_AT(capabilities, address);
	return capabilities & CAPABILITY_MASK;
}
