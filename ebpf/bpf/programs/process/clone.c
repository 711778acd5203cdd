// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * clone(2), clone3(2), fork(2), vfork(2), exit.
 * 1 res, 2 exe, 3 args, 4 tid, 5 pid, 6 ptid, 7 cwd, 8 fdlimit, 9 pgft_maj, 10 pgft_min,
 * 11 vm_size, 12 vm_rss, 13 vm_swap, 14 comm, 15 cgroups, 16 flags, 17 uid, 18 gid, 19 vtid,
 * 20 vpid, 21 pidns_init_start_ts.
 *
 * The parameters describe the thread whose event it is: the caller, or, where res is 0, the child,
 * which leaves the kernel through the same exit (arch.h).
 */

static __always_inline void store_clone(struct event *ev, struct task_struct *task, s64 ret, u32 flags)
{
	store_s64(ev, ret);
	if (ret < 0) {
		store_empty(ev);
		store_empty(ev);
	} else {
		store_exe_and_args(ev, task);
	}
	store_task_facts(ev, task);
	if (in_nested_pid_namespace(task))
		flags |= CLONE_FLAGS__CLONE_CHILD_IN_PIDNS;
	store_u32(ev, flags);
	store_u32(ev, BPF_CORE_READ(task, cred, euid.val));
	store_u32(ev, BPF_CORE_READ(task, cred, egid.val));
	store_s64(ev, task_vtid(task));
	store_s64(ev, task_vpid(task));
	store_u64(ev, ret == 0 ? pid_namespace_start_ns(task) : 0);
}

SYSCALL_EXIT(SYSCALL_CLONE_20_X)
{
	/* x86 and arm64 both pass the flags first. */
	store_clone(ev, current_task(), RET, clone_flags(ARG(0)));
}

SYSCALL_EXIT(SYSCALL_CLONE3_X)
{
	u64 flags = 0; /* first member of struct clone_args */

	bpf_probe_read_user(&flags, sizeof(flags), (void *)ARG(0));
	store_clone(ev, current_task(), RET, clone_flags(flags));
}

SYSCALL_EXIT(SYSCALL_FORK_20_X)
{
	store_clone(ev, current_task(), RET, 0);
}

SYSCALL_EXIT(SYSCALL_VFORK_20_X)
{
	store_clone(ev, current_task(), RET, 0);
}

#if !CHILD_RETURNS_THROUGH_SYSCALL_EXIT

/*
 * The child's event where the child itself is not seen: always clone, with the flags that show in
 * what parent and child share. Runs in the parent, whose argument area is a copy of the child's.
 */
TRACEPOINT(sched_process_fork)
int sched_process_fork(u64 *ctx)
{
	struct task_struct *parent = (void *)ctx[0];
	struct task_struct *child = (void *)ctx[1];
	u32 flags = 0;
	struct event ev;

	if (!lifecycle_begin(&ev, PPME_SYSCALL_CLONE_20_X, PPME_SYSCALL_CLONE_20_X_PARAMS))
		return 0;
	((struct record_header *)ev.record)->tid = BPF_CORE_READ(child, pid);
	if (BPF_CORE_READ(parent, tgid) == BPF_CORE_READ(child, tgid))
		flags |= CLONE_FLAGS__CLONE_THREAD | CLONE_FLAGS__CLONE_SIGHAND |
			 CLONE_FLAGS__CLONE_VM;
	if (BPF_CORE_READ(parent, files) == BPF_CORE_READ(child, files))
		flags |= CLONE_FLAGS__CLONE_FILES;
	store_clone(&ev, child, 0, flags);
	event_send(&ev);
	return 0;
}

#endif
