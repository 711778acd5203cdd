/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/*
 * All maps, with the arithmetic behind their sizes. Entries "per CPU" are set by user space to the
 * number of possible CPUs before loading.
 */
#pragma once

/*
 * A record is at most 64 KiB: its parameter lengths are 16 bits wide and no event needs two long
 * parameters at full length. The write position is masked with RECORD_MASK before each write, and
 * a single write is at most 64 KiB long, so twice that never leaves the buffer.
 */
#define RECORD_MASK 0xffff
#define RECORD_BUFFER (2 * (RECORD_MASK + 1))

/* Second buffer for values that are put together before they are stored: a path of 4096 bytes
 * and one name of 256 behind it. */
#define PATH_MAX 4096
#define NAME_MAX 255
#define AUX_BUFFER (PATH_MAX + 512)

/* The system call in progress, as the dispatcher found it. */
struct call {
	u64 args[6];
	s64 ret;
	u64 timestamp_ns;
	u32 tid;
	u32 nr;
	u16 code; /* portable code */
	u16 type; /* event to send */
	u32 compat; /* made by 32-bit code */
};

/*
 * State of a walk over something long. One step of a walk is a global function, which the verifier
 * looks at once instead of once per iteration; such functions take only numbers on old kernels, so
 * what they share lives here.
 */
struct walk {
	u64 dentry; /* of a path, upwards */
	u64 mount;
	u64 root;
	u64 start; /* where the path begins in `aux` so far */
	u64 left; /* bytes that may still be gathered */
};

/*
 * Work space of the programs that run on one CPU. Programs of one kind do not interrupt each
 * other while preemption is disabled around tracepoints; where the kernel does not do that any
 * more, `busy` turns the overlap into a counted loss.
 */
struct scratch {
	u32 busy;
	u32 unused;
	u64 at; /* write position, parked here where the verifier shall forget its history */
	struct walk walk;
	struct call call;
	u8 aux[AUX_BUFFER];
	u8 record[RECORD_BUFFER];
};

/* Kinds of programs that may interrupt each other get scratch memory of their own. */
#define SCRATCH_SYSCALL 0
#define SCRATCH_LIFECYCLE 1
#define SCRATCH_KINDS 2

/* An ordinary array: elements of per-CPU arrays end at 32 KiB. SCRATCH_KINDS elements per CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SCRATCH_KINDS);
	__type(key, u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

/* Kinds of small records: each is used by one program, which cannot interrupt itself. */
#define SMALL_SWITCH 0
#define SMALL_PAGE_FAULT 1
#define SMALL_KINDS 2

/* The largest small event is the switch: 26 + 6 * 2 + 36 bytes. */
struct small_record {
	u8 bytes[128];
};

/* SMALL_KINDS elements per CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SMALL_KINDS);
	__type(key, u32);
	__type(value, struct small_record);
} small_records SEC(".maps");

/* A ring per CPU, made and sized by user space. The inner map here is only the pattern. */
struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__array(values, struct ring);
} rings SEC(".maps");

/* One element per CPU, read by user space through a mapping. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct cpu_counters);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct probe_config);
} config SEC(".maps");

/* Native calls, 32-bit calls, calls of socketcall(2): see SYSCALL_TABLE_…. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SYSCALL_TABLES_SIZE);
	__type(key, u32);
	__type(value, struct syscall_row);
} syscalls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CODE_TABLE_SIZE);
	__type(key, u32);
	__type(value, struct generic_args);
} generic_arguments SEC(".maps");

/* Command names whose events are not sent. */
struct comm {
	char bytes[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32);
	__type(key, struct comm);
	__type(value, u8);
} suppressed SEC(".maps");

/*
 * Programs by event id, filled by user space. The kernel demands that all programs of one array
 * belong to the same tracepoint, hence two.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, PROGRAM_TABLE_SIZE);
	__type(key, u32);
	__type(value, u32);
} enter_programs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, PROGRAM_TABLE_SIZE);
	__type(key, u32);
	__type(value, u32);
} exit_programs SEC(".maps");
