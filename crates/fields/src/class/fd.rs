//! `fd.*`: the descriptor on which the event works.

use std::net::{IpAddr, Ipv4Addr};

use capture_format::param::Device;
use filter::{Value, ValueType};
use state::fd::l4;
use state::{FdInfo, FdKind};

use crate::descriptor::{self, Subject};
use crate::field::{Argument, Class, Field, Flags, NumberFormat};
use crate::path;
use crate::registry::Resolved;
use crate::view::{View, owned, text};

use super::process::position;

pub(super) const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Fd, ValueType::Text)
};

const BOOL: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Fd, ValueType::Bool)
};

const NEW_TEXT: Field = Field::new(Class::Fd, ValueType::Text);
const NEW_BOOL: Field = Field::new(Class::Fd, ValueType::Bool);

const DEVICE: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Fd, ValueType::I32)
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "fd.num",
        flags: Flags::PROCESS_TABLE,
        format: NumberFormat::Id,
        doc: "Number of the descriptor; -1 on the start of a call that makes one, and when it \
              fails.",
        example: "fd.num = 2",
        extract: |view, _| Some(Value::I64(Subject::of(view)?.number)),
        ..Field::new(Class::Fd, ValueType::I64)
    },
    Field {
        name: "fd.type",
        format: NumberFormat::Dec,
        doc: "What the descriptor refers to.",
        values: &[
            "file",
            "directory",
            "ipv4",
            "ipv6",
            "unix",
            "pipe",
            "event",
            "signalfd",
            "eventpoll",
            "inotify",
            "timerfd",
            "netlink",
            "bpf",
            "userfaultfd",
            "io_uring",
            "memfd",
            "pidfd",
            "<NA>",
        ],
        example: "fd.type in (ipv4, ipv6)",
        extract: |view, _| Some(Value::text(view.fd()?.kind.type_name())),
        ..TEXT
    },
    Field {
        name: "fd.typechar",
        format: NumberFormat::Dec,
        doc: "What the descriptor refers to, as the letter that parameters show: f file, d \
              directory, 4 and 6 IP sockets, u unix socket, p pipe, e event, s signal, l epoll, \
              i inotify, t timer, n netlink, o unknown.",
        example: "fd.typechar = f",
        extract: |view, _| {
            let subject = Subject::of(view)?;
            let letter = match subject.info {
                Some(info) => info.kind.letter(),
                None => descriptor::letter_of_creator(&view.event),
            };
            owned(vec![letter])
        },
        ..TEXT
    },
    Field {
        name: "fd.name",
        doc: "Full path of files, CLIENT:PORT->SERVER:PORT of connections, ADDRESS:PORT of \
              listening sockets, path of unix sockets. On failed opens and connects, what was \
              tried.",
        example: "fd.name startswith /etc/",
        extract: |view, _| Some(Value::Text(Subject::of(view)?.name(view)?)),
        ..TEXT
    },
    Field {
        name: "fd.directory",
        doc: "Directory of a file, or the directory itself.",
        example: "fd.directory = /etc",
        extract: |view, _| Some(Value::Text(Subject::of(view)?.directory(view)?)),
        ..TEXT
    },
    Field {
        name: "fd.filename",
        doc: "Name of a file without its directory.",
        example: "fd.filename = passwd",
        extract: |view, _| {
            let info = view.fd()?;
            if info.kind != FdKind::File {
                return None;
            }
            text(path::file_name(&info.name))
        },
        ..TEXT
    },
    Field {
        name: "fd.uid",
        doc: "Thread id and descriptor number in one word, a key for views.",
        example: "fd.uid = 138233",
        extract: |view, _| {
            let subject = Subject::of(view)?;
            owned(format!("{}{}", subject.thread.tid, subject.number).into_bytes())
        },
        ..TEXT
    },
    Field {
        name: "fd.containername",
        doc: "Container id, a colon, and `fd.name`; the id is empty outside containers.",
        example: "fd.containername startswith 5b6e2b7e9c11:/etc/",
        extract: |view, _| {
            let subject = Subject::of(view)?;
            subject.in_container(&subject.name(view)?)
        },
        ..TEXT
    },
    Field {
        name: "fd.containerdirectory",
        doc: "Container id, a colon, and `fd.directory`; the id is empty outside containers.",
        example: "fd.containerdirectory = 5b6e2b7e9c11:/etc",
        extract: |view, _| {
            let subject = Subject::of(view)?;
            subject.in_container(&subject.directory(view)?)
        },
        ..TEXT
    },
    Field {
        name: "fd.l4proto",
        doc: "Transport of an IP socket; `<NA>` for everything else.",
        values: &["tcp", "udp", "icmp", "raw", "<NA>"],
        example: "fd.l4proto = udp",
        extract: |view, _| {
            Some(Value::text(match view.fd()?.l4() {
                l4::TCP => "tcp",
                l4::UDP => "udp",
                l4::ICMP => "icmp",
                l4::RAW => "raw",
                _ => "<NA>",
            }))
        },
        ..TEXT
    },
    Field {
        name: "fd.sockfamily",
        doc: "`ip` for IP sockets, `unix` for unix sockets.",
        values: &["ip", "unix"],
        example: "fd.sockfamily = unix",
        extract: |view, _| match view.fd()?.kind {
            kind if kind.is_ip_socket() => Some(Value::text("ip")),
            FdKind::Unix => Some(Value::text("unix")),
            _ => None,
        },
        ..TEXT
    },
    Field {
        name: "fd.is_server",
        doc: "The socket listens, or the server's end of its connection is on this machine.",
        example: "fd.is_server = true",
        extract: |view, _| Some(Value::Bool(is_server(view, view.fd()?))),
        ..BOOL
    },
    Field {
        name: "fd.connected",
        doc: "The socket is connected.",
        example: "fd.connected = false and evt.type = sendto",
        extract: |view, _| {
            let socket = view.fd()?.socket.as_ref();
            Some(Value::Bool(socket.is_some_and(|socket| socket.connected)))
        },
        ..BOOL
    },
    Field {
        name: "fd.name_changed",
        doc: "The event gave the descriptor another name: it connected, bound or accepted it.",
        example: "fd.name_changed = true",
        extract: |view, _| {
            view.fd()?;
            Some(Value::Bool(view.applied.fd_name_changed))
        },
        ..BOOL
    },
    Field {
        name: "fd.dev",
        format: NumberFormat::Hex,
        doc: "Device of the file, 0 when unknown.",
        example: "fd.dev != 0",
        extract: |view, _| Some(Value::I64(i64::from(view.fd()?.dev.cast_signed()))),
        ..DEVICE
    },
    Field {
        name: "fd.dev.major",
        doc: "Major number of the file's device.",
        example: "fd.dev.major = 8",
        extract: |view, _| {
            let device = Device(view.fd()?.dev);
            Some(Value::I64(i64::from(device.major())))
        },
        ..DEVICE
    },
    Field {
        name: "fd.dev.minor",
        doc: "Minor number of the file's device.",
        example: "fd.dev.minor = 1",
        extract: |view, _| {
            let device = Device(view.fd()?.dev);
            Some(Value::I64(i64::from(device.minor())))
        },
        ..DEVICE
    },
    Field {
        name: "fd.ino",
        doc: "Inode number of the file, 0 when unknown.",
        example: "fd.ino = 131074",
        extract: |view, _| Some(Value::I64(view.fd()?.ino.cast_signed())),
        ..Field::new(Class::Fd, ValueType::I64)
    },
    Field {
        name: "fd.nameraw",
        doc: "Path as it was given to the call that opened the file; empty for sockets.",
        example: "fd.nameraw contains ../",
        extract: |view, _| {
            let subject = Subject::of(view)?;
            match subject.info {
                Some(info) => text(&info.name_raw),
                None => Some(Value::Text(subject.name(view)?)),
            }
        },
        ..NEW_TEXT
    },
    Field {
        name: "fd.types",
        flags: Flags::LIST.and(Flags::NO_RHS),
        format: NumberFormat::Dec,
        argument: Argument::INDEX,
        doc: "Kinds of all descriptors that the process has open, each once; `[N]` gives that of \
              descriptor N.",
        example: "fd.types intersects (ipv4, ipv6)",
        extract: types,
        ..NEW_TEXT
    },
    Field {
        name: "fd.is_upper_layer",
        doc: "The file lies in the writable layer of an overlay.",
        example: "fd.is_upper_layer = true",
        extract: |view, _| Some(Value::Bool(view.fd()?.is_upper_layer())),
        ..NEW_BOOL
    },
    Field {
        name: "fd.is_lower_layer",
        doc: "The file lies in a read-only layer of an overlay.",
        example: "fd.is_lower_layer = true",
        extract: |view, _| Some(Value::Bool(view.fd()?.is_lower_layer())),
        ..NEW_BOOL
    },
];

