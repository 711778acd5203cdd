/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/*
 * The contract between the programs and user space: every struct that crosses the border.
 *
 * src/wire.rs holds the same structs in Rust; sizes and offsets are asserted on both sides, against
 * the numbers below. Fixed-width types and explicit padding only.
 */
#pragma once

/*
 * A record in a ring is a scap event: this header, `nparams` lengths of 16 bits, the values.
 * Little-endian and unaligned, exactly as in a capture file.
 */
struct record_header {
	__u64 timestamp_ns; /* since boot, suspend included; user space turns it into epoch time */
	__u64 tid;
	__u32 len; /* header included */
	__u16 type;
	__u32 nparams;
} __attribute__((packed));

#define RECORD_HEADER_SIZE 26

/* What one system call number stands for. */
struct syscall_row {
	__u16 enter_type; /* event ids */
	__u16 exit_type;
	__u16 code; /* portable code, stored in generic events */
	__u16 flags; /* SYSCALL_… */
};

#define SYSCALL_WANT_ENTER 1
#define SYSCALL_WANT_EXIT 2
#define SYSCALL_ENTER_PROGRAM 4 /* a program fills the parameters; without one there are none */
#define SYSCALL_EXIT_PROGRAM 8
#define SYSCALL_SOCKETCALL 16 /* the first argument selects the call, the second points to the rest */

#define SYSCALL_ROW_SIZE 8

/* Numbers of one table; x86-64 ends at 471 in Linux 6.18, i386 at the same number. */
#define SYSCALL_TABLE_SIZE 512
/* The native table, the 32-bit table, and the calls of socketcall(2) in the first slots of a third. */
#define SYSCALL_TABLE_NATIVE 0
#define SYSCALL_TABLE_COMPAT 512
#define SYSCALL_TABLE_SOCKETCALL 1024
#define SYSCALL_TABLES_SIZE 1536

/* What the arguments of a call without an event of its own are, by portable code. */
struct generic_args {
	__u8 count;
	__u8 kinds[6]; /* GENERIC_… */
	__u8 reserved;
};

#define GENERIC_WORD 0 /* 32 bits */
#define GENERIC_LONG 1 /* 64 bits */
#define GENERIC_FD 2 /* 32 bits, widened with their sign */
#define GENERIC_TEXT 3 /* pointer to text */

#define GENERIC_ARGS_SIZE 8
#define CODE_TABLE_SIZE 512

/* Programs are found by event id. */
#define PROGRAM_TABLE_SIZE 512

struct probe_config {
	__u32 own_pid; /* 0: none */
	__u32 snaplen;
	__u32 suppressed_comms; /* entries in the map of that name */
	__u32 wakeup_bytes; /* unread bytes above which the reader is woken */
};

#define PROBE_CONFIG_SIZE 16

/* Written by the programs of one CPU, read by user space through a mapping. One cache line. */
struct cpu_counters {
	__u64 sent;
	__u64 ring_full;
	__u64 too_big;
	__u64 scratch_busy;
	__u64 unreadable; /* arguments, not events */
	__u64 reserved[3];
};

#define CPU_COUNTERS_SIZE 64
