// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * Exit of a call without an event of its own: 1 ID, 2 nativeID, and beyond the event table the
 * result and the call's arguments, as many as it has. What they are comes from a table
 * (capture-format/data/arguments.json), which user space puts into a map.
 */

static __always_inline void store_generic_arg(struct event *ev, u8 kind, u64 value)
{
	switch (kind) {
	case GENERIC_TEXT:
		store_user_path(ev, value);
		break;
	case GENERIC_FD:
		store_fd(ev, value);
		break;
	case GENERIC_LONG:
		store_u64(ev, value);
		break;
	default:
		store_u32(ev, value);
	}
	/* The branches move on by different amounts. */
	advance(ev, 0);
}

TRACEPOINT(sys_exit)
int GENERIC_X(void *ctx)
{
	struct scratch *scratch = scratch_current();
	u32 cpu = bpf_get_smp_processor_id();
	struct generic_args *args;
	struct call *call;
	struct event ev;
	u32 code, count;

	if (!scratch)
		return 0;
	call = &scratch->call;
	code = call->code;
	args = bpf_map_lookup_elem(&generic_arguments, &code);
	count = args && args->count <= 6 ? args->count : 0;
	ev = event_begin(scratch, cpu, call->timestamp_ns, call->tid, PPME_GENERIC_X,
			 PPME_GENERIC_X_PARAMS + 1 + count);
	advance(&ev, 0);
	store_u16(&ev, code);
	store_u16(&ev, call->nr);
	store_s64(&ev, RET);
#pragma unroll
	for (u32 i = 0; i < 6; i++) {
		if (!args || i >= count)
			break;
		store_generic_arg(&ev, args->kinds[i], ARG(i));
	}
	event_send(&ev);
	return 0;
}
