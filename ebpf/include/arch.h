/* SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT) */
/* What differs between architectures: saved registers, and how 32-bit calls are recognised. */
#pragma once

#include "kernel_types.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)

struct pt_regs {
	unsigned long r10;
	unsigned long r9;
	unsigned long r8;
	unsigned long bp;
	unsigned long bx;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;
	unsigned long ip;
};

/* arch/x86/include/asm/thread_info.h. */
#define TS_COMPAT 2
/* x32 calls carry this bit; below 512 their numbers are those of x86-64. */
#define X32_BIT 0x40000000

/* The child of clone() leaves the kernel through the system call exit path and is seen there. */
#define CHILD_RETURNS_THROUGH_SYSCALL_EXIT 1

#elif defined(__TARGET_ARCH_arm64)

struct pt_regs {
	unsigned long regs[31];
	unsigned long pc;
	unsigned long orig_x0;
	s32 syscallno;
};

#define CHILD_RETURNS_THROUGH_SYSCALL_EXIT 0

#else
#error "no register layout for this architecture"
#endif

#pragma clang attribute pop
