// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * Page fault, in user code or in the kernel: 1 addr, 2 ip, 3 error. x86 only.
 *
 * ip is the instruction's address, as the format says; one driver is known to store the bytes
 * found there instead.
 */

#if defined(__TARGET_ARCH_x86)

static __always_inline int send_page_fault(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[1];
	u64 tid = (u32)bpf_get_current_pid_tgid();
	struct event ev;

	if (!small_begin(&ev, SMALL_PAGE_FAULT, tid, PPME_PAGE_FAULT_E, PPME_PAGE_FAULT_E_PARAMS))
		return 0;
	store_u64(&ev, ctx[0]);
	store_u64(&ev, BPF_CORE_READ(regs, ip));
	store_u32(&ev, page_fault_error(ctx[2]));
	small_send(&ev);
	return 0;
}

TRACEPOINT(page_fault_user)
int page_fault_user(u64 *ctx)
{
	return send_page_fault(ctx);
}

TRACEPOINT(page_fault_kernel)
int page_fault_kernel(u64 *ctx)
{
	return send_page_fault(ctx);
}

#endif
