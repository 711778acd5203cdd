//! `thread.*`: the thread behind the event.

use filter::{Value, ValueType};
use state::{CpuSample, Thread};

use super::evt_count::is_procinfo;
use super::process::known;
use crate::field::{Argument, Class, Field, Flags, NumberFormat, Suffix};
use crate::registry::Arg;
use crate::view::{View, owned, text};

const ID: Field = Field {
    flags: Flags::PROCESS_TABLE,
    format: NumberFormat::Id,
    ..Field::new(Class::Process, ValueType::I64)
};

const NUMBER: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Process, ValueType::U64)
};

const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Process, ValueType::Text)
};

const DURATION: Field = Field {
    flags: Flags::PROCESS_TABLE,
    unit: "ns",
    ..Field::new(Class::Process, ValueType::Duration)
};

const PERCENT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    unit: "percent",
    ..Field::new(Class::Process, ValueType::Double)
};

const CAPABILITIES: Field = Field::new(Class::Process, ValueType::Text);

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "thread.pfmajor",
        doc: "Page faults that needed the disk, since the thread's start, as last reported.",
        example: "thread.pfmajor > 100",
        extract: |view, _| Some(Value::U64(view.thread()?.pf_major)),
        ..NUMBER
    },
    Field {
        name: "thread.pfminor",
        doc: "Page faults served from memory, since the thread's start, as last reported.",
        example: "thread.pfminor > 100000",
        extract: |view, _| Some(Value::U64(view.thread()?.pf_minor)),
        ..NUMBER
    },
    Field {
        name: "thread.tid",
        doc: "Id of the thread.",
        example: "thread.tid = 1",
        extract: |view, _| Some(Value::I64(view.event.tid)),
        ..ID
    },
    Field {
        name: "thread.ismain",
        doc: "The thread is the main thread of its process.",
        example: "thread.ismain = false",
        extract: |view, _| Some(Value::Bool(view.thread()?.is_leader())),
        ..Field {
            flags: Flags::PROCESS_TABLE,
            ..Field::new(Class::Process, ValueType::Bool)
        }
    },
    Field {
        name: "thread.exectime",
        doc: "On a context switch, nanoseconds that the thread was on the CPU; 0 on other events.",
        example: "thread.exectime > 10000000",
        extract: |view, _| Some(Value::U64(view.applied.exec_time_ns)),
        ..DURATION
    },
    Field {
        name: "thread.totexectime",
        doc: "Nanoseconds that the thread was on a CPU so far, as seen by context switches.",
        example: "thread.totexectime > 1000000000",
        extract: |view, _| Some(Value::U64(view.thread()?.cpu_time_ns)),
        ..DURATION
    },
    Field {
        name: "thread.cgroups",
        doc: "Control groups of the thread as SUBSYSTEM=PATH, separated by blanks.",
        example: "thread.cgroups contains /system.slice",
        extract: |view, _| {
            let cgroups = &view.thread()?.cgroups;
            (!cgroups.is_empty()).then(|| owned(cgroups.join(&b' ')))?
        },
        ..TEXT
    },
    Field {
        name: "thread.cgroup",
        argument: Argument::suffix(Suffix::Word).required(),
        doc: "Path of the thread's control group in one subsystem.",
        example: "thread.cgroup.memory startswith /system.slice",
        extract: |view, field| {
            let Arg::Name(subsystem) = &field.arg else {
                return None;
            };
            let path = view
                .thread()?
                .cgroups
                .iter()
                .find_map(|item| item.strip_prefix(subsystem.as_bytes())?.strip_prefix(b"="));
            text(path?)
        },
        ..TEXT
    },
    Field {
        name: "thread.vtid",
        doc: "Id of the thread inside its own pid namespace.",
        example: "thread.vtid = 1",
        extract: |view, _| known(view.thread()?.vtid),
        ..ID
    },
    Field {
        name: "thread.cpu",
        doc: "CPU use of the thread between two periodic records of old captures.",
        example: "thread.cpu > 50",
        extract: |view, _| cpu(view, |sample| sample.user_ticks + sample.system_ticks),
        ..PERCENT
    },
    Field {
        name: "thread.cpu.user",
        doc: "User part of `thread.cpu`.",
        example: "thread.cpu.user > 50",
        extract: |view, _| cpu(view, |sample| sample.user_ticks),
        ..PERCENT
    },
    Field {
        name: "thread.cpu.system",
        doc: "Kernel part of `thread.cpu`.",
        example: "thread.cpu.system > 50",
        extract: |view, _| cpu(view, |sample| sample.system_ticks),
        ..PERCENT
    },
    Field {
        name: "thread.vmsize",
        unit: "KiB",
        doc: "Virtual memory of the process in KiB for its main thread, 0 for others, so that \
              sums over threads are right.",
        example: "thread.vmsize > 1000000",
        extract: |view, _| of_leader(view, |thread| thread.vm_size_kib),
        ..NUMBER
    },
    Field {
        name: "thread.vmrss",
        unit: "KiB",
        doc: "Resident memory of the process in KiB for its main thread, 0 for others.",
        example: "thread.vmrss > 1000000",
        extract: |view, _| of_leader(view, |thread| thread.vm_rss_kib),
        ..NUMBER
    },
    Field {
        name: "thread.vmsize.b",
        flags: Flags::TABLE_ONLY.and(Flags::PROCESS_TABLE),
        unit: "bytes",
        doc: "As `thread.vmsize`, in bytes.",
        example: "thread.vmsize.b > 1000000000",
        extract: |view, _| in_bytes(of_leader(view, |thread| thread.vm_size_kib)),
        ..NUMBER
    },
    Field {
        name: "thread.vmrss.b",
        flags: Flags::TABLE_ONLY.and(Flags::PROCESS_TABLE),
        unit: "bytes",
        doc: "As `thread.vmrss`, in bytes.",
        example: "thread.vmrss.b > 1000000000",
        extract: |view, _| in_bytes(of_leader(view, |thread| thread.vm_rss_kib)),
        ..NUMBER
    },
    Field {
        name: "thread.nametid",
        flags: Flags::TABLE_ONLY.and(Flags::PROCESS_TABLE),
        doc: "Command name and thread id in one word, a key for views.",
        example: "thread.nametid = nginx1234",
        extract: |view, _| {
            let thread = view.thread()?;
            let mut key = thread.comm.clone();
            key.extend_from_slice(view.event.tid.to_string().as_bytes());
            owned(key)
        },
        ..TEXT
    },
    Field {
        name: "thread.cap_permitted",
        doc: "Capabilities that the thread may take up, separated by blanks.",
        example: "thread.cap_permitted contains CAP_SYS_ADMIN",
        extract: |view, _| capabilities(view.thread()?.cap_permitted),
        ..CAPABILITIES
    },
    Field {
        name: "thread.cap_inheritable",
        doc: "Capabilities that a program started by the thread can keep, separated by blanks.",
        example: "thread.cap_inheritable contains CAP_NET_RAW",
        extract: |view, _| capabilities(view.thread()?.cap_inheritable),
        ..CAPABILITIES
    },
    Field {
        name: "thread.cap_effective",
        doc: "Capabilities that the kernel grants the thread now, separated by blanks.",
        example: "thread.cap_effective contains CAP_SYS_PTRACE",
        extract: |view, _| capabilities(view.thread()?.cap_effective),
        ..CAPABILITIES
    },
];

