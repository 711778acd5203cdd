//! `proc.*`: what newer captures know: the executable's file, groups, standard descriptors.

use filter::{Value, ValueType};
use state::Thread;

use super::process::{of_ancestors, position, start_ns};
use crate::field::{Argument, Class, Field, Flags, NumberFormat};
use crate::kin;
use crate::registry::Arg;
use crate::view::{View, owned, text};

const TEXT: Field = Field::new(Class::Process, ValueType::Text);
const BOOL: Field = Field::new(Class::Process, ValueType::Bool);
const NUMBER: Field = Field::new(Class::Process, ValueType::U64);

const ID: Field = Field {
    format: NumberFormat::Id,
    ..Field::new(Class::Process, ValueType::I64)
};

const TIME: Field = Field {
    unit: "ns since epoch",
    ..Field::new(Class::Process, ValueType::Time)
};

const DURATION: Field = Field {
    unit: "ns",
    ..Field::new(Class::Process, ValueType::Duration)
};

const ANCESTOR: Field = Field {
    flags: Flags::NO_RHS.and(Flags::NO_TRANSFORMER).and(Flags::MULTI),
    argument: Argument::INDEX,
    ..TEXT
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "proc.cmdnargs",
        doc: "Words of the command line after the first.",
        example: "proc.cmdnargs > 50",
        extract: |view, _| Some(Value::U64(view.thread()?.args.len() as u64)),
        ..NUMBER
    },
    Field {
        name: "proc.cmdlenargs",
        unit: "bytes",
        doc: "Bytes in the words of the command line after the first, blanks not counted.",
        example: "proc.cmdlenargs > 1000",
        extract: |view, _| {
            let bytes: usize = view.thread()?.args.iter().map(Vec::len).sum();
            Some(Value::U64(bytes as u64))
        },
        ..NUMBER
    },
    Field {
        name: "proc.pvpid",
        doc: "Id of the parent process inside its own pid namespace.",
        example: "proc.pvpid = 1",
        extract: |view, _| Some(Value::I64(view.parent()?.vpid)),
        ..ID
    },
    Field {
        name: "proc.is_exe_upper_layer",
        doc: "The executable lies in the writable layer of an overlay: it was made or changed \
              after the container's start.",
        example: "proc.is_exe_upper_layer = true",
        extract: |view, _| Some(Value::Bool(view.thread()?.exe_upper_layer)),
        ..BOOL
    },
    Field {
        name: "proc.is_exe_lower_layer",
        doc: "The executable lies in a read-only layer of an overlay: it came with the image.",
        example: "proc.is_exe_lower_layer = false and container.id != host",
        extract: |view, _| Some(Value::Bool(view.thread()?.exe_lower_layer)),
        ..BOOL
    },
    Field {
        name: "proc.is_exe_from_memfd",
        doc: "The executable is an anonymous file in memory.",
        example: "proc.is_exe_from_memfd = true",
        extract: |view, _| Some(Value::Bool(view.thread()?.exe_from_memfd)),
        ..BOOL
    },
    Field {
        name: "proc.exe_ino",
        doc: "Inode number of the executable.",
        example: "proc.exe_ino = 131074",
        extract: |view, _| {
            let ino = view.thread()?.exe_ino;
            (ino != 0).then(|| Value::I64(ino.cast_signed()))
        },
        ..Field::new(Class::Process, ValueType::I64)
    },
    Field {
        name: "proc.exe_ino.ctime",
        doc: "When the executable's inode last changed.",
        example: "proc.exe_ino.ctime > 1700000000000000000",
        extract: |view, _| nonzero(view.thread()?.exe_ino_ctime_ns),
        ..TIME
    },
    Field {
        name: "proc.exe_ino.mtime",
        doc: "When the executable's contents last changed.",
        example: "proc.exe_ino.mtime > 1700000000000000000",
        extract: |view, _| nonzero(view.thread()?.exe_ino_mtime_ns),
        ..TIME
    },
    Field {
        name: "proc.exe_ino.ctime_duration_proc_start",
        unit: "ns",
        doc: "Nanoseconds from the last change of the executable's inode to the start of the \
              process.",
        example: "proc.exe_ino.ctime_duration_proc_start < 1000000000",
        extract: |view, _| {
            let thread = view.thread()?;
            between(thread.exe_ino_ctime_ns, start_ns(thread)?)
        },
        ..TIME
    },
    Field {
        name: "proc.exe_ino.ctime_duration_pidns_start",
        unit: "ns",
        doc: "Nanoseconds from the start of the pid namespace (of the container) to a later \
              change of the executable's inode.",
        example: "proc.exe_ino.ctime_duration_pidns_start > 0",
        extract: |view, _| {
            let thread = view.thread()?;
            between(thread.pidns_init_start_ns, thread.exe_ino_ctime_ns)
        },
        ..TIME
    },
    Field {
        name: "proc.pidns_init_start_ts",
        unit: "ns since epoch",
        doc: "When the first process of the pid namespace started.",
        example: "proc.pidns_init_start_ts > 1700000000000000000",
        extract: |view, _| nonzero(view.thread()?.pidns_init_start_ns),
        ..NUMBER
    },
    Field {
        name: "proc.pexe",
        doc: "First word of the parent's command line.",
        example: "proc.pexe endswith /bash",
        extract: |view, _| text(&view.parent()?.exe),
        ..TEXT
    },
    Field {
        name: "proc.aexe",
        doc: "First word of an ancestor's command line, numbered as in `proc.aname`.",
        example: "proc.aexe endswith /sshd",
        extract: |view, field| of_ancestors(view, field, |process| text(&process.exe)),
        ..ANCESTOR
    },
    Field {
        name: "proc.pexepath",
        doc: "Full path of the parent's executable.",
        example: "proc.pexepath = /usr/bin/bash",
        extract: |view, _| text(&view.parent()?.exe_path),
        ..TEXT
    },
    Field {
        name: "proc.aexepath",
        doc: "Full path of an ancestor's executable, numbered as in `proc.aname`.",
        example: "proc.aexepath = /usr/sbin/sshd",
        extract: |view, field| of_ancestors(view, field, |process| text(&process.exe_path)),
        ..ANCESTOR
    },
    Field {
        name: "proc.acmdline",
        doc: "Command name and arguments of an ancestor, numbered as in `proc.aname`.",
        example: "proc.acmdline[1] contains cron",
        extract: |view, field| {
            of_ancestors(view, field, |process| owned(kin::command_line(process)))
        },
        ..ANCESTOR
    },
    Field {
        name: "proc.aargs",
        argument: Argument::INDEX,
        doc: "Arguments of an ancestor, numbered as in `proc.aname`; without a number those of \
              all ancestors, separated by blanks.",
        example: "proc.aargs[1] contains -c",
        extract: |view, field| {
            let process = view.leader()?;
            let joined = match position(field) {
                Some(0) => process.args.join(&b' '),
                Some(distance) => {
                    let ancestor = kin::ancestors(view.state, process).nth(distance - 1)?;
                    ancestor.args.join(&b' ')
                }
                None => kin::ancestors(view.state, process)
                    .flat_map(|ancestor| ancestor.args.clone())
                    .collect::<Vec<_>>()
                    .join(&b' '),
            };
            if joined.is_empty() {
                None
            } else {
                owned(joined)
            }
        },
        ..TEXT
    },
    Field {
        name: "proc.aenv",
        flags: Flags::NO_RHS.and(Flags::NO_TRANSFORMER).and(Flags::MULTI),
        argument: Argument::INDEX.or_key(),
        doc: "Environment of an ancestor, numbered as in `proc.aname`; `[NAME]` gives the value \
              of a variable in the nearest ancestor that has it.",
        example: "proc.aenv[SUDO_USER] = alice",
        extract: |view, field| match &field.arg {
            Arg::Key(name) => {
                let process = view.leader()?;
                let value = kin::ancestors(view.state, process)
                    .take(20)
                    .find_map(|ancestor| kin::variable(view.state, ancestor, name));
                text(value.unwrap_or(b""))
            }
            _ => of_ancestors(view, field, |process| owned(process.env.join(&b' '))),
        },
        ..TEXT
    },
    Field {
        name: "proc.sid.exe",
        doc: "First word of the session leader's command line.",
        example: "proc.sid.exe = -bash",
        extract: |view, _| leader_text(kin::session_leader(view.state, view.thread()?), |t| &t.exe),
        ..TEXT
    },
    Field {
        name: "proc.sid.exepath",
        doc: "Full path of the session leader's executable.",
        example: "proc.sid.exepath = /usr/bin/bash",
        extract: |view, _| {
            leader_text(kin::session_leader(view.state, view.thread()?), |t| {
                &t.exe_path
            })
        },
        ..TEXT
    },
    Field {
        name: "proc.ppid.duration",
        doc: "Nanoseconds since the parent process was seen starting.",
        example: "proc.ppid.duration < 1000000000",
        extract: |view, _| {
            let start = start_ns(view.parent()?)?;
            Some(Value::U64(view.event.timestamp_ns.saturating_sub(start)))
        },
        ..DURATION
    },
    Field {
        name: "proc.pid.ts",
        unit: "ns since epoch",
        doc: "When the process was seen starting.",
        example: "proc.pid.ts > 1700000000000000000",
        extract: |view, _| start_ns(view.thread()?).map(Value::U64),
        ..DURATION
    },
    Field {
        name: "proc.ppid.ts",
        unit: "ns since epoch",
        doc: "When the parent process was seen starting, 0 when it was not.",
        example: "proc.ppid.ts > 1700000000000000000",
        extract: |view, _| Some(Value::U64(view.parent()?.clone_ts_ns)),
        ..DURATION
    },
    Field {
        name: "proc.vpgid.name",
        doc: "Command name of the leader of the process group in its own pid namespace.",
        example: "proc.vpgid.name = make",
        extract: |view, _| {
            leader_text(kin::virtual_group_leader(view.state, view.thread()?), |t| {
                &t.comm
            })
        },
        ..TEXT
    },
    Field {
        name: "proc.vpgid.exe",
        doc: "First word of the command line of the leader of the process group in its own pid \
              namespace.",
        example: "proc.vpgid.exe = /usr/bin/make",
        extract: |view, _| {
            leader_text(kin::virtual_group_leader(view.state, view.thread()?), |t| {
                &t.exe
            })
        },
        ..TEXT
    },
    Field {
        name: "proc.vpgid.exepath",
        doc: "Full path of the executable of the leader of the process group in its own pid \
              namespace.",
        example: "proc.vpgid.exepath = /usr/bin/make",
        extract: |view, _| {
            leader_text(kin::virtual_group_leader(view.state, view.thread()?), |t| {
                &t.exe_path
            })
        },
        ..TEXT
    },
    Field {
        name: "proc.is_sid_leader",
        doc: "The process leads its session.",
        example: "proc.is_sid_leader = true",
        extract: |view, _| {
            let thread = view.thread()?;
            Some(Value::Bool(thread.sid == thread.vpid))
        },
        ..BOOL
    },
    Field {
        name: "proc.is_vpgid_leader",
        doc: "The process leads its process group, by the ids of its own pid namespace.",
        example: "proc.is_vpgid_leader = true",
        extract: |view, _| {
            let thread = view.thread()?;
            Some(Value::Bool(thread.vpgid == thread.vpid))
        },
        ..BOOL
    },
    Field {
        name: "proc.stdin.type",
        doc: "Kind of the process's standard input, as in `fd.type`.",
        example: "proc.stdin.type = ipv4",
        extract: |view, _| standard_type(view, 0),
        ..TEXT
    },
    Field {
        name: "proc.stdout.type",
        doc: "Kind of the process's standard output, as in `fd.type`.",
        example: "proc.stdout.type = ipv4",
        extract: |view, _| standard_type(view, 1),
        ..TEXT
    },
    Field {
        name: "proc.stderr.type",
        doc: "Kind of the process's standard error, as in `fd.type`.",
        example: "proc.stderr.type = ipv4",
        extract: |view, _| standard_type(view, 2),
        ..TEXT
    },
    Field {
        name: "proc.stdin.name",
        doc: "Name of the process's standard input, as in `fd.name`.",
        example: "proc.stdin.name = /dev/null",
        extract: |view, _| standard_name(view, 0),
        ..TEXT
    },
    Field {
        name: "proc.stdout.name",
        doc: "Name of the process's standard output, as in `fd.name`.",
        example: "proc.stdout.name startswith /var/log/",
        extract: |view, _| standard_name(view, 1),
        ..TEXT
    },
    Field {
        name: "proc.stderr.name",
        doc: "Name of the process's standard error, as in `fd.name`.",
        example: "proc.stderr.name startswith /var/log/",
        extract: |view, _| standard_name(view, 2),
        ..TEXT
    },
    Field {
        name: "proc.pgid",
        doc: "Process group id, -1 when unknown.",
        example: "proc.pgid = 2000",
        extract: |view, _| Some(Value::I64(view.thread()?.pgid)),
        ..ID
    },
    Field {
        name: "proc.pgid.name",
        doc: "Command name of the leader of the process group.",
        example: "proc.pgid.name = make",
        extract: |view, _| leader_text(kin::group_leader(view.state, view.thread()?), |t| &t.comm),
        ..TEXT
    },
    Field {
        name: "proc.pgid.exe",
        doc: "First word of the command line of the leader of the process group.",
        example: "proc.pgid.exe = /usr/bin/make",
        extract: |view, _| leader_text(kin::group_leader(view.state, view.thread()?), |t| &t.exe),
        ..TEXT
    },
    Field {
        name: "proc.pgid.exepath",
        doc: "Full path of the executable of the leader of the process group.",
        example: "proc.pgid.exepath = /usr/bin/make",
        extract: |view, _| {
            leader_text(kin::group_leader(view.state, view.thread()?), |t| {
                &t.exe_path
            })
        },
        ..TEXT
    },
    Field {
        name: "proc.is_pgid_leader",
        doc: "The process leads its process group.",
        example: "proc.is_pgid_leader = true",
        extract: |view, _| {
            let thread = view.thread()?;
            Some(Value::Bool(thread.pgid == thread.pid))
        },
        ..BOOL
    },
];

fn nonzero(number: u64) -> Option<Value<'static>> {
    (number != 0).then_some(Value::U64(number))
}

/// Time from one moment to a later one, both known.
fn between(from_ns: u64, to_ns: u64) -> Option<Value<'static>> {
    let known = from_ns != 0 && to_ns != 0;
    known.then(|| to_ns.checked_sub(from_ns))?.map(Value::U64)
}

/// Something of a leader, empty when there is none.
fn leader_text<'v>(leader: Option<&'v Thread>, of: fn(&Thread) -> &Vec<u8>) -> Option<Value<'v>> {
    text(leader.map_or(&b""[..], |leader| of(leader).as_slice()))
}

fn standard_type<'v>(view: &View<'v>, fd: i64) -> Option<Value<'v>> {
    let info = view.state.fd(view.leader()?, fd)?;
    Some(Value::text(info.kind.type_name()))
}

fn standard_name<'v>(view: &View<'v>, fd: i64) -> Option<Value<'v>> {
    text(&view.state.fd(view.leader()?, fd)?.name)
}
