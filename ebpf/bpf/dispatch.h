/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/*
 * Entry points of all system calls: decide whether the event is wanted, note the call, and jump to
 * the program of its event type; calls without one are sent from here.
 *
 * No functions are called from here that are not inlined: kernels before 5.10 do not allow tail
 * calls from programs with subprograms.
 */
#pragma once

struct call_source {
	struct pt_regs *regs;
	u64 nr;
	bool compat;
};

#if defined(__TARGET_ARCH_x86)

static __always_inline bool is_compat(void)
{
	struct task_struct *task;

	/*
	 * A typed pointer (5.11) makes this a plain load. It is on the path of every call of the
	 * machine, wanted or not, and reading through a helper doubles what that path costs.
	 */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)) {
		task = bpf_get_current_task_btf();
		return task->thread_info.status & TS_COMPAT;
	}
	task = current_task();
	return BPF_CORE_READ(task, thread_info.status) & TS_COMPAT;
}

static __always_inline s64 syscall_number(struct pt_regs *regs)
{
	return (s64)REGISTER(regs, orig_ax);
}

static __always_inline void read_args(struct call *call, struct pt_regs *regs)
{
	if (call->compat) {
		call->args[0] = (u32)REGISTER(regs, bx);
		call->args[1] = (u32)REGISTER(regs, cx);
		call->args[2] = (u32)REGISTER(regs, dx);
		call->args[3] = (u32)REGISTER(regs, si);
		call->args[4] = (u32)REGISTER(regs, di);
		call->args[5] = (u32)REGISTER(regs, bp);
		return;
	}
	call->args[0] = REGISTER(regs, di);
	call->args[1] = REGISTER(regs, si);
	call->args[2] = REGISTER(regs, dx);
	call->args[3] = REGISTER(regs, r10);
	call->args[4] = REGISTER(regs, r8);
	call->args[5] = REGISTER(regs, r9);
}

#elif defined(__TARGET_ARCH_arm64)

/* 32-bit calls on arm64 are not told apart yet by any field that CO-RE can reach cheaply. */
static __always_inline bool is_compat(void)
{
	return false;
}

static __always_inline s64 syscall_number(struct pt_regs *regs)
{
	return REGISTER(regs, syscallno);
}

static __always_inline void read_args(struct call *call, struct pt_regs *regs)
{
	call->args[0] = REGISTER(regs, orig_x0);
	call->args[1] = REGISTER(regs, regs[1]);
	call->args[2] = REGISTER(regs, regs[2]);
	call->args[3] = REGISTER(regs, regs[3]);
	call->args[4] = REGISTER(regs, regs[4]);
	call->args[5] = REGISTER(regs, regs[5]);
}

#endif

/* The table row of a call, or NULL for numbers that cannot be calls. */
static __always_inline struct syscall_row *find_row(s64 nr, bool compat)
{
	u32 index;

	/* rt_sigreturn and calls suppressed by seccomp or ptrace leave -1 behind. */
	if (nr < 0)
		return NULL;
#if defined(__TARGET_ARCH_x86)
	nr &= ~X32_BIT;
#endif
	if (nr >= SYSCALL_TABLE_SIZE)
		return NULL;
	index = (compat ? SYSCALL_TABLE_COMPAT : SYSCALL_TABLE_NATIVE) + (u32)nr;
	return bpf_map_lookup_elem(&syscalls, &index);
}

/* Takes the work space and notes the call; NULL when another program holds it. */
static __always_inline struct scratch *call_begin(u32 cpu, const struct syscall_row *row, s64 nr,
						  bool compat, struct pt_regs *regs)
{
	struct scratch *scratch = scratch_of(cpu, SCRATCH_SYSCALL);

	if (!scratch || unlikely(scratch->busy)) {
		COUNT(cpu, scratch_busy);
		return NULL;
	}
	scratch->busy = 1;
	scratch->call.nr = nr;
	scratch->call.code = row->code;
	scratch->call.compat = compat;
	scratch->call.tid = bpf_get_current_pid_tgid();
	scratch->call.timestamp_ns = bpf_ktime_get_boot_ns();
	read_args(&scratch->call, regs);
	return scratch;
}

