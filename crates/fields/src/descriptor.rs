//! The descriptor of an event, and how descriptors are shown.

use std::borrow::Cow;
use std::net::IpAddr;

use capture_format::{Direction, Event};
use filter::Value;
use state::fd::l4;
use state::{FdInfo, FdKind, SocketRole, Thread};

use crate::context::Context;
use crate::param::{Param, signed, write_one};
use crate::path;
use crate::view::{View, owned};

/// Appends `<KIND>NAME`, as in `fd=3(<f>/etc/passwd)`; IP sockets show their transport too.
pub(crate) fn write_kind_and_name(context: &Context, info: &FdInfo, out: &mut Vec<u8>) {
    out.push(b'<');
    out.push(info.kind.letter());
    if info.kind.is_ip_socket() {
        match info.l4() {
            l4::TCP => out.push(b't'),
            l4::UDP => out.push(b'u'),
            l4::ICMP => out.push(b'i'),
            l4::RAW => out.push(b'r'),
            _ => {}
        }
    }
    out.push(b'>');
    out.extend_from_slice(&shown_name(context, info));
}

/// The name, with ports by service name if wanted.
pub(crate) fn shown_name<'a>(context: &Context, info: &'a FdInfo) -> Cow<'a, [u8]> {
    let has_ports = info.kind.is_ip_socket() && !matches!(info.l4(), l4::ICMP | l4::RAW);
    if !context.resolve_ports || !has_ports {
        return Cow::Borrowed(&info.name);
    }
    let name = String::from_utf8_lossy(&info.name);
    let ends: Vec<String> = name.split("->").map(with_service).collect();
    Cow::Owned(ends.join("->").into_bytes())
}

/// `ADDRESS:PORT` with the port's service name, if it has one.
fn with_service(end: &str) -> String {
    let named = end.rsplit_once(':').and_then(|(address, port)| {
        let name = filter::service_name(port.parse().ok()?)?;
        Some(format!("{address}:{name}"))
    });
    named.unwrap_or_else(|| end.to_owned())
}

/// The descriptor on which an event works, with its thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) thread: &'a Thread,
    /// Its number; -1 when the event has not made one yet, or failed to.
    pub(crate) number: i64,
    /// What is known about it.
    pub(crate) info: Option<&'a FdInfo>,
}

/// One end of a connection, by role or by place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    Client,
    Server,
    Local,
    Remote,
}

impl<'a> Subject<'a> {
    /// The event's descriptor; `None` for events that have nothing to do with one.
    pub(crate) fn of(view: &View<'a>) -> Option<Subject<'a>> {
        Some(Subject {
            thread: view.thread()?,
            number: view.applied.fd?,
            info: view.fd(),
        })
    }

    /// An IP socket that listens, or is bound and not connected.
    pub(crate) fn is_bound(&self) -> bool {
        let kind = self.info.map(|info| info.kind);
        matches!(kind, Some(FdKind::Ipv4Server | FdKind::Ipv6Server))
    }

    /// Address and port of one end. A bound socket has only the server's.
    pub(crate) fn end(&self, view: &View<'_>, end: End) -> Option<(IpAddr, u16)> {
        let info = self.info?;
        if !info.kind.is_ip_socket() {
            return None;
        }
        let socket = info.socket.as_ref()?;
        if self.is_bound() {
            return if end == End::Server {
                socket.destination
            } else {
                None
            };
        }
        if socket.role == SocketRole::Unknown {
            return None;
        }
        let client_is_local =
            |client: (IpAddr, u16)| view.state.is_local_address(client.0, self.thread);
        match end {
            End::Client => socket.source,
            End::Server => socket.destination,
            End::Local if client_is_local(socket.source?) => socket.source,
            End::Local => socket.destination,
            End::Remote if client_is_local(socket.source?) => socket.destination,
            End::Remote => socket.source,
        }
    }

    /// The name: that of the table, or what a failed call tried to open or reach.
    pub(crate) fn name(&self, view: &View<'_>) -> Option<Cow<'a, [u8]>> {
        match self.info {
            Some(info) if !is_failed_connect(view) => Some(shown_name(view.context, info)),
            _ => attempted(view).map(Cow::Owned),
        }
    }

    /// The directory of a file, a directory itself.
    pub(crate) fn directory(&self, view: &View<'_>) -> Option<Cow<'a, [u8]>> {
        let name = self.name(view)?;
        match self.info.map(|info| info.kind) {
            Some(FdKind::Directory) => Some(name),
            Some(FdKind::File) | None => Some(match name {
                Cow::Borrowed(name) => Cow::Borrowed(path::parent(name)),
                Cow::Owned(name) => Cow::Owned(path::parent(&name).to_vec()),
            }),
            Some(_) => None,
        }
    }

    /// `CONTAINER:TEXT`.
    pub(crate) fn in_container(&self, name: &[u8]) -> Option<Value<'static>> {
        owned([&self.thread.container_id, &b":"[..], name].concat())
    }
}

fn is_failed_connect(view: &View<'_>) -> bool {
    view.event.ty.0 == 23
        && view
            .param("res")
            .and_then(signed)
            .is_some_and(|res| res < 0)
}

/// What the end of a call names although there is no descriptor: the path or address in its
/// parameters, nothing (but not "no value") for other calls.
fn attempted(view: &View<'_>) -> Option<Vec<u8>> {
    if view.event.ty.direction() == Direction::Enter {
        return None;
    }
    let parameter = match view.event.ty.0 {
        3 | 59 | 307 | 327 => "name",
        23 | 27 | 57 | 247 | 249 | 389 => "tuple",
        _ => return Some(Vec::new()),
    };
    let info = view.event.info()?;
    let index = info
        .params
        .iter()
        .position(|param| param.name == parameter)?;
    let mut text = Vec::new();
    write_one(view, &Param::at(&view.event, index)?, &mut text);
    Some(text)
}

/// The letter of the kind of descriptor that calls of this type make.
pub(crate) fn letter_of_creator(event: &Event<'_>) -> u8 {
    let kind = match event.info().map_or("", |info| info.name) {
        "open" | "openat" | "openat2" | "creat" => FdKind::File,
        "socket" | "accept" | "accept4" => FdKind::Ipv4,
        "pipe" | "pipe2" => FdKind::Pipe,
        "eventfd" | "eventfd2" => FdKind::Event,
        "signalfd" | "signalfd4" => FdKind::Signal,
        "timerfd_create" => FdKind::Timer,
        "inotify_init" | "inotify_init1" => FdKind::Inotify,
        _ => FdKind::Unknown,
    };
    kind.letter()
}
