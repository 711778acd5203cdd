//! `proc.*`: the process behind the event and those before it.

use filter::{Value, ValueType};
use state::Thread;

use crate::field::{Argument, Class, Field, Flags, NumberFormat};
use crate::kin;
use crate::registry::{Arg, Resolved};
use crate::view::{View, owned, text};

const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Process, ValueType::Text)
};

const ID: Field = Field {
    flags: Flags::PROCESS_TABLE,
    format: NumberFormat::Id,
    ..Field::new(Class::Process, ValueType::I64)
};

const NUMBER: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Process, ValueType::U64)
};

const BOOL: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Process, ValueType::Bool)
};

/// Fields about the ancestors, one by one.
const ANCESTOR_FLAGS: Flags = Flags::NO_RHS.and(Flags::NO_TRANSFORMER).and(Flags::MULTI);

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "proc.pid",
        doc: "Id of the process.",
        example: "proc.pid = 1",
        extract: |view, _| Some(Value::I64(view.thread()?.pid)),
        ..ID
    },
    Field {
        name: "proc.exe",
        doc: "First word of the command line, as the program was started; `<NA>` for processes \
              that were never seen starting.",
        example: "proc.exe endswith /nginx",
        extract: |view, _| text(&view.thread()?.exe),
        ..TEXT
    },
    Field {
        name: "proc.name",
        doc: "Command name: that of the executable unless the program changed it, at most 15 \
              bytes; `<NA>` for processes that were never seen starting.",
        example: "proc.name = nginx",
        extract: |view, _| text(&view.thread()?.comm),
        ..TEXT
    },
    Field {
        name: "proc.args",
        argument: Argument::INDEX,
        doc: "Words of the command line after the first, separated by blanks; `[N]` gives one of \
              them, from 0.",
        example: "proc.args contains --config",
        extract: |view, field| {
            let args = &view.thread()?.args;
            match position(field) {
                Some(index) => text(args.get(index).map_or(&b""[..], |arg| arg.as_slice())),
                None => owned(args.join(&b' ')),
            }
        },
        ..TEXT
    },
    Field {
        name: "proc.env",
        argument: Argument::KEY,
        doc: "Environment as NAME=value, separated by blanks; `[NAME]` gives the value of one \
              variable.",
        example: "proc.env[HOME] = /root",
        extract: |view, field| {
            let thread = view.thread()?;
            match &field.arg {
                Arg::Key(name) => text(kin::variable(view.state, thread, name).unwrap_or(b"")),
                _ => owned(kin::environment(view.state, thread).join(&b' ')),
            }
        },
        ..TEXT
    },
    Field {
        name: "proc.cmdline",
        doc: "Command name and arguments, separated by blanks.",
        example: "proc.cmdline contains \"-c /etc\"",
        extract: |view, _| owned(kin::command_line(view.thread()?)),
        ..TEXT
    },
    Field {
        name: "proc.exeline",
        doc: "First word of the command line as given, a blank, and the arguments.",
        example: "proc.exeline startswith /usr/sbin/nginx",
        extract: |view, _| {
            let thread = view.thread()?;
            let mut line = thread.exe.clone();
            line.push(b' ');
            line.extend(thread.args.join(&b' '));
            owned(line)
        },
        ..TEXT
    },
    Field {
        name: "proc.cwd",
        doc: "Current directory with a slash at its end; empty when never learnt.",
        example: "proc.cwd startswith /tmp/",
        extract: |view, _| text(view.state.cwd(view.thread()?)),
        ..TEXT
    },
    Field {
        name: "proc.nthreads",
        doc: "Threads of the process, the main thread included.",
        example: "proc.nthreads > 100",
        extract: |view, _| Some(Value::U64(view.leader()?.child_threads + 1)),
        ..NUMBER
    },
    Field {
        name: "proc.nchilds",
        doc: "Threads of the process other than the main thread; 0 for those themselves.",
        example: "proc.nchilds = 0",
        extract: |view, _| Some(Value::U64(view.thread()?.child_threads)),
        ..NUMBER
    },
    Field {
        name: "proc.ppid",
        doc: "Id of the parent process, -1 when unknown.",
        example: "proc.ppid = 1",
        extract: |view, _| {
            let thread = view.thread()?;
            let leader = view.state.leader(thread);
            Some(Value::I64(leader.map_or(-1, |leader| leader.ptid)))
        },
        ..ID
    },
    Field {
        name: "proc.pname",
        doc: "Command name of the parent process.",
        example: "proc.pname = sshd",
        extract: |view, _| text(&view.parent()?.comm),
        ..TEXT
    },
    Field {
        name: "proc.pcmdline",
        doc: "Command name and arguments of the parent process.",
        example: "proc.pcmdline contains sshd",
        extract: |view, _| owned(kin::command_line(view.parent()?)),
        ..TEXT
    },
    Field {
        name: "proc.apid",
        flags: Flags::PROCESS_TABLE.and(ANCESTOR_FLAGS),
        argument: Argument::INDEX,
        doc: "Id of an ancestor process: `[0]` the process itself, `[1]` its parent, and so on. \
              Without a number a filter tries every ancestor.",
        example: "proc.apid = 1",
        extract: |view, field| of_ancestors(view, field, |process| Some(Value::I64(process.pid))),
        ..ID
    },
    Field {
        name: "proc.aname",
        flags: Flags::PROCESS_TABLE.and(ANCESTOR_FLAGS),
        argument: Argument::INDEX,
        doc: "Command name of an ancestor process: `[0]` the process itself, `[1]` its parent, \
              and so on. Without a number a filter tries every ancestor.",
        example: "proc.aname = sshd",
        extract: |view, field| of_ancestors(view, field, |process| text(&process.comm)),
        ..TEXT
    },
    Field {
        name: "proc.loginshellid",
        doc: "Id of the outermost shell above the process: the last ancestor whose name ends in \
              `sh`.",
        example: "proc.loginshellid = 2000",
        extract: |view, _| {
            let leader = view.leader()?;
            let shells = std::iter::once(leader)
                .chain(kin::ancestors(view.state, leader))
                .filter(|process| process.comm.ends_with(b"sh"));
            Some(Value::I64(shells.last()?.pid))
        },
        ..ID
    },
    Field {
        name: "proc.duration",
        unit: "ns",
        doc: "Nanoseconds since the process was seen starting.",
        example: "proc.duration < 1000000000",
        extract: |view, _| {
            let start = start_ns(view.thread()?)?;
            Some(Value::U64(view.event.timestamp_ns.saturating_sub(start)))
        },
        ..Field {
            flags: Flags::PROCESS_TABLE,
            ..Field::new(Class::Process, ValueType::Duration)
        }
    },
    Field {
        name: "proc.fdopencount",
        doc: "Open descriptors of the process, as far as known.",
        example: "proc.fdopencount > 1000",
        extract: |view, _| {
            let count = view.state.fd_count(view.thread()?);
            Some(Value::U64(count as u64))
        },
        ..NUMBER
    },
    Field {
        name: "proc.fdlimit",
        doc: "Open descriptors that the process may have, -1 when unknown.",
        example: "proc.fdlimit < 4096",
        extract: |view, _| Some(Value::I64(kin::fd_limit(view.state, view.thread()?))),
        ..Field {
            format: NumberFormat::Dec,
            ..ID
        }
    },
    Field {
        name: "proc.fdusage",
        unit: "percent",
        doc: "Open descriptors in percent of the limit, 0 when the limit is unknown.",
        example: "proc.fdusage > 90",
        extract: |view, _| {
            let thread = view.thread()?;
            let limit = kin::fd_limit(view.state, thread);
            let count = view.state.fd_count(thread) as f64;
            Some(Value::F64(match limit {
                ..=0 => 0.0,
                limit => (100.0 * count / limit as f64).min(100.0),
            }))
        },
        ..Field {
            flags: Flags::PROCESS_TABLE,
            ..Field::new(Class::Process, ValueType::Double)
        }
    },
    Field {
        name: "proc.vmsize",
        unit: "KiB",
        doc: "Virtual memory of the process in KiB, as last reported.",
        example: "proc.vmsize > 1000000",
        extract: |view, _| Some(Value::U64(u64::from(view.thread()?.vm_size_kib))),
        ..NUMBER
    },
    Field {
        name: "proc.vmrss",
        unit: "KiB",
        doc: "Resident memory of the process in KiB, as last reported.",
        example: "proc.vmrss > 1000000",
        extract: |view, _| Some(Value::U64(u64::from(view.thread()?.vm_rss_kib))),
        ..NUMBER
    },
    Field {
        name: "proc.vmswap",
        unit: "KiB",
        doc: "Swapped-out memory of the process in KiB, as last reported.",
        example: "proc.vmswap > 0",
        extract: |view, _| Some(Value::U64(u64::from(view.thread()?.vm_swap_kib))),
        ..NUMBER
    },
    Field {
        name: "proc.vpid",
        doc: "Id of the process inside its own pid namespace.",
        example: "proc.vpid = 1",
        extract: |view, _| known(view.thread()?.vpid),
        ..ID
    },
    Field {
        name: "proc.sid",
        doc: "Session id inside the process's own pid namespace, -1 when unknown.",
        example: "proc.sid = 2000",
        extract: |view, _| Some(Value::I64(view.thread()?.sid)),
        ..ID
    },
    Field {
        name: "proc.sname",
        doc: "Command name of the session leader, or of the farthest ancestor in the session when \
              the leader is gone.",
        example: "proc.sname = bash",
        extract: |view, _| text(&kin::session_leader(view.state, view.thread()?)?.comm),
        ..TEXT
    },
    Field {
        name: "proc.tty",
        format: NumberFormat::Id,
        doc: "Device number of the controlling terminal, 0 without one.",
        example: "proc.tty != 0",
        extract: |view, _| Some(Value::U64(u64::from(view.thread()?.tty))),
        ..Field {
            flags: Flags::PROCESS_TABLE,
            ..Field::new(Class::Process, ValueType::U32)
        }
    },
    Field {
        name: "proc.exepath",
        doc: "Full path of the executable, as the kernel resolved it; empty when unknown.",
        example: "proc.exepath = /usr/sbin/nginx",
        extract: |view, _| text(&view.thread()?.exe_path),
        ..TEXT
    },
    Field {
        name: "proc.vpgid",
        doc: "Process group id inside the process's own pid namespace, -1 when unknown.",
        example: "proc.vpgid = 2000",
        extract: |view, _| Some(Value::I64(view.thread()?.vpgid)),
        ..ID
    },
    Field {
        name: "proc.is_container_healthcheck",
        doc: "The process belongs to the health check of its container.",
        example: "proc.is_container_healthcheck = true",
        extract: |view, _| is_probe(view, |probes| probes.healthcheck.as_ref()),
        ..BOOL
    },
    Field {
        name: "proc.is_container_liveness_probe",
        doc: "The process belongs to the liveness probe of its pod.",
        example: "proc.is_container_liveness_probe = true",
        extract: |view, _| is_probe(view, |probes| probes.liveness.as_ref()),
        ..BOOL
    },
    Field {
        name: "proc.is_container_readiness_probe",
        doc: "The process belongs to the readiness probe of its pod.",
        example: "proc.is_container_readiness_probe = true",
        extract: |view, _| is_probe(view, |probes| probes.readiness.as_ref()),
        ..BOOL
    },
    Field {
        name: "proc.is_exe_writable",
        doc: "The user could have written to the executable when it was started.",
        example: "proc.is_exe_writable = true",
        extract: |view, _| Some(Value::Bool(view.thread()?.exe_writable)),
        ..BOOL
    },
];

