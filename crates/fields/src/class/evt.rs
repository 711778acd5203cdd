//! `evt.*`: what happened, with which parameters and result.

use capture_format::Event;
use capture_format::table::{Category, Direction, EventInfo, flags as event_flags, syscall};
use filter::{Value, ValueType};
use state::FdKind;

use super::evt_time::latency;
use super::generic::built;
use crate::field::{Argument, Class, Field, Flags, NumberFormat, Suffix};
use crate::names;
use crate::param::{self, Param, is_generic, signed, unsigned};
use crate::path;
use crate::registry::{Arg, Resolved};
use crate::syslog::Message;
use crate::view::{View, owned, text};

const TEXT: Field = Field::new(Class::Event, ValueType::Text);
const BOOL: Field = Field::new(Class::Event, ValueType::Bool);

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "evt.dir",
        flags: Flags::DEPRECATED,
        values: &[">", "<"],
        doc: "`>` for the start of a call and for events that have no end, `<` for the end.",
        example: "evt.dir = <",
        extract: |view, _| Some(Value::text(if is_exit(&view.event) { "<" } else { ">" })),
        ..TEXT
    },
    Field {
        name: "evt.type",
        doc: "Name of the event, which is that of the system call for all calls.",
        example: "evt.type in (open, openat)",
        extract: |view, _| Some(Value::text(names::event_type(&view.event))),
        ..TEXT
    },
    Field {
        name: "evt.type.is",
        format: NumberFormat::None,
        argument: Argument::suffix(Suffix::EventType).required(),
        doc: "1 if the event's number in the event table is the one given, or that of the first \
              event of the name given or of its end; 0 otherwise. For views that add up.",
        example: "evt.type.is.open = 1",
        extract: |view, field| {
            let Arg::Index(wanted) = field.arg else {
                return None;
            };
            let number = i64::from(view.event.ty.0);
            Some(Value::U64(u64::from(
                number == wanted || number == (wanted | 1),
            )))
        },
        ..Field::new(Class::Event, ValueType::U32)
    },
    Field {
        name: "syscall.type",
        doc: "Name of the system call; other events have none.",
        example: "syscall.type = open",
        extract: |view, _| {
            is_syscall(&view.event).then(|| Value::text(names::event_type(&view.event)))
        },
        ..TEXT
    },
    Field {
        name: "evt.category",
        doc: "What kind of activity the event belongs to. Reads, writes and the like take the \
              kind of their descriptor: file, net or ipc.",
        values: &[
            "file",
            "net",
            "IPC",
            "ipc",
            "memory",
            "process",
            "sleep",
            "system",
            "signal",
            "user",
            "time",
            "processing",
            "wait",
            "scheduler",
            "internal",
            "other",
            "unknown",
        ],
        example: "evt.category = net",
        extract: |view, _| Some(Value::text(category(view))),
        ..TEXT
    },
    Field {
        name: "evt.cpu",
        format: NumberFormat::Id,
        doc: "CPU on which the event was recorded.",
        example: "evt.cpu = 0",
        extract: |view, _| Some(Value::I64(i64::from(view.event.cpu))),
        ..Field::new(Class::Event, ValueType::I16)
    },
    Field {
        name: "evt.args",
        doc: "All parameters as NAME=VALUE or NAME=VALUE(DECODED), separated by blanks.",
        example: "evt.args contains /etc/passwd",
        extract: |view, _| built(|out| param::write_all(view, out)),
        write: Some(|view, _, out| {
            param::write_all(view, out);
            true
        }),
        ..TEXT
    },
    Field {
        name: "evt.arg",
        argument: Argument::suffix(Suffix::Param).or_index().required(),
        doc: "One parameter by name or by position from 0, in decoded form where it has one: the \
              name behind a descriptor, of an error, of flags.",
        example: "evt.arg.flags contains O_CREAT",
        extract: |view, field| {
            let param = selected(view, &field.arg)?;
            built(|out| param::write_one(view, &param, out))
        },
        write: Some(|view, field, out| {
            let param = selected(view, &field.arg);
            if let Some(param) = &param {
                param::write_one(view, param, out);
            }
            param.is_some()
        }),
        ..TEXT
    },
    Field {
        name: "evt.rawarg",
        flags: Flags::NO_RHS.and(Flags::NO_TRANSFORMER),
        argument: Argument::suffix(Suffix::Param).required(),
        doc: "One parameter by name as the number, address or bytes that were recorded.",
        example: "evt.rawarg.res = -2",
        extract: |view, field| param::raw_value(&selected(view, &field.arg)?),
        ..TEXT
    },
    Field {
        name: "evt.info",
        doc: "What the default line shows of the event: its parameters as in `evt.args`, or the \
              message for a write to the system log.",
        example: "evt.info contains sev=err",
        extract: |view, _| built(|out| write_info(view, out)),
        write: Some(|view, _, out| {
            write_info(view, out);
            true
        }),
        ..TEXT
    },
    Field {
        name: "evt.buffer",
        doc: "Bytes that were read, written, sent or received, as far as they were recorded (-s).",
        example: "evt.buffer contains \"GET /\"",
        extract: |view, _| Some(Value::Bytes(view.param("data")?.into())),
        ..Field::new(Class::Event, ValueType::Bytes)
    },
    Field {
        name: "evt.res",
        format: NumberFormat::Dec,
        doc: "`SUCCESS`, or the name of the error with which the call failed.",
        example: "evt.res = ENOENT",
        extract: |view, _| match result(view)? {
            0.. => Some(Value::text("SUCCESS")),
            failure => match names::errno(failure) {
                Some(name) => Some(Value::text(name)),
                None => owned(failure.to_string().into_bytes()),
            },
        },
        ..TEXT
    },
    Field {
        name: "evt.rawres",
        doc: "What the call returned: negative error code, or the descriptor for calls that make \
              one.",
        example: "evt.rawres < 0",
        extract: |view, _| Some(Value::I64(result(view)?)),
        ..Field::new(Class::Event, ValueType::I64)
    },
    Field {
        name: "evt.failed",
        doc: "The call failed. False also for events without result.",
        example: "evt.failed = true",
        extract: |view, _| Some(Value::Bool(failed(view))),
        ..BOOL
    },
    Field {
        name: "evt.is_wait",
        doc: "The call can make its thread wait (sleep, select, poll, futex, …).",
        example: "evt.is_wait = true",
        extract: |view, _| Some(Value::Bool(has_flags(&view.event, event_flags::WAITS))),
        ..BOOL
    },
    Field {
        name: "evt.wait_latency",
        flags: Flags::DEPRECATED,
        unit: "ns",
        doc: "Nanoseconds that a call which can wait took.",
        example: "evt.wait_latency > 1000000000",
        extract: |view, _| {
            let waited = has_flags(&view.event, event_flags::WAITS) && is_exit(&view.event);
            waited.then(|| Value::U64(latency(view).unwrap_or(0)))
        },
        ..Field::new(Class::Event, ValueType::Duration)
    },
    Field {
        name: "evt.is_syslog",
        doc: "The call writes to the system log, /dev/log.",
        example: "evt.is_syslog = true",
        extract: |view, _| {
            let writes = has_flags(&view.event, event_flags::WRITES_TO_FD);
            Some(Value::Bool(
                writes && view.fd().is_some_and(crate::syslog::is_log),
            ))
        },
        ..BOOL
    },
    Field {
        name: "evt.around",
        flags: Flags::FILTER_ONLY
            .and(Flags::NO_RHS)
            .and(Flags::NO_TRANSFORMER),
        argument: Argument::INDEX.required(),
        doc: "Events at most so many milliseconds before or after a time in epoch nanoseconds.",
        example: "evt.around[1554914834717699659] = 100",
        extract: |view, field| {
            let Arg::Index(center) = field.arg else {
                return None;
            };
            let center = u64::try_from(center).ok()?;
            Some(Value::U64(view.event.timestamp_ns.abs_diff(center)))
        },
        ..Field::new(Class::Event, ValueType::U64)
    },
    Field {
        name: "evt.abspath",
        argument: Argument::suffix(Suffix::Side),
        doc: "Path of a call that takes it relative to a directory descriptor, made absolute. \
              `.src` (the default) and `.dst` tell the two paths of renameat and linkat apart.",
        example: "evt.abspath.dst startswith /etc/",
        extract: |view, field| owned(absolute_path(view, &field.arg)?),
        ..TEXT
    },
    Field {
        name: "evt.infra.docker.name",
        doc: "Name of the event that Docker reported.",
        example: "evt.infra.docker.name = start",
        extract: |view, _| text(docker_item(view, b"Event:")?),
        ..DOCKER
    },
    Field {
        name: "evt.infra.docker.container.id",
        doc: "Short id of the container about which Docker reported an event.",
        example: "evt.infra.docker.container.id = 5b6e2b7e9c11",
        extract: |view, _| {
            let id = docker_item(view, b"ID:")?;
            text(&id[..id.len().min(12)])
        },
        ..DOCKER
    },
    Field {
        name: "evt.infra.docker.container.name",
        doc: "Name of the container about which Docker reported an event.",
        example: "evt.infra.docker.container.name = web",
        extract: |view, _| text(docker_item(view, b"name:")?),
        ..DOCKER
    },
    Field {
        name: "evt.infra.docker.container.image",
        doc: "Image, without digest, of the container about which Docker reported an event.",
        example: "evt.infra.docker.container.image = nginx:latest",
        extract: |view, _| {
            let image = docker_item(view, b"Image:")?;
            text(image.split(|&b| b == b'@').next().unwrap_or(image))
        },
        ..DOCKER
    },
];

