// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/* Delivery of a signal, on the thread that receives it: 1 spid, 2 dpid, 3 sig. */

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGKILL 9
#define SIGTERM 15
#define SIGCHLD 17
#define SIGTSTP 20
#define SIGRTMIN 32
#define SEND_SIG_PRIV ((void *)1) /* SEND_SIG_NOINFO is 0 */

/*
 * Who sent it. Which member of siginfo's union is the pid depends on the signal; these keep it
 * first in the union (include/uapi/asm-generic/siginfo.h), the others mean something else there.
 */
static __always_inline s64 signal_sender(u32 signal, struct kernel_siginfo *info)
{
	s32 code, pid;

	if (info <= (struct kernel_siginfo *)SEND_SIG_PRIV)
		return 0;
	code = BPF_CORE_READ(info, si_code);
	pid = BPF_CORE_READ(info, _sifields._kill._pid);
	switch (signal) {
	case SIGKILL:
	case SIGCHLD:
		return pid;
	case SIGTERM:
	case SIGHUP:
	case SIGINT:
	case SIGTSTP:
	case SIGQUIT:
		/* SI_USER is 0, SI_QUEUE and SI_TKILL are negative; above 0 the kernel sent it. */
		return code <= 0 ? pid : 0;
	}
	return signal >= SIGRTMIN ? pid : 0;
}

TRACEPOINT(signal_deliver)
int signal_deliver(u64 *ctx)
{
	struct kernel_siginfo *info = (void *)ctx[1];
	u32 signal = ctx[0];
	struct event ev;

	if (!lifecycle_begin(&ev, PPME_SIGNALDELIVER_E, PPME_SIGNALDELIVER_E_PARAMS))
		return 0;
	store_s64(&ev, signal_sender(signal, info));
	store_s64(&ev, (u32)bpf_get_current_pid_tgid());
	store_u8(&ev, signal);
	event_send(&ev);
	return 0;
}