/*
 * socketcall(2) of 32-bit programs: finds the real call, and replaces the arguments by those that
 * the second argument points to. NULL leaves the call what it is.
 */
static __always_inline struct syscall_row *find_socketcall(struct call *call)
{
	u64 selector = call->args[0];
	struct syscall_row *row;
	u32 args[6] = {};
	u32 index;

	if (!selector || selector > 20)
		return NULL;
	index = SYSCALL_TABLE_SOCKETCALL + (u32)selector;
	row = bpf_map_lookup_elem(&syscalls, &index);
	if (!row || bpf_probe_read_user(args, sizeof(args), (void *)call->args[1]))
		return NULL;
	for (int i = 0; i < 6; i++)
		call->args[i] = args[i];
	call->code = row->code;
	return row;
}

/* Events of calls without a program of their own: the generic pair, or no parameters at all. */
static __always_inline void send_plain(struct scratch *scratch, u32 cpu)
{
	struct call *call = &scratch->call;
	struct event ev;

	if (call->type <= PPME_GENERIC_X) {
		ev = event_begin(scratch, cpu, call->timestamp_ns, call->tid, call->type,
				 PPME_GENERIC_X_PARAMS);
		store_u16(&ev, call->code);
		store_u16(&ev, call->nr);
	} else {
		ev = event_begin(scratch, cpu, call->timestamp_ns, call->tid, call->type, 0);
	}
	event_send(&ev);
}

TRACEPOINT(sys_enter)
int sys_enter(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	u32 cpu = bpf_get_smp_processor_id();
	struct probe_config *cfg = current_config();
	bool compat = is_compat();
	struct syscall_row *row = find_row((s32)ctx[1], compat);
	struct syscall_row *inner;
	struct scratch *scratch;

	if (!row || !cfg || !(row->flags & SYSCALL_WANT_ENTER) || !process_wanted(cfg))
		return 0;
	scratch = call_begin(cpu, row, (s32)ctx[1], compat, regs);
	if (!scratch)
		return 0;
	scratch->call.ret = 0;
	if (unlikely(row->flags & SYSCALL_SOCKETCALL)) {
		inner = find_socketcall(&scratch->call);
		if (inner) {
			row = inner;
			if (!(row->flags & SYSCALL_WANT_ENTER)) {
				scratch->busy = 0;
				return 0;
			}
		}
	}
	scratch->call.type = row->enter_type;
	if (row->flags & SYSCALL_ENTER_PROGRAM)
		bpf_tail_call(ctx, &enter_programs, row->enter_type);
	send_plain(scratch, cpu);
	return 0;
}

TRACEPOINT(sys_exit)
int sys_exit(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	u32 cpu = bpf_get_smp_processor_id();
	struct probe_config *cfg = current_config();
	s64 nr = (s32)syscall_number(regs);
	bool compat = is_compat();
	struct syscall_row *row = find_row(nr, compat);
	struct syscall_row *inner;
	struct scratch *scratch;

	if (!row || !cfg || !(row->flags & SYSCALL_WANT_EXIT) || !process_wanted(cfg))
		return 0;
	/* A successful exec is reported by sched_process_exec, with the new image in place. */
	if ((row->exit_type == PPME_SYSCALL_EXECVE_19_X ||
	     row->exit_type == PPME_SYSCALL_EXECVEAT_X) &&
	    (s64)ctx[1] == 0)
		return 0;
	scratch = call_begin(cpu, row, nr, compat, regs);
	if (!scratch)
		return 0;
	/* 32-bit calls return 32-bit values; errors are negative in both. */
	scratch->call.ret = compat ? (s64)(s32)ctx[1] : (s64)ctx[1];
	if (unlikely(row->flags & SYSCALL_SOCKETCALL)) {
		inner = find_socketcall(&scratch->call);
		if (inner) {
			row = inner;
			if (!(row->flags & SYSCALL_WANT_EXIT)) {
				scratch->busy = 0;
				return 0;
			}
		}
	}
	scratch->call.type = row->exit_type;
	if (row->flags & SYSCALL_EXIT_PROGRAM)
		bpf_tail_call(ctx, &exit_programs, row->exit_type);
	send_plain(scratch, cpu);
	return 0;
}
