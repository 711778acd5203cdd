// SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0 OR MIT)
/*
 * The probe, one translation unit. Layers, bottom up: read kernel memory (CO-RE), extract a value,
 * store a parameter, program. Each file says which layer it is.
 */
#include "kernel_types.h"
#include "arch.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "generated/events.h"
#include "generated/flags.h"
#include "wire.h"

#include "maps.h"
#include "event.h"
#include "store.h"
#include "program.h"
#include "convert.h"
#include "read.h"
#include "extract/task.h"
#include "extract/file.h"
#include "extract/path.h"
#include "extract/cgroup.h"
#include "extract/process.h"
#include "extract/exec.h"
#include "extract/vector.h"
#include "extract/socket.h"
#include "extract/sockopt.h"
#include "dispatch.h"

/* Every file below bpf/programs/, listed by build.rs. */
#include "programs.h"

_Static_assert(sizeof(struct record_header) == RECORD_HEADER_SIZE, "record header");
_Static_assert(sizeof(struct syscall_row) == SYSCALL_ROW_SIZE, "syscall row");
_Static_assert(sizeof(struct generic_args) == GENERIC_ARGS_SIZE, "generic arguments");
_Static_assert(sizeof(struct probe_config) == PROBE_CONFIG_SIZE, "probe config");
_Static_assert(sizeof(struct cpu_counters) == CPU_COUNTERS_SIZE, "counters");

/* The helpers that read kernel memory are reserved to GPL-compatible programs. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";
