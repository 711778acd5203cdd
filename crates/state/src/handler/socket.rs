//! Sockets: where they are bound, whom they talk to, and which side is the server.

use crate::State;
use crate::call::Call;
use crate::fd::{FdInfo, FdKind, Socket, SocketRole, l4};
use crate::handler::open::O_CLOEXEC;
use crate::tuple::{Address, Endpoint, Tuple};
use crate::tuple::{connection_name, endpoint_name, mapped, socket_name};
use capture_format::Interface;
use capture_format::table::flags;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const AF_UNIX: u32 = 1;
const AF_INET: u32 = 2;
const AF_INET6: u32 = 10;
const AF_NETLINK: u32 = 16;
const SOCK_CLOEXEC: u32 = 0x8_0000;
const EINPROGRESS: i64 = 115;

/// socket: fd domain type proto flags.
pub(crate) fn socket(state: &mut State, call: &Call<'_>) {
    let Some(fd) = call.result().filter(|&fd| fd >= 0) else {
        return;
    };
    let (Some(domain), Some(ty), Some(protocol)) = (call.u32(1), call.u32(2), call.u32(3)) else {
        state.forget_fd(call, fd);
        return;
    };
    state.add_fd(call, fd, new_socket(domain, ty, protocol));
}

fn new_socket(domain: u32, ty: u32, protocol: u32) -> FdInfo {
    let kind = match domain {
        AF_UNIX => FdKind::Unix,
        AF_INET => FdKind::Ipv4,
        AF_INET6 => FdKind::Ipv6,
        AF_NETLINK => FdKind::Netlink,
        _ => FdKind::Unknown,
    };
    FdInfo {
        kind,
        socket: Some(Socket {
            l4: if kind.is_ip_socket() {
                transport(ty, protocol)
            } else {
                l4::UNKNOWN
            },
            ..Socket::default()
        }),
        close_on_exec: ty & SOCK_CLOEXEC != 0,
        ..FdInfo::default()
    }
}

/// The transport of an IP socket by its type and protocol arguments.
pub(crate) fn transport(ty: u32, protocol: u32) -> u8 {
    const STREAM: u32 = 1;
    const DGRAM: u32 = 2;
    const RAW: u32 = 3;
    const IPPROTO_IP: u32 = 0;
    const IPPROTO_ICMP: u32 = 1;
    const IPPROTO_TCP: u32 = 6;
    const IPPROTO_UDP: u32 = 17;
    const IPPROTO_ICMPV6: u32 = 58;
    const IPPROTO_RAW: u32 = 255;
    match (ty & 0xff, protocol) {
        (STREAM, IPPROTO_IP) => l4::TCP,
        (DGRAM, IPPROTO_IP) => l4::UDP,
        (_, IPPROTO_IP | IPPROTO_RAW) => l4::RAW,
        (RAW, IPPROTO_TCP | IPPROTO_UDP | IPPROTO_ICMP | IPPROTO_ICMPV6) => l4::RAW,
        (_, IPPROTO_TCP) => l4::TCP,
        (_, IPPROTO_UDP) => l4::UDP,
        (_, IPPROTO_ICMP | IPPROTO_ICMPV6) => l4::ICMP,
        _ => l4::UNKNOWN,
    }
}

/// socketpair: res fd1 fd2 source peer domain type proto. Both ends carry the two addresses.
pub(crate) fn socketpair(state: &mut State, call: &Call<'_>) {
    if !call.succeeded() {
        return;
    }
    let info = FdInfo {
        kind: FdKind::Unix,
        socket: Some(Socket {
            unix: Some((call.uint(3).unwrap_or(0), call.uint(4).unwrap_or(0))),
            ..Socket::default()
        }),
        close_on_exec: call.u32(6).unwrap_or(0) & SOCK_CLOEXEC != 0,
        ..FdInfo::default()
    };
    for index in [1, 2] {
        if let Some(fd) = call.int(index).filter(|&fd| fd >= 0) {
            state.add_fd(call, fd, info.clone());
        }
    }
}

/// bind: res addr fd. A port of its own makes a socket a server's.
pub(crate) fn bind(state: &mut State, call: &Call<'_>) {
    let Some(address) = call.bytes(1).and_then(Address::parse) else {
        return;
    };
    if !call.succeeded() {
        return;
    }
    if state.fd_at(call.slot, call.fd).is_none() {
        recover(state, call, FdKind::Unix);
    }
    state.change_fd(call, |info| {
        if let Address::Ip(endpoint) = address
            && endpoint.1 > 0
        {
            let endpoint = mapped(endpoint).unwrap_or(endpoint);
            info.kind = match endpoint.0 {
                IpAddr::V4(_) => FdKind::Ipv4Server,
                IpAddr::V6(_) => FdKind::Ipv6Server,
            };
            let socket = info.socket.get_or_insert_default();
            socket.role = SocketRole::Server;
            socket.source = None;
            socket.destination = Some(endpoint);
        }
        info.name = address.name();
    });
}

