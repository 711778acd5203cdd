// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * nanosleep(2).
 * Enter: 1 interval.
 * Exit: 1 res, 2 interval.
 */

static __always_inline u64 nanosleep_interval(const struct call *call)
{
	return read_timespec_ns(ARG(0), call->compat);
}

SYSCALL_ENTER(SYSCALL_NANOSLEEP_E)
{
	store_u64(ev, nanosleep_interval(call));
}

SYSCALL_EXIT(SYSCALL_NANOSLEEP_X)
{
	store_s64(ev, RET);
	store_u64(ev, nanosleep_interval(call));
}
