// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * ptrace(2).
 * Enter: 1 request, 2 pid.
 * Exit: 1 res, 2 addr, 3 data, 4 request, 5 pid.
 */

/* include/uapi/linux/ptrace.h. */
#define PTRACE_PEEKTEXT 1
#define PTRACE_PEEKDATA 2
#define PTRACE_PEEKUSR 3
#define PTRACE_CONT 7
#define PTRACE_SINGLESTEP 9
#define PTRACE_DETACH 17
#define PTRACE_SYSCALL 24

/* Alternatives of the dynamic parameters. */
#define PTRACE_NUMBER 0
#define PTRACE_SIGNAL 1

SYSCALL_ENTER(SYSCALL_PTRACE_E)
{
	store_u16(ev, ptrace_request(ARG(0)));
	store_fd(ev, ARG(1));
}

SYSCALL_EXIT(SYSCALL_PTRACE_X)
{
	u64 addr = RET < 0 ? 0 : ARG(2);
	u64 data = RET < 0 ? 0 : ARG(3);
	u8 signal = data;

	store_s64(ev, RET);
	store_dynamic(ev, PTRACE_NUMBER, &addr, sizeof(addr));
	switch (RET < 0 ? 0 : (u32)ARG(0)) {
	case PTRACE_CONT:
	case PTRACE_SINGLESTEP:
	case PTRACE_DETACH:
	case PTRACE_SYSCALL:
		store_dynamic(ev, PTRACE_SIGNAL, &signal, sizeof(signal));
		break;
	case PTRACE_PEEKTEXT:
	case PTRACE_PEEKDATA:
	case PTRACE_PEEKUSR:
		data = 0;
		bpf_probe_read_user(&data, call->compat ? 4 : 8, (void *)ARG(3));
		store_dynamic(ev, PTRACE_NUMBER, &data, sizeof(data));
		break;
	default:
		store_dynamic(ev, PTRACE_NUMBER, &data, sizeof(data));
	}
	advance(ev, 0);
	store_u16(ev, ptrace_request(ARG(0)));
	store_fd(ev, ARG(1));
}
