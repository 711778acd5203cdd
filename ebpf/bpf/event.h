/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* An event under construction: begin, store parameters in table order, send. */
#pragma once

/*
 * Lives in registers: everything here is inlined, and as long as an event has only parameters of
 * fixed size, `at` and `param` are constants.
 */
struct event {
	struct scratch *scratch;
	u8 *record;
	u64 at; /* where the next value goes */
	u32 param; /* index of the next parameter */
	u32 cpu;
};

/* Calls to it remain only if a program stores another number of parameters than the table has. */
extern void wrong_number_of_parameters(void)
	__attribute__((error("the event table has another number of parameters")));


/*
 * Bounds a length right before its use. Old verifiers (seen on 5.10 and 6.1) lose the bounds that
 * clang proves earlier and moves away; the assembly can neither be moved nor folded.
 */
#define CLAMP(value, max)                                                                          \
	asm volatile("if %0 < %1 goto +1\n\t%0 = %1" : "+r"(value) : "i"(max))

/* Makes a value's history unknown to clang, so that it keeps the check that follows. */
#define OPAQUE(value) asm volatile("" : "+r"(value))

static __always_inline struct cpu_counters *counters_of(u32 cpu)
{
	return bpf_map_lookup_elem(&counters, &cpu);
}

#define COUNT(cpu, field)                                                                          \
	({                                                                                         \
		struct cpu_counters *counters__ = counters_of(cpu);                                \
		if (counters__)                                                                    \
			__sync_fetch_and_add(&counters__->field, 1);                               \
	})

static __always_inline struct probe_config *current_config(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&config, &zero);
}

static __always_inline struct scratch *scratch_of(u32 cpu, u32 kind)
{
	u32 index = cpu * SCRATCH_KINDS + kind;

	return bpf_map_lookup_elem(&scratch, &index);
}

/* Whether events of the current process are to be sent at all. */
static __always_inline bool process_wanted(const struct probe_config *cfg)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;

	if (pid == cfg->own_pid)
		return false;
	if (unlikely(cfg->suppressed_comms)) {
		struct comm comm = {};

		bpf_get_current_comm(&comm, sizeof(comm));
		if (bpf_map_lookup_elem(&suppressed, &comm))
			return false;
	}
	return true;
}

static __always_inline void write_header(u8 *record, u64 timestamp_ns, u64 tid, u16 type, u32 nparams)
{
	struct record_header *header = (void *)record;

	header->timestamp_ns = timestamp_ns;
	header->tid = tid;
	header->len = 0;
	header->type = type;
	header->nparams = nparams;
}

static __always_inline struct event event_begin(struct scratch *scratch, u32 cpu, u64 timestamp_ns,
						u64 tid, u16 type, u32 nparams)
{
	struct event ev = {
		.scratch = scratch,
		.record = scratch->record,
		.at = RECORD_HEADER_SIZE + 2 * nparams,
		.cpu = cpu,
	};

	write_header(ev.record, timestamp_ns, tid, type, nparams);
	return ev;
}

/* Sends finished bytes to this CPU's ring and counts what became of them. */
static __always_inline void record_send(u32 cpu, void *record, u64 len)
{
	struct cpu_counters *count = counters_of(cpu);
	void *ring = bpf_map_lookup_elem(&rings, &cpu);
	u64 flags = BPF_RB_NO_WAKEUP;
	struct probe_config *cfg;

	if (!count)
		return;
	if (!ring) {
		__sync_fetch_and_add(&count->ring_full, 1);
		return;
	}
	/*
	 * The reader looks by itself every few milliseconds; a wakeup costs over a microsecond and
	 * is only worth it when the ring fills faster than that. Asking for the fill level is not
	 * free either, so only every 64th event does.
	 */
	if (!(count->sent & 63)) {
		cfg = current_config();
		if (cfg && bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) > cfg->wakeup_bytes)
			flags = BPF_RB_FORCE_WAKEUP;
	}
	if (bpf_ringbuf_output(ring, record, len, flags))
		__sync_fetch_and_add(&count->ring_full, 1);
	else
		__sync_fetch_and_add(&count->sent, 1);
}

/* Finishes the event and sends it, but keeps the scratch memory for the next one. */
static __always_inline void event_send_and_keep(struct event *ev)
{
	u64 len = ev->at;

	((struct record_header *)ev->record)->len = len;
	if (likely(len <= RECORD_MASK)) {
		CLAMP(len, RECORD_MASK);
		record_send(ev->cpu, ev->record, len);
	} else {
		COUNT(ev->cpu, too_big);
	}
}

/* Finishes the event, sends it, and gives the scratch memory back. */
static __always_inline void event_send(struct event *ev)
{
	event_send_and_keep(ev);
	ev->scratch->busy = 0;
}

/*
 * Begins an event outside of system calls, in the scratch memory of such events. False when the
 * process is not to be seen or the memory is in use.
 */
static __always_inline bool lifecycle_begin(struct event *ev, u16 type, u32 nparams)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct probe_config *cfg = current_config();
	struct scratch *scratch;

	if (!cfg || !process_wanted(cfg))
		return false;
	scratch = scratch_of(cpu, SCRATCH_LIFECYCLE);
	if (!scratch || unlikely(scratch->busy)) {
		COUNT(cpu, scratch_busy);
		return false;
	}
	scratch->busy = 1;
	*ev = event_begin(scratch, cpu, bpf_ktime_get_boot_ns(), (u32)bpf_get_current_pid_tgid(),
			  type, nparams);
	return true;
}

/*
 * Events that may interrupt others (page faults happen inside the programs' own reads) or come too
 * often for the whole of that: parameters of fixed size only, in a small record of their own.
 */
static __always_inline bool small_begin(struct event *ev, u32 kind, u64 tid, u16 type, u32 nparams)
{
	u32 cpu = bpf_get_smp_processor_id();
	u32 index = cpu * SMALL_KINDS + kind;
	struct probe_config *cfg = current_config();
	struct small_record *small;

	if (!cfg || !process_wanted(cfg))
		return false;
	small = bpf_map_lookup_elem(&small_records, &index);
	if (!small) {
		COUNT(cpu, scratch_busy);
		return false;
	}
	ev->scratch = NULL;
	ev->record = small->bytes;
	ev->at = RECORD_HEADER_SIZE + 2 * nparams;
	ev->param = 0;
	ev->cpu = cpu;
	write_header(ev->record, bpf_ktime_get_boot_ns(), tid, type, nparams);
	return true;
}

static __always_inline void small_send(struct event *ev)
{
	((struct record_header *)ev->record)->len = ev->at;
	record_send(ev->cpu, ev->record, ev->at);
}
