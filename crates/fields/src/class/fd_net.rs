//! `fd.*`: the two ends of a socket.

use std::net::IpAddr;

use filter::{Value, ValueType};

use crate::descriptor::{End, End::*, Subject};
use crate::field::{Class, Field, Flags, NumberFormat};
use crate::view::{View, owned, text};

use super::fd::TEXT;

const IP: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Fd, ValueType::IpAddr)
};

const PORT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Fd, ValueType::Port)
};

/// Fields that only filters understand: they look at both ends, or compare with a network.
const FILTER_FLAGS: Flags = Flags::PROCESS_TABLE
    .and(Flags::FILTER_ONLY)
    .and(Flags::NO_RHS)
    .and(Flags::NO_TRANSFORMER);

const BOTH_PORTS: Field = Field {
    flags: FILTER_FLAGS.and(Flags::MULTI),
    extract: |view, _| ends(view, |(_, port)| Value::U64(u64::from(port))),
    ..PORT
};

const NET: Field = Field {
    flags: FILTER_FLAGS,
    ..Field::new(Class::Fd, ValueType::IpNet)
};

const HOST: Field = Field {
    flags: Flags::PROCESS_TABLE
        .and(Flags::NO_RHS)
        .and(Flags::NO_TRANSFORMER),
    ..TEXT
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "fd.ip",
        flags: FILTER_FLAGS.and(Flags::MULTI),
        doc: "Address of either end: `=` holds when one end has it, `!=` when both differ.",
        example: "fd.ip = 127.0.0.1",
        extract: |view, _| ends(view, |(ip, _)| Value::Ip(ip)),
        ..IP
    },
    Field {
        name: "fd.cip",
        doc: "Address of the client's end of a connection.",
        example: "fd.cip = 192.168.1.7",
        extract: |view, _| address(view, Client),
        ..IP
    },
    Field {
        name: "fd.sip",
        doc: "Address of the server's end of a connection, or of a listening socket.",
        example: "fd.sip = 192.168.1.7",
        extract: |view, _| address(view, Server),
        ..IP
    },
    Field {
        name: "fd.lip",
        doc: "Address of this machine's end of a connection.",
        example: "fd.lip = 192.168.1.7",
        extract: |view, _| address(view, Local),
        ..IP
    },
    Field {
        name: "fd.rip",
        doc: "Address of the other machine's end of a connection.",
        example: "fd.rip = 192.168.1.7",
        extract: |view, _| address(view, Remote),
        ..IP
    },
    Field {
        name: "fd.port",
        doc: "Port of either end, by number or service name: `=`, `<` and so on hold when one \
              end satisfies them, `!=` when both differ.",
        example: "fd.port = https",
        ..BOTH_PORTS
    },
    Field {
        name: "fd.cport",
        doc: "Port of the client's end of a connection, 0 for listening sockets.",
        example: "fd.cport > 1023",
        extract: |view, _| {
            if Subject::of(view)?.is_bound() {
                return Some(Value::U64(0));
            }
            port(view, Client)
        },
        ..PORT
    },
    Field {
        name: "fd.sport",
        doc: "Port of the server's end of a connection, or of a listening socket.",
        example: "fd.sport = 443",
        extract: |view, _| port(view, Server),
        ..PORT
    },
    Field {
        name: "fd.lport",
        doc: "Port of this machine's end of a connection.",
        example: "fd.lport = 22",
        extract: |view, _| port(view, Local),
        ..PORT
    },
    Field {
        name: "fd.rport",
        doc: "Port of the other machine's end of a connection.",
        example: "fd.rport = 53",
        extract: |view, _| port(view, Remote),
        ..PORT
    },
    Field {
        name: "fd.proto",
        format: NumberFormat::None,
        doc: "As `fd.port`.",
        example: "fd.proto = domain",
        ..BOTH_PORTS
    },
    Field {
        name: "fd.cproto",
        doc: "Port of the client's end as text; with -R its service name.",
        example: "fd.cproto = 40556",
        extract: |view, _| port_text(view, Client),
        ..TEXT
    },
    Field {
        name: "fd.sproto",
        doc: "Port of the server's end as text, with -R its service name; empty for listening \
              sockets.",
        example: "fd.sproto = 443",
        extract: |view, _| port_text(view, Server),
        ..TEXT
    },
    Field {
        name: "fd.lproto",
        doc: "Port of this machine's end as text; with -R its service name.",
        example: "fd.lproto = 22",
        extract: |view, _| port_text(view, Local),
        ..TEXT
    },
    Field {
        name: "fd.rproto",
        doc: "Port of the other machine's end as text; with -R its service name.",
        example: "fd.rproto = 53",
        extract: |view, _| port_text(view, Remote),
        ..TEXT
    },
    Field {
        name: "fd.net",
        flags: FILTER_FLAGS.and(Flags::MULTI),
        doc: "Address of either end, compared with a network: `=` holds when one end lies in it, \
              `!=` when both lie outside.",
        example: "fd.net = 10.0.0.0/8",
        extract: |view, _| ends(view, |(ip, _)| Value::Ip(ip)),
        ..NET
    },
    Field {
        name: "fd.cnet",
        doc: "Address of the client's end, compared with a network.",
        example: "fd.cnet = 10.0.0.0/8",
        extract: |view, _| address(view, Client),
        ..NET
    },
    Field {
        name: "fd.snet",
        doc: "Address of the server's end, compared with a network.",
        example: "fd.snet = 10.0.0.0/8",
        extract: |view, _| address(view, Server),
        ..NET
    },
    Field {
        name: "fd.lnet",
        doc: "Address of this machine's end, compared with a network.",
        example: "fd.lnet = 10.0.0.0/8",
        extract: |view, _| address(view, Local),
        ..NET
    },
    Field {
        name: "fd.rnet",
        doc: "Address of the other machine's end, compared with a network.",
        example: "fd.rnet = 10.0.0.0/8",
        extract: |view, _| address(view, Remote),
        ..NET
    },
    Field {
        name: "fd.cip.name",
        doc: "Host name of the client's end, among the names that the filter mentions.",
        example: "fd.cip.name = client.example.com",
        extract: |view, _| host_name(view, Client),
        ..HOST
    },
    Field {
        name: "fd.sip.name",
        doc: "Host name of the server's end, among the names that the filter mentions.",
        example: "fd.sip.name = www.example.com",
        extract: |view, _| host_name(view, Server),
        ..HOST
    },
    Field {
        name: "fd.lip.name",
        doc: "Host name of this machine's end, among the names that the filter mentions.",
        example: "fd.lip.name = www.example.com",
        extract: |view, _| host_name(view, Local),
        ..HOST
    },
    Field {
        name: "fd.rip.name",
        doc: "Host name of the other machine's end, among the names that the filter mentions.",
        example: "fd.rip.name = www.example.com",
        extract: |view, _| host_name(view, Remote),
        ..HOST
    },
];