const DOCKER: Field = Field {
    flags: Flags::TABLE_ONLY,
    ..TEXT
};

pub(super) fn is_exit(event: &Event<'_>) -> bool {
    event.ty.direction() == Direction::Exit
}

/// The event type has all the given `EF_*` bits.
pub(super) fn has_flags(event: &Event<'_>, bits: u32) -> bool {
    event.info().is_some_and(|info| info.flags & bits == bits)
}

fn is_syscall(event: &Event<'_>) -> bool {
    event.info().is_some_and(is_syscall_type)
}

/// Events of this type count as system calls: all but switches and notes. Ends of processes and
/// signals do, as they always have.
pub(crate) fn is_syscall_type(info: &EventInfo) -> bool {
    info.flags & event_flags::SKIPPARSERESET == 0
        && !matches!(info.category, Category::Internal | Category::Scheduler)
}

/// The event type's category; that of the call for calls without a decoder.
pub(super) fn event_category(event: &Event<'_>) -> Category {
    if is_generic(event) {
        let code = event.param(0).and_then(unsigned);
        let call = code.and_then(|code| syscall(u16::try_from(code).ok()?));
        return call.map_or(Category::Unknown, |call| call.category);
    }
    event.info().map_or(Category::Unknown, |info| info.category)
}

fn category(view: &View<'_>) -> &'static str {
    match event_category(&view.event) {
        Category::Unknown => "unknown",
        Category::Other => "other",
        Category::File => "file",
        Category::Net => "net",
        Category::Ipc => "IPC",
        Category::Memory => "memory",
        Category::Process => "process",
        Category::Sleep => "sleep",
        Category::System => "system",
        Category::Signal => "signal",
        Category::User => "user",
        Category::Time => "time",
        Category::Processing => "processing",
        Category::Wait => "wait",
        Category::Scheduler => "scheduler",
        Category::Internal => "internal",
        Category::IoRead | Category::IoWrite | Category::IoOther => match view.fd() {
            None => "unknown",
            Some(fd) => match fd.kind {
                FdKind::File | FdKind::Directory | FdKind::Memfd => "file",
                FdKind::Ipv4 | FdKind::Ipv6 | FdKind::Ipv4Server | FdKind::Ipv6Server => "net",
                FdKind::Pipe | FdKind::Unix | FdKind::Event | FdKind::Signal | FdKind::Inotify => {
                    "ipc"
                }
                _ => "unknown",
            },
        },
    }
}

/// The parameter that `evt.arg` and `evt.rawarg` ask for.
fn selected<'a>(view: &View<'a>, arg: &Arg) -> Option<Param<'a>> {
    let index = match arg {
        Arg::Index(index) => usize::try_from(*index).ok()?,
        Arg::Param(by_name) => by_name.position_in(&view.event)?,
        Arg::None | Arg::Key(_) | Arg::Name(_) => return None,
    };
    Param::at(&view.event, index)
}

