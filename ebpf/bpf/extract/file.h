/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Extract facts about open files. */
#pragma once

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#define FMODE_CREATED 0x100000

/* The file behind a descriptor of the current process, or NULL. */
static __always_inline struct file *file_of_fd(s64 fd)
{
	struct task_struct *task = current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd);
	struct file *file = NULL;

	if (fd < 0 || fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	READ_AT(file, files + fd);
	return file;
}

static __always_inline u32 file_dev(struct file *file)
{
	return encode_kernel_dev(BPF_CORE_READ(file, f_inode, i_sb, s_dev));
}

enum overlay_layer {
	OVERLAY_NONE,
	OVERLAY_UPPER,
	OVERLAY_LOWER,
};

/*
 * Layer of a file on an overlay file system. struct ovl_inode belongs to a module, so its type may
 * be unknown; what is stable is that the pointer to the upper dentry follows the embedded inode
 * (fs/overlayfs/ovl_entry.h, 4.14 to 6.18), and is NULL while the file exists only below.
 */
static __always_inline enum overlay_layer file_layer(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);
	struct dentry *upper = NULL;

	if (BPF_CORE_READ(inode, i_sb, s_magic) != OVERLAYFS_SUPER_MAGIC)
		return OVERLAY_NONE;
	READ_AT(upper, (void *)inode + bpf_core_type_size(struct inode));
	return upper ? OVERLAY_UPPER : OVERLAY_LOWER;
}