/// Both ends, or the own address of a bound socket.
fn ends<'v>(view: &View<'_>, value: impl Fn((IpAddr, u16)) -> Value<'v>) -> Option<Value<'v>> {
    let info = view.fd()?;
    if !info.kind.is_ip_socket() {
        return None;
    }
    let socket = info.socket.as_ref()?;
    let ends: Vec<_> = [socket.source, socket.destination]
        .into_iter()
        .flatten()
        .map(value)
        .collect();
    (!ends.is_empty()).then_some(Value::Ends(ends))
}

fn address(view: &View<'_>, end: End) -> Option<Value<'static>> {
    let (ip, _) = Subject::of(view)?.end(view, end)?;
    Some(Value::Ip(ip))
}

fn port(view: &View<'_>, end: End) -> Option<Value<'static>> {
    let (_, port) = Subject::of(view)?.end(view, end)?;
    Some(Value::U64(u64::from(port)))
}

fn port_text(view: &View<'_>, end: End) -> Option<Value<'static>> {
    let subject = Subject::of(view)?;
    if subject.is_bound() && matches!(end, Client | Server) {
        return Some(Value::text(""));
    }
    let (_, port) = subject.end(view, end)?;
    match filter::service_name(port) {
        Some(name) if view.context.resolve_ports => Some(Value::text(name)),
        _ => owned(port.to_string().into_bytes()),
    }
}

fn host_name<'v>(view: &View<'v>, end: End) -> Option<Value<'v>> {
    let (ip, _) = Subject::of(view)?.end(view, end)?;
    text(view.context.host_names.get(&ip)?)
}