fn write_info(view: &View<'_>, out: &mut Vec<u8>) {
    match Message::of(view) {
        Some(message) => message.write_summary(out),
        None => param::write_all(view, out),
    }
}

/// What the call returned: `res`, or the descriptor of calls that make one.
pub(super) fn result(view: &View<'_>) -> Option<i64> {
    if let Some(res) = view.param("res") {
        return signed(res);
    }
    let makes_fd = has_flags(&view.event, event_flags::CREATES_FD) && is_exit(&view.event);
    makes_fd.then(|| signed(view.param("fd")?)).flatten()
}

pub(super) fn failed(view: &View<'_>) -> bool {
    result(view).is_some_and(|result| result < 0)
}

/// Calls with directory descriptors: event types, then descriptor and path parameter of the
/// source, and of the destination where it is another.
type AtCall = (
    &'static [u16],
    (&'static str, &'static str),
    (&'static str, &'static str),
);

const AT_CALLS: &[AtCall] = &[
    (
        &[177, 319],
        ("olddirfd", "oldpath"),
        ("newdirfd", "newpath"),
    ),
    (&[106, 311], ("olddir", "oldpath"), ("newdir", "newpath")),
    (&[181], ("linkdirfd", "linkpath"), ("linkdirfd", "linkpath")),
    (&[102, 307, 327], ("dirfd", "name"), ("dirfd", "name")),
    (&[110, 303], ("dirfd", "name"), ("dirfd", "name")),
    (&[305], ("dirfd", "path"), ("dirfd", "path")),
    (&[313], ("dirfd", "filename"), ("dirfd", "filename")),
    (&[385], ("dirfd", "pathname"), ("dirfd", "pathname")),
    (&[337], ("mountfd", "path"), ("mountfd", "path")),
];