/// connect >: fd addr. A thread that waits for its connection has a destination already.
pub(crate) fn connect_enter(state: &mut State, call: &Call<'_>) {
    let endpoint = match call.bytes(1).and_then(Address::parse) {
        Some(Address::Ip(endpoint)) => mapped(endpoint).unwrap_or(endpoint),
        Some(Address::Unix(path)) => {
            let is_unix = |info: &FdInfo| info.kind == FdKind::Unix;
            if state.fd_at(call.slot, call.fd).is_some_and(is_unix) {
                state.change_fd(call, |info| info.name = path.to_vec());
            }
            return;
        }
        None => return,
    };
    let fits = state.fd_at(call.slot, call.fd).is_some_and(|info| {
        matches!(
            (info.kind, endpoint.0),
            (FdKind::Ipv4, IpAddr::V4(_)) | (FdKind::Ipv6, IpAddr::V6(_))
        )
    });
    if fits {
        state.change_fd(call, |info| {
            info.socket.get_or_insert_default().destination = Some(endpoint);
        });
    }
}

/// connect: res tuple fd addr. A connection in progress is named like an established one.
pub(crate) fn connect(state: &mut State, call: &Call<'_>) {
    if !call.succeeded() && call.result() != Some(-EINPROGRESS) {
        return;
    }
    let tuple = call.bytes(1).and_then(Tuple::parse);
    if let Some(tuple) = tuple
        && state.fd_at(call.slot, call.fd).is_none()
    {
        recover(state, call, tuple.kind());
    }
    state.change_fd(call, |info| {
        let socket = info.socket.get_or_insert_default();
        socket.connected = true;
        match tuple {
            Some(Tuple::Ip(source, destination)) => {
                info.kind = tuple.map_or(info.kind, |tuple| tuple.kind());
                socket.source = Some(source);
                socket.destination = Some(destination);
                socket.role = SocketRole::Client;
                info.name = match socket.l4 {
                    l4::UNKNOWN => connection_name(source, destination),
                    _ => socket_name(socket),
                };
            }
            Some(unix @ Tuple::Unix(first, second, _)) => {
                socket.unix = Some((first, second));
                socket.role = SocketRole::Client;
                info.name = unix.name();
            }
            None => {}
        }
    });
}

/// accept and accept4: fd tuple queuepct queuelen queuemax [flags].
pub(crate) fn accept(state: &mut State, call: &Call<'_>) {
    let Some(fd) = call.result().filter(|&fd| fd >= 0) else {
        return;
    };
    state.set_call_fd(call, fd);
    let Some(tuple) = call.bytes(1).and_then(Tuple::parse) else {
        state.forget_fd(call, fd);
        return;
    };
    let mut socket = Socket {
        role: SocketRole::Server,
        connected: true,
        ..Socket::default()
    };
    match tuple {
        Tuple::Ip(source, destination) => {
            socket.l4 = l4::TCP;
            socket.source = Some(source);
            socket.destination = Some(destination);
        }
        Tuple::Unix(first, second, _) => socket.unix = Some((first, second)),
    }
    let info = FdInfo {
        kind: tuple.kind(),
        name: tuple.name(),
        socket: Some(socket),
        close_on_exec: call.u32(5).unwrap_or(0) & O_CLOEXEC != 0,
        ..FdInfo::default()
    };
    state.add_fd(call, fd, info);
}

/// sendto >: fd size tuple. A socket that was never seen being made must be a datagram one.
pub(crate) fn sendto_enter(state: &mut State, call: &Call<'_>) {
    infer_datagram_socket(state, call, call.event.stored().param(2));
}

/// A socket whose making was missed, of which only what this event says is known.
fn recover(state: &mut State, call: &Call<'_>, kind: FdKind) {
    if call.fd < 0 {
        return;
    }
    let info = FdInfo {
        kind,
        socket: Some(Socket::default()),
        recovered: true,
        ..FdInfo::default()
    };
    state.add_fd(call, call.fd, info);
}

