/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Extract the absolute path of an open file from dentries and mounts. */
#pragma once

/* Deeper paths lose their upper part. */
#define PATH_COMPONENTS 96

/*
 * One component upwards, in the scratch memory of `kind`. Nonzero at the top. A global function:
 * see struct walk.
 */
__noinline int path_step(u32 kind)
{
	struct scratch *scratch = scratch_of(bpf_get_smp_processor_id(), kind);
	struct dentry *dentry, *parent;
	struct mount *mount, *parent_mount;
	const unsigned char *name;
	u64 len, start;

	if (!scratch)
		return 1;
	dentry = (void *)scratch->walk.dentry;
	mount = (void *)scratch->walk.mount;
	parent = BPF_CORE_READ(dentry, d_parent);
	if (scratch->walk.dentry == scratch->walk.root || dentry == parent) {
		parent_mount = BPF_CORE_READ(mount, mnt_parent);
		if (scratch->walk.dentry != scratch->walk.root || parent_mount == mount)
			return 1;
		scratch->walk.dentry = (u64)BPF_CORE_READ(mount, mnt_mountpoint);
		scratch->walk.mount = (u64)parent_mount;
		scratch->walk.root = (u64)BPF_CORE_READ(parent_mount, mnt.mnt_root);
		return 0;
	}
	len = BPF_CORE_READ(dentry, d_name.len);
	name = BPF_CORE_READ(dentry, d_name.name);
	CLAMP(len, NAME_MAX);
	start = scratch->walk.start;
	if (start < len + 1)
		return 1;
	start -= len + 1;
	/* For the verifier: start only ever shrinks from PATH_MAX - 1. */
	CLAMP(start, PATH_MAX - 1);
	scratch->aux[start] = '/';
	CLAMP(len, NAME_MAX);
	bpf_probe_read_kernel(&scratch->aux[start + 1], len, name);
	scratch->walk.start = start;
	scratch->walk.dentry = (u64)parent;
	return 0;
}

/*
 * Builds the path backwards in the scratch's second buffer and returns where it starts; it ends
 * with a NUL at PATH_MAX - 1. Goes up to the root of the mount namespace, not to the task's root
 * directory. Files without a place in the tree (memfd) give their bare name.
 */
static __always_inline u64 build_path(struct scratch *scratch, u32 kind, struct file *file)
{
	struct vfsmount *vfsmount = BPF_CORE_READ(file, f_path.mnt);
	struct dentry *dentry;
	u64 len, at;

	scratch->walk.dentry = (u64)BPF_CORE_READ(file, f_path.dentry);
	scratch->walk.mount = (u64)vfsmount - bpf_core_field_offset(struct mount, mnt);
	scratch->walk.root = (u64)BPF_CORE_READ(vfsmount, mnt_root);
	scratch->walk.start = PATH_MAX - 1;
	scratch->aux[PATH_MAX - 1] = 0;
	for (int i = 0; i < PATH_COMPONENTS; i++) {
		if (path_step(kind))
			break;
	}
	if (scratch->walk.start != PATH_MAX - 1)
		return scratch->walk.start;
	if (scratch->walk.dentry == scratch->walk.root) {
		scratch->aux[PATH_MAX - 2] = '/';
		return PATH_MAX - 2;
	}
	dentry = (void *)scratch->walk.dentry;
	len = BPF_CORE_READ(dentry, d_name.len);
	CLAMP(len, NAME_MAX);
	at = PATH_MAX - 1 - len;
	CLAMP(at, PATH_MAX - 1);
	bpf_probe_read_kernel(&scratch->aux[at], len, BPF_CORE_READ(dentry, d_name.name));
	return at;
}

/* Stores the path of a file with its NUL. `kind` is that of the event's scratch memory. */
static __always_inline void store_file_path(struct event *ev, u32 kind, struct file *file)
{
	u64 start, len;

	if (!file) {
		store_empty(ev);
		return;
	}
	start = build_path(ev->scratch, kind, file);
	CLAMP(start, PATH_MAX - 1);
	len = PATH_MAX - start;
	CLAMP(len, PATH_MAX);
	bpf_probe_read_kernel(value_slot(ev), len, &ev->scratch->aux[start]);
	advance(ev, len);
	store_length(ev, len);
}