/// Length of the clock tick in which procinfo events count.
const TICK_NS: u64 = 10_000_000;

/// CPU use in percent between the two latest samples, on the event that brought the newer one.
fn cpu(view: &View<'_>, ticks: impl Fn(&CpuSample) -> u64) -> Option<Value<'static>> {
    let thread = view.thread()?;
    if !is_procinfo(view) {
        return None;
    }
    let [before, now] = &thread.cpu_samples;
    let elapsed = now.timestamp_ns.saturating_sub(before.timestamp_ns);
    if before.timestamp_ns == 0 || elapsed == 0 {
        return Some(Value::F64(0.0));
    }
    let busy = ticks(now)
        .saturating_sub(ticks(before))
        .saturating_mul(TICK_NS);
    Some(Value::F64(
        (100.0 * busy as f64 / elapsed as f64).min(100.0),
    ))
}

fn of_leader(view: &View<'_>, kib: impl Fn(&Thread) -> u32) -> Option<Value<'static>> {
    let thread = view.thread()?;
    let kib = if thread.is_leader() { kib(thread) } else { 0 };
    Some(Value::U64(u64::from(kib)))
}

fn in_bytes(kib: Option<Value<'static>>) -> Option<Value<'static>> {
    match kib? {
        Value::U64(kib) => Some(Value::U64(kib * 1024)),
        other => Some(other),
    }
}

fn capabilities(set: u64) -> Option<Value<'static>> {
    let names: Vec<&str> = (0..64)
        .filter(|bit| set >> bit & 1 == 1)
        .filter_map(capture_format::table::capability_name)
        .collect();
    owned(names.join(" ").into_bytes())
}