fn infer_datagram_socket(state: &mut State, call: &Call<'_>, tuple: Option<&[u8]>) {
    const SOCK_DGRAM: u32 = 2;
    const IPPROTO_UDP: u32 = 17;
    if call.fd < 0 || state.fd_at(call.slot, call.fd).is_some() {
        return;
    }
    let domain = match tuple.and_then(<[u8]>::first) {
        Some(&2) => AF_INET,
        Some(&10) => AF_INET6,
        _ => return,
    };
    state.add_fd(call, call.fd, new_socket(domain, SOCK_DGRAM, IPPROTO_UDP));
}

/// getsockopt: res fd level optname val optlen. `SO_ERROR` tells how a connect ended.
pub(crate) fn getsockopt(state: &mut State, call: &Call<'_>) {
    const SOL_SOCKET: u64 = 1;
    const SO_ERROR: u64 = 4;
    let asked = call.uint(2) == Some(SOL_SOCKET) && call.uint(3) == Some(SO_ERROR);
    let Some((_, error)) = call.bytes(4).and_then(|value| value.split_first()) else {
        return;
    };
    if asked && call.succeeded() && error.iter().any(|&byte| byte != 0) {
        let connected = state
            .fd_at(call.slot, call.fd)
            .and_then(|info| info.socket.as_ref())
            .is_some_and(|socket| socket.connected);
        if connected {
            state.change_fd(call, |info| {
                info.socket.get_or_insert_default().connected = false;
            });
        }
    }
}

/// Where the exits of sending and receiving calls have their tuple.
const TUPLES: &[(u16, usize)] = &[
    (29, 4),
    (31, 4),
    (33, 4),
    (35, 2),
    (49, 4),
    (51, 4),
    (53, 3),
    (55, 4),
];
const SENDTO_X: u16 = 31;
/// The exits of receiving calls that carry descriptors passed along, and where.
const CONTROL: &[(u16, usize)] = &[(53, 4), (55, 5)];

/// Reads, writes, sends and receives of every kind.
pub(crate) fn transfer(state: &mut State, call: &Call<'_>) {
    if !call.succeeded() {
        return;
    }
    let ty = call.ty().0;
    let tuple_at = TUPLES.iter().find(|row| row.0 == ty).map(|row| row.1);
    if ty == SENDTO_X {
        infer_datagram_socket(state, call, call.bytes(4));
    }
    let tuple = tuple_at
        .and_then(|index| call.bytes(index))
        .and_then(Tuple::parse);
    if state.fd_at(call.slot, call.fd).is_none() {
        state.counters.unknown_fds += u64::from(call.fd >= 0);
        if let Some(tuple) = tuple {
            recover(state, call, tuple.kind());
        }
    }
    let Some(info) = state.fd_at(call.slot, call.fd) else {
        return;
    };
    let ip = matches!(info.kind, FdKind::Ipv4 | FdKind::Ipv6);
    let socket = info.socket.as_ref();
    if ip && socket.is_some_and(|socket| !socket.connected) {
        // Data passed, so there is a connection, or a peer.
        state.change_fd(call, |info| {
            info.socket.get_or_insert_default().connected = true;
        });
    }
    if let Some(tuple) = tuple {
        let incoming = call
            .event
            .info()
            .is_some_and(|info| info.flags & flags::READS_FROM_FD != 0);
        follow_tuple(state, call, tuple, incoming);
    }
    if let Some(control) = CONTROL
        .iter()
        .find(|row| row.0 == ty)
        .and_then(|row| call.bytes(row.1))
    {
        receive_fds(state, call, control);
    }
}

/// A datagram socket takes the ends of the datagram at hand; so does a stream whose connection was
/// not seen.
fn follow_tuple(state: &mut State, call: &Call<'_>, tuple: Tuple<'_>, incoming: bool) {
    let Some(info) = state.fd_at(call.slot, call.fd) else {
        return;
    };
    let socket = info.socket.clone().unwrap_or_default();
    let is_tcp = matches!(info.kind, FdKind::Ipv4 | FdKind::Ipv6) && socket.l4 == l4::TCP;
    if is_tcp && !info.name.is_empty() {
        return;
    }
    match tuple {
        Tuple::Unix(first, second, _) => {
            if socket.unix != Some((first, second)) || info.kind != FdKind::Unix {
                state.change_fd(call, |info| {
                    info.kind = FdKind::Unix;
                    info.socket.get_or_insert_default().unix = Some((first, second));
                    info.name = tuple.name();
                });
            }
        }
        Tuple::Ip(source, destination) => {
            let (source, destination) = state.complete_wildcards(source, destination);
            let role = match socket.role {
                SocketRole::Unknown if incoming => SocketRole::Server,
                SocketRole::Unknown => SocketRole::Client,
                known => known,
            };
            // A message comes from its source: the client when the server receives.
            let to_server = (role == SocketRole::Server) == incoming;
            let (source, destination) = if to_server {
                (source, destination)
            } else {
                (destination, source)
            };
            let same = info.kind == tuple.kind()
                && socket.source == Some(source)
                && socket.destination == Some(destination)
                && socket.role == role;
            if same {
                return;
            }
            let recovered = info.recovered;
            state.change_fd(call, |info| {
                info.kind = tuple.kind();
                let socket = info.socket.get_or_insert_default();
                socket.role = role;
                socket.source = Some(source);
                socket.destination = Some(destination);
                if socket.l4 == l4::UNKNOWN && !recovered {
                    // TCP would not have changed its peer.
                    socket.l4 = l4::UDP;
                }
                info.name = match socket.l4 {
                    l4::UNKNOWN => connection_name(source, destination),
                    _ => socket_name(socket),
                };
            });
        }
    }
}

