//! `evt.*`: reading, writing and opening.

use capture_format::table::{Category, flags as event_flags};
use filter::{Value, ValueType};
use state::FdKind;

use super::evt::{event_category, flag, has_flags, is_exit, result};
use crate::field::{Class, Field, Flags};
use crate::param::unsigned;
use crate::view::View;

const BOOL: Field = Field::new(Class::Event, ValueType::Bool);

const BYTES: Field = Field {
    flags: Flags::TABLE_ONLY,
    unit: "bytes",
    ..Field::new(Class::Event, ValueType::U64)
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "evt.buflen",
        flags: Flags::NONE,
        doc: "Bytes that a read, write, send or receive moved, recorded or not.",
        example: "evt.buflen > 1000000",
        extract: |view, _| moved(view, Any, |_| true),
        ..BYTES
    },
    Field {
        name: "evt.is_io",
        doc: "The call reads from or writes to a descriptor.",
        example: "evt.is_io = true",
        extract: |view, field| flag(view, field, READS | WRITES),
        ..BOOL
    },
    Field {
        name: "evt.is_io_read",
        doc: "The call reads from a descriptor.",
        example: "evt.is_io_read = true and fd.type = file",
        extract: |view, field| flag(view, field, READS),
        ..BOOL
    },
    Field {
        name: "evt.is_io_write",
        doc: "The call writes to a descriptor.",
        example: "evt.is_io_write = true and fd.type = ipv4",
        extract: |view, field| flag(view, field, WRITES),
        ..BOOL
    },
    Field {
        name: "evt.io_dir",
        values: &["read", "write"],
        doc: "`read` or `write`, for calls that do either on a descriptor.",
        example: "evt.io_dir = write",
        extract: |view, _| {
            if has_flags(&view.event, WRITES) {
                Some(Value::text("write"))
            } else if has_flags(&view.event, READS) {
                Some(Value::text("read"))
            } else {
                None
            }
        },
        ..Field::new(Class::Event, ValueType::Text)
    },
    Field {
        name: "evt.buflen.in",
        doc: "Bytes that a read or receive moved.",
        example: "evt.buflen.in > 0",
        extract: |view, _| moved(view, In, |_| true),
        ..BYTES
    },
    Field {
        name: "evt.buflen.out",
        doc: "Bytes that a write or send moved.",
        example: "evt.buflen.out > 0",
        extract: |view, _| moved(view, Out, |_| true),
        ..BYTES
    },
    Field {
        name: "evt.buflen.file",
        doc: "Bytes read from or written to a file.",
        example: "evt.buflen.file > 0",
        extract: |view, _| moved(view, Any, is_file),
        ..BYTES
    },
    Field {
        name: "evt.buflen.file.in",
        doc: "Bytes read from a file.",
        example: "evt.buflen.file.in > 0",
        extract: |view, _| moved(view, In, is_file),
        ..BYTES
    },
    Field {
        name: "evt.buflen.file.out",
        doc: "Bytes written to a file.",
        example: "evt.buflen.file.out > 0",
        extract: |view, _| moved(view, Out, is_file),
        ..BYTES
    },
    Field {
        name: "evt.buflen.net",
        doc: "Bytes received from or sent to an IP socket.",
        example: "evt.buflen.net > 0",
        extract: |view, _| moved(view, Any, is_net),
        ..BYTES
    },
    Field {
        name: "evt.buflen.net.in",
        doc: "Bytes received from an IP socket.",
        example: "evt.buflen.net.in > 0",
        extract: |view, _| moved(view, In, is_net),
        ..BYTES
    },
    Field {
        name: "evt.buflen.net.out",
        doc: "Bytes sent to an IP socket.",
        example: "evt.buflen.net.out > 0",
        extract: |view, _| moved(view, Out, is_net),
        ..BYTES
    },
    Field {
        name: "evt.is_open_read",
        doc: "The call opens a file for reading, whether it succeeds or not.",
        example: "evt.is_open_read = true and fd.name startswith /etc/",
        extract: |view, _| Some(Value::Bool(opens_with(view, O_RDONLY))),
        ..BOOL
    },
    Field {
        name: "evt.is_open_write",
        doc: "The call opens a file for writing, whether it succeeds or not.",
        example: "evt.is_open_write = true and fd.name startswith /etc/",
        extract: |view, _| Some(Value::Bool(opens_with(view, O_WRONLY))),
        ..BOOL
    },
    Field {
        name: "evt.is_open_exec",
        doc: "The call makes a file that may be executed.",
        example: "evt.is_open_exec = true",
        extract: |view, _| Some(Value::Bool(makes_executable(view))),
        ..BOOL
    },
    Field {
        name: "evt.is_open_create",
        doc: "The call made a new file.",
        example: "evt.is_open_create = true",
        extract: |view, _| Some(Value::Bool(creates(view))),
        ..BOOL
    },
];

const READS: u32 = event_flags::READS_FROM_FD;
const WRITES: u32 = event_flags::WRITES_TO_FD;

enum Way {
    In,
    Out,
    Any,
}
use Way::{Any, In, Out};

/// What an I/O call that succeeded on a known descriptor returned.
fn moved(view: &View<'_>, way: Way, kind: fn(FdKind) -> bool) -> Option<Value<'static>> {
    let category = event_category(&view.event);
    let fits = match way {
        In => category == Category::IoRead,
        Out => category == Category::IoWrite,
        Any => matches!(
            category,
            Category::IoRead | Category::IoWrite | Category::IoOther
        ),
    };
    if !fits || !is_exit(&view.event) || !kind(view.fd()?.kind) {
        return None;
    }
    view.param("res")?;
    u64::try_from(result(view)?).ok().map(Value::U64)
}

fn is_file(kind: FdKind) -> bool {
    kind == FdKind::File
}

fn is_net(kind: FdKind) -> bool {
    matches!(kind, FdKind::Ipv4 | FdKind::Ipv6)
}

// Flags of the format, not the kernel's.
const O_RDONLY: u64 = 1;
const O_WRONLY: u64 = 2;
const O_CREAT: u64 = 4;
const O_TMPFILE: u64 = 8192;
const O_F_CREATED: u64 = 16384;
const S_IXUGO: u64 = 0o111;

/// Ends of open, openat (also the start of its first form), openat2 and open_by_handle_at.
const OPENS: [u16; 5] = [3, 102, 307, 327, 337];
const CREAT: u16 = 59;

fn opens_with(view: &View<'_>, bits: u64) -> bool {
    OPENS.contains(&view.event.ty.0) && number(view, "flags") & bits == bits
}

fn makes_executable(view: &View<'_>) -> bool {
    let makes = view.event.ty.0 == CREAT
        || (OPENS.contains(&view.event.ty.0) && number(view, "flags") & (O_CREAT | O_TMPFILE) != 0);
    makes && number(view, "mode") & S_IXUGO != 0
}

fn creates(view: &View<'_>) -> bool {
    if !OPENS.contains(&view.event.ty.0) && view.event.ty.0 != CREAT {
        return false;
    }
    let flags = number(view, "flags");
    let succeeded = result(view).is_some_and(|result| result >= 0);
    flags & O_F_CREATED != 0 || (flags & O_TMPFILE != 0 && succeeded)
}

fn number(view: &View<'_>, name: &str) -> u64 {
    view.param(name).and_then(unsigned).unwrap_or(0)
}
