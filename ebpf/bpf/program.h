/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/*
 * How programs are declared.
 *
 * The one source is compiled twice: as BTF tracing programs, which load registers directly, and
 * with -DRAW_TRACEPOINTS for kernels whose BTF describes no tracepoints. The context is an array of
 * 64-bit arguments in both.
 */
#pragma once

#ifdef RAW_TRACEPOINTS
#define TRACEPOINT(name) SEC("raw_tp/" #name)
#define REGISTER(regs, name) BPF_CORE_READ(regs, name)
#else
#define TRACEPOINT(name) SEC("tp_btf/" #name)
#define REGISTER(regs, name) ((regs)->name)
#endif

/* The call in progress, as the dispatcher left it. */
static __always_inline struct scratch *scratch_current(void)
{
	return scratch_of(bpf_get_smp_processor_id(), SCRATCH_SYSCALL);
}

/*
 * A program that fills one event type of a system call. Its name is the event's; user space puts
 * it into the program array under that event's id, and the dispatcher finds it there. The body
 * stores every parameter, in the order of the event table; a wrong number does not compile.
 */
#define SYSCALL_PROGRAM(tracepoint, TYPE)                                                          \
	static __always_inline void fill_##TYPE(struct event *ev, const struct call *call);        \
	TRACEPOINT(tracepoint)                                                                     \
	int TYPE(void *ctx)                                                                        \
	{                                                                                          \
		struct scratch *scratch = scratch_current();                                       \
		struct event ev;                                                                   \
                                                                                                   \
		if (!scratch)                                                                      \
			return 0;                                                                  \
		ev = event_begin(scratch, bpf_get_smp_processor_id(), scratch->call.timestamp_ns,  \
				 scratch->call.tid, PPME_##TYPE, PPME_##TYPE##_PARAMS);            \
		fill_##TYPE(&ev, &scratch->call);                                                  \
		if (ev.param != PPME_##TYPE##_PARAMS)                                              \
			wrong_number_of_parameters();                                              \
		event_send(&ev);                                                                   \
		return 0;                                                                          \
	}                                                                                          \
	static __always_inline void fill_##TYPE(struct event *ev, const struct call *call)

#define SYSCALL_ENTER(TYPE) SYSCALL_PROGRAM(sys_enter, TYPE)
#define SYSCALL_EXIT(TYPE) SYSCALL_PROGRAM(sys_exit, TYPE)

/* Argument `n` of the call, counted from 0, as the caller's register held it. */
#define ARG(n) (call->args[n])
#define RET (call->ret)
