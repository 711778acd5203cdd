/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Extract facts about the executable of a task, and the arguments of an exec that failed. */
#pragma once

#define SB_RDONLY 1
#define S_IMMUTABLE 8
#define S_IWGRP 0020
#define S_IWOTH 0002
#define CAP_DAC_OVERRIDE_BIT (1ULL << 1)
#define CAP_FOWNER_BIT (1ULL << 3)
#define TMPFS_MAGIC 0x01021994
#define HUGETLBFS_MAGIC 0x958458f6

/* Ids searched in group and id map lists. */
#define GROUPS_SEARCHED 32
#define EXTENTS_SEARCHED 5

static __always_inline bool in_group(const struct cred *cred, u32 gid)
{
	struct group_info *info = BPF_CORE_READ(cred, group_info);
	u32 count = BPF_CORE_READ(info, ngroups);
	const void *gids = TRAILING_ARRAY(info, gid);
	u32 candidate = 0;

	if (BPF_CORE_READ(cred, fsgid.val) == gid)
		return true;
	for (u32 i = 0; i < GROUPS_SEARCHED && i < count; i++) {
		if (!READ_AT(candidate, gids + i * sizeof(candidate)) && candidate == gid)
			return true;
	}
	return false;
}

/* Whether an id of the initial user namespace has a counterpart in a map. */
static __always_inline bool id_mapped(const void *map, u32 id)
{
	struct uid_gid_extent extent = {};
	struct uid_gid_map *ids = (void *)map;
	u32 count = BPF_CORE_READ(ids, nr_extents);
	const void *extents = TRAILING_ARRAY(ids, extent);

	/* Longer lists are kept elsewhere; those of containers have one or two entries. */
	for (u32 i = 0; i < EXTENTS_SEARCHED && i < count; i++) {
		if (!READ_AT(extent, extents + i * sizeof(extent)) && id >= extent.lower_first &&
		    id - extent.lower_first < extent.count)
			return true;
	}
	return false;
}

/*
 * Whether the user of the task could change the executable: inode_permission() and
 * inode_owner_or_capable() without access control lists.
 */
static __always_inline bool is_writable(struct file *exe, const struct cred *cred)
{
	struct inode *inode = BPF_CORE_READ(exe, f_inode);
	struct user_namespace *ns = BPF_CORE_READ(cred, user_ns);
	u32 uid = BPF_CORE_READ(inode, i_uid.val);
	u32 gid = BPF_CORE_READ(inode, i_gid.val);
	u32 mode = BPF_CORE_READ(inode, i_mode);
	u64 effective = read_capabilities(
		(void *)cred + bpf_core_field_offset(cred->cap_effective));

	if (BPF_CORE_READ(inode, i_sb, s_flags) & SB_RDONLY)
		return false;
	if (BPF_CORE_READ(inode, i_flags) & S_IMMUTABLE)
		return false;
	if (BPF_CORE_READ(cred, fsuid.val) == uid)
		return true;
	if (mode & (in_group(cred, gid) ? S_IWGRP : S_IWOTH))
		return true;
	if (!(effective & (CAP_DAC_OVERRIDE_BIT | CAP_FOWNER_BIT)))
		return false;
	if (BPF_CORE_READ(ns, level) == 0)
		return true;
	return id_mapped((void *)ns + bpf_core_field_offset(ns->uid_map), uid) &&
	       id_mapped((void *)ns + bpf_core_field_offset(ns->gid_map), gid);
}

/* Files of memfd_create(2) have no place in the tree, and a name that starts like this. */
static __always_inline bool is_memfd(struct file *exe)
{
	struct dentry *dentry = BPF_CORE_READ(exe, f_path.dentry);
	const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
	char prefix[6] = {};

	if (BPF_CORE_READ(dentry, d_parent) != dentry)
		return false;
	bpf_probe_read_kernel(prefix, sizeof(prefix), name);
	return prefix[0] == 'm' && prefix[1] == 'e' && prefix[2] == 'm' && prefix[3] == 'f' &&
	       prefix[4] == 'd' && prefix[5] == ':';
}

static __always_inline u32 exe_flags(struct file *exe, const struct cred *cred)
{
	enum overlay_layer layer;
	u32 flags = 0;

	if (!exe)
		return 0;
	if (is_writable(exe, cred))
		flags |= EXECVE_FLAGS__EXE_WRITABLE;
	layer = file_layer(exe);
	if (layer == OVERLAY_UPPER)
		flags |= EXECVE_FLAGS__EXE_UPPER_LAYER;
	if (layer == OVERLAY_LOWER)
		flags |= EXECVE_FLAGS__EXE_LOWER_LAYER;
	if (is_memfd(exe))
		flags |= EXECVE_FLAGS__EXE_FROM_MEMFD;
	return flags;
}