/// The position in brackets, if there was one.
pub(super) fn position(field: &Resolved) -> Option<usize> {
    match field.arg {
        Arg::Index(index) => Some(usize::try_from(index).unwrap_or(usize::MAX)),
        _ => None,
    }
}

/// An id that is -1 when unknown.
pub(super) fn known(id: i64) -> Option<Value<'static>> {
    (id != -1).then_some(Value::I64(id))
}

/// When the process was seen starting.
pub(super) fn start_ns(thread: &Thread) -> Option<u64> {
    (thread.clone_ts_ns != 0).then_some(thread.clone_ts_ns)
}

/// The N-th ancestor's value, or every ancestor's when no N was given.
pub(super) fn of_ancestors<'v>(
    view: &'v View<'v>,
    field: &Resolved,
    value: impl Fn(&'v Thread) -> Option<Value<'v>>,
) -> Option<Value<'v>> {
    let process = view.leader()?;
    match position(field) {
        Some(0) => value(process),
        Some(distance) => value(kin::ancestors(view.state, process).nth(distance - 1)?),
        None => {
            let values: Vec<_> = kin::ancestors(view.state, process)
                .filter_map(value)
                .collect();
            Some(Value::AnyOf(values))
        }
    }
}

/// The process, or one above it in the same container, runs the probe's command.
fn is_probe(
    view: &View<'_>,
    probe: impl Fn(&state::container::Probes) -> Option<&state::container::Probe>,
) -> Option<Value<'static>> {
    let process = view.thread()?;
    let found = view
        .state
        .container(&process.container_id)
        .and_then(|container| probe(&container.probes))
        .is_some_and(|probe| {
            std::iter::once(process)
                .chain(kin::ancestors(view.state, process))
                .take_while(|ancestor| ancestor.container_id == process.container_id)
                .any(|ancestor| runs(ancestor, probe))
        });
    Some(Value::Bool(found))
}

fn runs(thread: &Thread, probe: &state::container::Probe) -> bool {
    thread.exe == probe.exe.as_bytes()
        && thread
            .args
            .iter()
            .map(Vec::as_slice)
            .eq(probe.args.iter().map(String::as_bytes))
}
