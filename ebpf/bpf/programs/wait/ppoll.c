// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * ppoll(2).
 * Enter: 1 fds, 2 timeout, 3 sigmask.
 * Exit: 1 res, 2 fds, 3 timeout, 4 sigmask.
 */

/* The low half of a signal set, 0 without one. */
static __always_inline u32 user_sigset(u64 address)
{
	u32 mask = 0;

	if (address)
		bpf_probe_read_user(&mask, sizeof(mask), (void *)address);
	return mask;
}

/* ppoll of 32-bit programs has 32-bit times, ppoll_time64 has not. */
#define IA32_PPOLL 309

static __always_inline u64 ppoll_timeout(const struct call *call)
{
	return read_timespec_ns(ARG(2), call->compat && call->nr == IA32_PPOLL);
}

SYSCALL_ENTER(SYSCALL_PPOLL_E)
{
	store_poll_fds(ev, ARG(0), ARG(1), false);
	store_u64(ev, ppoll_timeout(call));
	store_u32(ev, user_sigset(ARG(3)));
}

SYSCALL_EXIT(SYSCALL_PPOLL_X)
{
	store_s64(ev, RET);
	store_poll_fds(ev, ARG(0), ARG(1), true);
	store_u64(ev, ppoll_timeout(call));
	store_u32(ev, user_sigset(ARG(3)));
}