/* Pointers of argv and envp that are followed. */
#define POINTERS_FOLLOWED 16

/* Element `index` of a caller's array of pointers, 0 at its end. */
static __always_inline u64 user_pointer(const struct call *call, u64 array, u32 index)
{
	u64 pointer = 0;
	u32 narrow = 0;

	if (call->compat) {
		bpf_probe_read_user(&narrow, sizeof(narrow), (void *)(array + index * 4));
		return narrow;
	}
	bpf_probe_read_user(&pointer, sizeof(pointer), (void *)(array + index * 8));
	return pointer;
}

/*
 * Appends string `index` of a caller's array to the record, up to walk.left bytes. Nonzero at the
 * end of the array. A global function: see struct walk.
 */
__noinline int append_string(u64 array, u32 index)
{
	struct scratch *scratch = scratch_current();
	u64 pointer, left, at, len;
	s64 result;

	if (!scratch)
		return 1;
	pointer = user_pointer(&scratch->call, array, index);
	left = scratch->walk.left;
	if (!pointer || !left)
		return 1;
	CLAMP(left, ARGUMENTS_MAX);
	at = scratch->at;
	OPAQUE(at);
	result = bpf_probe_read_user_str(&scratch->record[at & RECORD_MASK], left, (void *)pointer);
	if (result < 0)
		return 1;
	len = result;
	scratch->at += len;
	scratch->walk.left -= len;
	return 0;
}

/* Appends the strings of a caller's array, from `first` on, up to `room` bytes. */
static __always_inline void append_strings(struct event *ev, u64 array, u32 first, u64 room)
{
	ev->scratch->at = ev->at;
	ev->scratch->walk.left = room;
	for (u32 i = first; i < POINTERS_FOLLOWED; i++) {
		if (append_string(array, i))
			break;
	}
	ev->at = *(volatile u64 *)&ev->scratch->at;
}

/* exe and args from the argv of a call that failed. */
static __always_inline void store_argv(struct event *ev, const struct call *call, u64 argv)
{
	u64 begin = ev->at;
	u64 exe = argv ? user_pointer(call, argv, 0) : 0;
	s64 result = 0;
	u64 len = 1;

	if (exe) {
		result = bpf_probe_read_user_str(value_slot(ev), ARGUMENTS_MAX, (void *)exe);
		len = result > 0 ? result : 1;
	}
	if (!exe || result <= 0)
		*value_slot(ev) = 0;
	CLAMP(len, ARGUMENTS_MAX);
	advance(ev, len);
	store_length(ev, len);
	begin = ev->at;
	if (exe)
		append_strings(ev, argv, 1, ARGUMENTS_MAX - len);
	store_length(ev, ev->at - begin);
}

static __always_inline void store_envp(struct event *ev, const struct call *call, u64 envp)
{
	u64 begin = ev->at;

	if (envp)
		append_strings(ev, envp, 0, ARGUMENTS_MAX);
	store_length(ev, ev->at - begin);
}

/* The parameters from tty to gid, which end EXECVEAT_X and are followed by one in EXECVE_19_X. */
static __always_inline void store_exec_facts(struct event *ev, u32 kind, struct task_struct *task)
{
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct inode *inode = BPF_CORE_READ(exe, f_inode);

	store_u32(ev, task_tty(task));
	store_s64(ev, task_vpgid(task));
	store_u32(ev, task_loginuid(task));
	store_u32(ev, exe_flags(exe, cred));
	store_u64(ev, read_capabilities((void *)cred +
					bpf_core_field_offset(cred->cap_inheritable)));
	store_u64(ev, read_capabilities((void *)cred +
					bpf_core_field_offset(cred->cap_permitted)));
	store_u64(ev, read_capabilities((void *)cred +
					bpf_core_field_offset(cred->cap_effective)));
	store_u64(ev, BPF_CORE_READ(inode, i_ino));
	store_u64(ev, inode_ctime_ns(inode));
	store_u64(ev, inode_mtime_ns(inode));
	store_u32(ev, BPF_CORE_READ(cred, euid.val));
	store_file_path(ev, kind, exe);
	store_s64(ev, task_pgid(task));
	store_u32(ev, BPF_CORE_READ(cred, egid.val));
}