/// Descriptors passed over a unix socket: the numbers are known, what they are is not.
fn receive_fds(state: &mut State, call: &Call<'_>, mut control: &[u8]) {
    const SOL_SOCKET: u32 = 1;
    const SCM_RIGHTS: u32 = 1;
    const HEADER: usize = 16;
    let word = |bytes: &[u8], at: usize| -> Option<u32> {
        Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
    };
    while control.len() >= HEADER {
        let Some(len) = control
            .get(..8)
            .and_then(|bytes| bytes.try_into().ok())
            .map(u64::from_le_bytes)
            .and_then(|len| usize::try_from(len).ok())
            .filter(|len| (HEADER..=control.len()).contains(len))
        else {
            return;
        };
        if word(control, 8) == Some(SOL_SOCKET) && word(control, 12) == Some(SCM_RIGHTS) {
            for number in control[HEADER..len].chunks_exact(4) {
                if let Some(fd) = word(number, 0).map(u32::cast_signed)
                    && let Some(table) = state.table_mut(call.slot)
                {
                    table.remove(fd.into());
                }
            }
        }
        control = control.get(len.next_multiple_of(8)..).unwrap_or(&[]);
    }
}

impl State {
    /// Replaces an unspecified address by the one of the interface that would be used.
    fn complete_wildcards(&self, source: Endpoint, destination: Endpoint) -> (Endpoint, Endpoint) {
        match (source.0.is_unspecified(), destination.0.is_unspecified()) {
            (true, false) => ((self.own_address(destination.0), source.1), destination),
            (false, true) => (source, (self.own_address(source.0), destination.1)),
            _ => (source, destination),
        }
    }

    /// The machine's address towards a peer: the peer's own if it is the machine itself, else of
    /// the interface in its network, else the first that is not the loopback's.
    fn own_address(&self, peer: IpAddr) -> IpAddr {
        let of = |test: &dyn Fn(IpAddr, IpAddr) -> bool| {
            self.interfaces.iter().find_map(|interface| {
                let (address, netmask): (IpAddr, IpAddr) = match *interface {
                    Interface::V4 { addr, netmask, .. } => (addr.into(), netmask.into()),
                    Interface::V6 { addr, netmask, .. } => (addr.into(), netmask.into()),
                };
                let usable = address.is_ipv4() == peer.is_ipv4() && test(address, netmask);
                usable.then_some(address)
            })
        };
        of(&|address, _| address == peer)
            .or_else(|| of(&|address, mask| masked(address, mask) == masked(peer, mask)))
            .or_else(|| of(&|address, _| !address.is_loopback()))
            .unwrap_or(match peer {
                IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
                IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
            })
    }
}

fn masked(address: IpAddr, mask: IpAddr) -> Option<u128> {
    match (address, mask) {
        (IpAddr::V4(address), IpAddr::V4(mask)) => {
            Some((address.to_bits() & mask.to_bits()).into())
        }
        (IpAddr::V6(address), IpAddr::V6(mask)) => Some(address.to_bits() & mask.to_bits()),
        _ => None,
    }
}

/// The name of a listed socket, as a snapshot has it.
pub(crate) fn listed_name(kind: FdKind, socket: &Socket) -> Vec<u8> {
    match (kind, socket.source, socket.destination) {
        (FdKind::Ipv4 | FdKind::Ipv6, Some(source), Some(destination)) => {
            connection_name(source, destination)
        }
        (FdKind::Ipv4Server | FdKind::Ipv6Server, _, Some(endpoint)) => endpoint_name(endpoint),
        _ => Vec::new(),
    }
}
