/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* Linux values to those of the format. The pairs are generated, the rules around them are not. */
#pragma once

#define CONVERT_BIT(from, to)                                                                      \
	if (value & (from))                                                                        \
		out |= (to);

/* Bits, translated one by one; a pair of several bits counts when any of them is set. */
#define BITS(name, NAME)                                                                           \
	static __always_inline u32 name(u64 value)                                                 \
	{                                                                                          \
		u32 out = 0;                                                                       \
                                                                                                   \
		CONVERT_##NAME(CONVERT_BIT) return out;                                            \
	}

#define MAP_VALUE(from, to)                                                                        \
	case (from):                                                                               \
		return (to);

/* Exclusive values; anything unknown is 0. */
#define VALUES(name, NAME)                                                                         \
	static __always_inline u32 name(u64 value)                                                 \
	{                                                                                          \
		switch ((u32)value) {                                                              \
			MAP_##NAME(MAP_VALUE)                                                      \
		}                                                                                  \
		return 0;                                                                          \
	}

BITS(clone_flags, CLONE_FLAGS)
BITS(execveat_flags, EXECVEAT_FLAGS)
BITS(openat2_resolve, OPENAT2_RESOLVE)
BITS(socket_type_flags, SOCKET_TYPE_FLAGS)
BITS(dup3_flags, DUP3_FLAGS)
BITS(pipe2_flags, PIPE2_FLAGS)
BITS(prot_flags, PROT_FLAGS)
BITS(mmap_flags, MMAP_FLAGS)
BITS(poll_events, POLL_EVENTS)
BITS(access_mode, ACCESS_MODE)
BITS(chmod_mode, CHMOD_MODE)
BITS(semget_flags, SEMGET_FLAGS)
BITS(semop_flags, SEMOP_FLAGS)
BITS(unlinkat_flags, UNLINKAT_FLAGS)
BITS(linkat_flags, LINKAT_FLAGS)
BITS(newfstatat_flags, NEWFSTATAT_FLAGS)
BITS(fchownat_flags, FCHOWNAT_FLAGS)
BITS(epoll_create1_flags, EPOLL_CREATE1_FLAGS)
BITS(pidfd_open_flags, PIDFD_OPEN_FLAGS)
BITS(delete_module_flags, DELETE_MODULE_FLAGS)
BITS(io_uring_setup_flags, IO_URING_SETUP_FLAGS)
BITS(open_flag_bits, OPEN_FLAGS)

VALUES(fcntl_cmd, FCNTL_CMD)
VALUES(sockopt_level, SOCKOPT_LEVEL)
VALUES(sockopt_optname_renumbered, SOCKOPT_OPTNAME)
VALUES(semctl_cmd, SEMCTL_CMD)
VALUES(ptrace_request, PTRACE_REQUEST)
VALUES(quotactl_cmd, QUOTACTL_CMD)
VALUES(quotactl_type, QUOTACTL_TYPE)
VALUES(quotactl_format_value, QUOTACTL_FORMAT)

/* include/uapi/asm-generic/fcntl.h. */
#define O_ACCMODE 3
#define O_CREAT 0100
#define O_TMPFILE_BITS 020200000

/* The access mode counts from 1 in the format, because 0 means no flags at all there. */
static __always_inline u32 open_flags(u64 value)
{
	u32 mode = value & O_ACCMODE;
	u32 access = mode == 1   ? FILE_FLAGS__O_WRONLY
		     : mode == 2 ? FILE_FLAGS__O_RDWR
				 : FILE_FLAGS__O_RDONLY;

	return access | open_flag_bits(value);
}

/* The mode argument means something only when a file may be created. */
static __always_inline u32 open_mode(u64 flags, u64 mode)
{
	return flags & (O_CREAT | O_TMPFILE_BITS) ? (u32)mode : 0;
}

/* The calls whose only flags are NONBLOCK and CLOEXEC. */
static __always_inline u32 fd_flags(u64 value)
{
	return (s32)value < 0 ? 0 : socket_type_flags(value);
}

static __always_inline u32 socket_family(u64 value)
{
	u32 family = value;

	return family <= 26 || (family >= 29 && family <= 39) ? family : 0;
}

static __always_inline u32 sockopt_optname(u64 level, u64 value)
{
	if ((u32)level != 1 /* SOL_SOCKET */)
		return 0;
	return (u32)value >= 1 && (u32)value <= 50 ? (u32)value : sockopt_optname_renumbered(value);
}

/* FUTEX_PRIVATE_FLAG and FUTEX_CLOCK_REALTIME are or-ed to the operation. */
static __always_inline u32 futex_op(u64 value)
{
	u32 op = value & 0x7f;

	return (op <= 12 ? op : 0) | (value & 0x180);
}

static __always_inline u32 rlimit_resource(u64 value)
{
	return (u32)value <= 15 ? (u32)value : 255;
}

static __always_inline u32 shutdown_how(u64 value)
{
	return (u32)value <= 2 ? (u32)value : 255;
}

static __always_inline u32 lseek_whence(u64 value)
{
	return (u32)value <= 2 ? (u32)value : 0;
}

static __always_inline u32 mount_flags(u64 value)
{
	return (value & 0xffff0000) == 0xc0ed0000 ? value & 0xffff : (u32)value;
}

static __always_inline u32 mask_flags(u64 value, u32 known)
{
	return (u32)value & known;
}

/* Permission bits, and the file type; none means a regular file. */
static __always_inline u32 mknod_mode(u64 value)
{
	u32 type = value & 0170000;

	return (type ? type : 0100000) | chmod_mode(value);
}

static __always_inline u32 quotactl_format(u64 value)
{
	u32 format = quotactl_format_value(value);

	return format ? format : QUOTACTL_QUOTA_FMTS__QFMT_NOT_USED;
}

/* Bits of the x86 page fault error code, each of the first three with a value for "clear". */
static __always_inline u32 page_fault_error(u64 value)
{
	return (value & 1 ? 1 : 2) | (value & 2 ? 4 : 8) | (value & 4 ? 16 : 32) |
	       (value & 8 ? 64 : 0) | (value & 16 ? 128 : 0);
}
