/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Lowest layer: read kernel memory, whatever the kernel calls the field today. */
#pragma once

static __always_inline struct task_struct *current_task(void)
{
	/* Not bpf_get_current_task_btf(), which is younger than the oldest supported kernel. */
	return (void *)bpf_get_current_task();
}

/*
 * Address of an array that ends a struct. Only the array's own offset is relocated: relocations
 * into flexible arrays are refused by some loaders.
 */
#define TRAILING_ARRAY(pointer, field)                                                             \
	((const void *)(pointer) + bpf_core_field_offset(typeof(*(pointer)), field))

#define READ_AT(value, address) bpf_probe_read_kernel(&(value), sizeof(value), address)

static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *node)
{
	struct kernfs_node___rcu *newer = (void *)node;

	if (bpf_core_field_exists(newer->__parent))
		return BPF_CORE_READ(newer, __parent);
	return BPF_CORE_READ(node, parent);
}

/* Resident, swapped and shared pages of an address space; mm_types_task.h names the slots. */
#define MM_FILEPAGES 0
#define MM_ANONPAGES 1
#define MM_SWAPENTS 2
#define MM_SHMEMPAGES 3

static __always_inline u64 mm_counter(struct mm_struct *mm, u32 slot)
{
	struct mm_struct___percpu *newer = (void *)mm;
	struct percpu_counter *counter;
	s64 value = 0;

	/* The name stayed, the type changed; a relocation matches only fields of a like type. */
	if (bpf_core_field_exists(newer->rss_stat)) {
		counter = (void *)newer + bpf_core_field_offset(newer->rss_stat);
		counter = (void *)counter + slot * bpf_core_type_size(struct percpu_counter);
		value = BPF_CORE_READ(counter, count);
	} else {
		READ_AT(value, (void *)mm + bpf_core_field_offset(mm->rss_stat) +
				       slot * sizeof(atomic64_t));
	}
	return value > 0 ? value : 0;
}

static __always_inline u64 timespec_ns(const struct timespec64 *time)
{
	return (u64)time->tv_sec * 1000000000ULL + time->tv_nsec;
}

/* A mark among the nanoseconds of the ctime since 6.13 (4e40eff0b573), include/linux/fs.h. */
#define I_CTIME_QUERIED (1U << 31)

static __always_inline u64 inode_ctime_ns(struct inode *inode)
{
	struct inode___split *split = (void *)inode;
	struct inode___underscore *underscore = (void *)inode;
	struct timespec64 time = {};

	if (bpf_core_field_exists(split->i_ctime_sec))
		return (u64)BPF_CORE_READ(split, i_ctime_sec) * 1000000000ULL +
		       (BPF_CORE_READ(split, i_ctime_nsec) & ~I_CTIME_QUERIED);
	if (bpf_core_field_exists(underscore->__i_ctime))
		bpf_core_read(&time, sizeof(time), &underscore->__i_ctime);
	else
		bpf_core_read(&time, sizeof(time), &inode->i_ctime);
	return timespec_ns(&time);
}

static __always_inline u64 inode_mtime_ns(struct inode *inode)
{
	struct inode___split *split = (void *)inode;
	struct inode___underscore *underscore = (void *)inode;
	struct timespec64 time = {};

	if (bpf_core_field_exists(split->i_mtime_sec))
		return (u64)BPF_CORE_READ(split, i_mtime_sec) * 1000000000ULL +
		       BPF_CORE_READ(split, i_mtime_nsec);
	if (bpf_core_field_exists(underscore->__i_mtime))
		bpf_core_read(&time, sizeof(time), &underscore->__i_mtime);
	else
		bpf_core_read(&time, sizeof(time), &inode->i_mtime);
	return timespec_ns(&time);
}