fn is_server(view: &View<'_>, info: &FdInfo) -> bool {
    match info.kind {
        FdKind::Ipv4Server | FdKind::Ipv6Server => true,
        FdKind::Ipv4 | FdKind::Ipv6 => {
            let server = info.socket.as_ref().and_then(|socket| socket.destination);
            // Without a peer, the address of no machine decides: an interface can be without one.
            let unknown: IpAddr = match info.kind {
                FdKind::Ipv4 => Ipv4Addr::UNSPECIFIED.into(),
                _ => return server.is_none_or(|end| is_local(view, end.0)),
            };
            is_local(view, server.map_or(unknown, |end| end.0))
        }
        _ => false,
    }
}

fn is_local(view: &View<'_>, address: IpAddr) -> bool {
    view.thread()
        .is_some_and(|thread| view.state.is_local_address(address, thread))
}

fn types<'v>(view: &'v View<'v>, field: &Resolved) -> Option<Value<'v>> {
    let thread = Subject::of(view)?.thread;
    if let Some(number) = position(field) {
        let info = view.state.fd(thread, i64::try_from(number).ok()?)?;
        return Some(Value::List(vec![Value::text(info.kind.type_name())]));
    }
    let mut names: Vec<&str> = Vec::new();
    for (_, info) in view.state.fds(thread) {
        let name = info.kind.type_name();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(Value::List(names.into_iter().map(Value::text).collect()))
}
