/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Extract the absolute path of an open file from dentries and mounts. */
#pragma once

/* Deeper paths lose their upper part. */
#define PATH_COMPONENTS 96

/*
 * Builds the path backwards in the scratch's second buffer and returns where it starts; it ends
 * with a NUL at PATH_MAX - 1. Goes up to the root of the mount namespace, not to the task's root
 * directory. Files without a place in the tree (memfd) give their bare name.
 */
static __always_inline u64 build_path(struct scratch *scratch, struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	struct vfsmount *vfsmount = BPF_CORE_READ(file, f_path.mnt);
	struct mount *mount = (void *)vfsmount - bpf_core_field_offset(struct mount, mnt);
	struct dentry *root = BPF_CORE_READ(vfsmount, mnt_root);
	u64 start = PATH_MAX - 1;
	struct dentry *parent;
	struct mount *parent_mount;
	const unsigned char *name;
	u64 len, at;

	scratch->aux[PATH_MAX - 1] = 0;
	for (int i = 0; i < PATH_COMPONENTS; i++) {
		parent = BPF_CORE_READ(dentry, d_parent);
		if (dentry == root || dentry == parent) {
			parent_mount = BPF_CORE_READ(mount, mnt_parent);
			if (dentry != root || parent_mount == mount)
				break;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = parent_mount;
			root = BPF_CORE_READ(mount, mnt.mnt_root);
			continue;
		}
		len = BPF_CORE_READ(dentry, d_name.len);
		name = BPF_CORE_READ(dentry, d_name.name);
		CLAMP(len, NAME_MAX);
		if (start < len + 1)
			break;
		start -= len + 1;
		at = start;
		/* For the verifier: start only ever shrinks from PATH_MAX - 1. */
		CLAMP(at, PATH_MAX - 1);
		scratch->aux[at] = '/';
		bpf_probe_read_kernel(&scratch->aux[at + 1], len, name);
		/* The separator was put before the name's NUL, if any, so nothing else is touched. */
		dentry = parent;
		*(volatile u64 *)&scratch->at = start;
		start = *(volatile u64 *)&scratch->at;
	}
	if (start == PATH_MAX - 1 && dentry != root) {
		len = BPF_CORE_READ(dentry, d_name.len);
		name = BPF_CORE_READ(dentry, d_name.name);
		CLAMP(len, NAME_MAX);
		at = PATH_MAX - 1 - len;
		CLAMP(at, PATH_MAX - 1);
		bpf_probe_read_kernel(&scratch->aux[at], len, name);
		return PATH_MAX - 1 - len;
	}
	if (start == PATH_MAX - 1) {
		scratch->aux[PATH_MAX - 2] = '/';
		start = PATH_MAX - 2;
	}
	return start;
}

/* Stores the path of a file with its NUL. */
static __always_inline void store_file_path(struct event *ev, struct file *file)
{
	u64 start, len;

	if (!file) {
		store_empty(ev);
		return;
	}
	start = build_path(ev->scratch, file);
	CLAMP(start, PATH_MAX - 1);
	len = PATH_MAX - start;
	CLAMP(len, PATH_MAX);
	bpf_probe_read_kernel(value_slot(ev), len, &ev->scratch->aux[start]);
	advance(ev, len);
	store_length(ev, len);
}