fn absolute_path(view: &View<'_>, arg: &Arg) -> Option<Vec<u8>> {
    let thread = view.thread()?;
    let (_, source, destination) = AT_CALLS
        .iter()
        .find(|(types, ..)| types.contains(&view.event.ty.0))?;
    let (dirfd, name) = match arg {
        Arg::Name(side) if side == "dst" => destination,
        _ => source,
    };
    let dirfd = signed(view.param(dirfd)?)?;
    let name = param::until_nul(view.param(name)?);
    let directory = path::directory(view, thread, dirfd, name);
    Some(state::path::resolve(&directory, name))
}

/// An item such as `ID:5b6e…` of the description of a Docker event.
fn docker_item<'a>(view: &View<'a>, key: &[u8]) -> Option<&'a [u8]> {
    if names::event_type(&view.event) != "infra"
        || !param::until_nul(view.param("source")?).eq_ignore_ascii_case(b"docker")
    {
        return None;
    }
    let description = param::until_nul(view.param("description")?);
    let mut items = description.split(|&b| b == b';');
    items.find_map(|item| item.trim_ascii().strip_prefix(key))
}

/// How the fields of this file look at the view, for those in other files.
pub(super) fn flag(view: &View<'_>, _: &Resolved, bits: u32) -> Option<Value<'static>> {
    let set = view.event.info().is_some_and(|info| info.flags & bits != 0);
    Some(Value::Bool(set))
}
