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

/* What the open calls report of the file they opened: zeros unless the result is above 0. */
struct opened {
	u32 flags; /* O_F_CREATED and the overlay layer */
	u32 dev;
	u64 ino;
};

static __always_inline struct opened opened_file(s64 fd)
{
	struct file *file = fd > 0 ? file_of_fd(fd) : NULL;
	struct opened opened = {};
	enum overlay_layer layer;

	if (!file)
		return opened;
	opened.dev = file_dev(file);
	opened.ino = BPF_CORE_READ(file, f_inode, i_ino);
	if (BPF_CORE_READ(file, f_mode) & FMODE_CREATED)
		opened.flags |= FILE_FLAGS__O_F_CREATED;
	layer = file_layer(file);
	if (layer == OVERLAY_UPPER)
		opened.flags |= FILE_FLAGS__FD_UPPER_LAYER;
	if (layer == OVERLAY_LOWER)
		opened.flags |= FILE_FLAGS__FD_LOWER_LAYER;
	return opened;
}

/* The inode that both ends of a new pipe share, 0 on failure. */
static __always_inline u64 pipe_inode(u64 fds, s64 ret)
{
	s32 first = -1;

	if (ret < 0 || bpf_probe_read_user(&first, sizeof(first), (void *)fds))
		return 0;
	return BPF_CORE_READ(file_of_fd(first), f_inode, i_ino);
}

/* A device number as user space passes it, in the encoding of the format. */
static __always_inline u32 user_dev(u64 dev)
{
	/* new_decode_dev(), include/linux/kdev_t.h. */
	return encode_dev((dev & 0xfff00) >> 8, (dev & 0xff) | ((dev >> 12) & 0xfff00));
}

/* A 64-bit offset argument, which 32-bit programs pass in two registers. */
static __always_inline u64 offset_of(const struct call *call, u32 index)
{
	if (call->compat)
		return call->args[index] | call->args[index + 1] << 32;
	return call->args[index];
}
