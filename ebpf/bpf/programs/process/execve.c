// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * execve(2), execveat(2).
 * 1 res, 2 exe, 3 args, 4 tid, 5 pid, 6 ptid, 7 cwd, 8 fdlimit, 9 pgft_maj, 10 pgft_min,
 * 11 vm_size, 12 vm_rss, 13 vm_swap, 14 comm, 15 cgroups, 16 env, 17 tty, 18 vpgid, 19 loginuid,
 * 20 flags, 21-23 capabilities, 24 exe_ino, 25 exe_ino_ctime, 26 exe_ino_mtime, 27 uid,
 * 28 trusted_exepath, 29 pgid, 30 gid, and of execve 31 filename.
 *
 * A successful call is sent from the exec tracepoint, when everything describes the new program,
 * and always as execve. The exit of the call itself is sent only when it failed.
 */

TRACEPOINT(sched_process_exec)
int sched_process_exec(u64 *ctx)
{
	struct linux_binprm *bprm = (void *)ctx[2];
	struct task_struct *task = current_task();
	struct event ev;

	if (!lifecycle_begin(&ev, PPME_SYSCALL_EXECVE_19_X, PPME_SYSCALL_EXECVE_19_X_PARAMS))
		return 0;
	store_s64(&ev, 0);
	store_exe_and_args(&ev, task);
	store_task_facts(&ev, task);
	store_environment(&ev, task);
	store_exec_facts(&ev, SCRATCH_LIFECYCLE, task);
	store_kernel_text(&ev, BPF_CORE_READ(bprm, filename), PATH_MAX);
	event_send(&ev);
	return 0;
}

SYSCALL_EXIT(SYSCALL_EXECVE_19_X)
{
	struct task_struct *task = current_task();

	store_s64(ev, RET);
	store_argv(ev, call, ARG(1));
	store_task_facts(ev, task);
	store_envp(ev, call, ARG(2));
	store_exec_facts(ev, SCRATCH_SYSCALL, task);
	store_user_path(ev, ARG(0));
}

SYSCALL_EXIT(SYSCALL_EXECVEAT_X)
{
	struct task_struct *task = current_task();

	store_s64(ev, RET);
	store_argv(ev, call, ARG(2));
	store_task_facts(ev, task);
	store_envp(ev, call, ARG(3));
	store_exec_facts(ev, SCRATCH_SYSCALL, task);
}

/* Enter of execve(2): 1 filename. */
SYSCALL_ENTER(SYSCALL_EXECVE_19_E)
{
	store_user_path(ev, ARG(0));
}

/* Enter of execveat(2): 1 dirfd, 2 pathname, 3 flags. */
SYSCALL_ENTER(SYSCALL_EXECVEAT_E)
{
	store_dirfd(ev, ARG(0));
	store_user_path(ev, ARG(1));
	store_u32(ev, execveat_flags(ARG(4)));
}
