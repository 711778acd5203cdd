//! socket, socketpair, bind, connect, listen, accept, accept4, shutdown, getsockname, getpeername,
//! getsockopt, setsockopt.

use std::ffi::CStr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use capture_format::param::{SockAddr, SockTuple, Text, Value};

use crate::harness::{Expect, Scratch, dynamic, int, names, record};

/// An address as the kernel takes it, with its length.
pub(crate) struct Address {
    bytes: [u8; 128],
    len: u32,
}

impl Address {
    pub(crate) fn ip(ip: IpAddr, port: u16) -> Address {
        let mut bytes = [0; 128];
        bytes[2..4].copy_from_slice(&port.to_be_bytes());
        let len = match ip {
            IpAddr::V4(ip) => {
                bytes[0] = libc::AF_INET as u8;
                bytes[4..8].copy_from_slice(&ip.octets());
                16
            }
            IpAddr::V6(ip) => {
                bytes[0] = libc::AF_INET6 as u8;
                bytes[8..24].copy_from_slice(&ip.octets());
                28
            }
        };
        Address { bytes, len }
    }

    pub(crate) fn unix(path: &[u8]) -> Address {
        let mut bytes = [0; 128];
        bytes[0] = libc::AF_UNIX as u8;
        bytes[2..2 + path.len()].copy_from_slice(path);
        Address {
            bytes,
            len: 2 + path.len() as u32,
        }
    }

    pub(crate) fn at(&self) -> *const u8 {
        self.bytes.as_ptr()
    }

    pub(crate) fn len(&self) -> u32 {
        self.len
    }
}

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

pub(crate) fn family(ip: IpAddr) -> i32 {
    if ip.is_ipv4() {
        libc::AF_INET
    } else {
        libc::AF_INET6
    }
}

pub(crate) fn socket(family: i32, kind: i32) -> i64 {
    let fd = sys!(SYS_socket, family, kind, 0);
    assert!(fd >= 0, "socket: {fd}");
    fd
}

/// Binds to a free port and returns it.
pub(crate) fn bind_anywhere(fd: i64, ip: IpAddr) -> u16 {
    let any = Address::ip(ip, 0);
    assert_eq!(sys!(SYS_bind, fd, any.at(), any.len()), 0);
    port_of(fd)
}

/// The port a socket is bound to.
pub(crate) fn port_of(fd: i64) -> u16 {
    let mut bytes = [0u8; 128];
    let mut len = 128u32;
    assert_eq!(
        sys!(SYS_getsockname, fd, bytes.as_mut_ptr(), &raw mut len),
        0
    );
    u16::from_be_bytes([bytes[2], bytes[3]])
}

pub(crate) fn tuple(source: (IpAddr, u16), destination: (IpAddr, u16)) -> SockTuple<'static> {
    SockTuple::Ip {
        source,
        destination,
    }
}

fn unix_path(path: &CStr) -> SockAddr<'_> {
    SockAddr::Unix(Text::new(path.to_bytes_with_nul()))
}

#[test]
fn socket_has_its_flags_twice() {
    let Some(run) = record(|| {
        let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
        let good = sys!(SYS_socket, libc::AF_INET6, kind, libc::IPPROTO_TCP);
        sys!(SYS_socket, libc::AF_INET, 99, 0);
        sys!(SYS_close, good);
        good
    }) else {
        return;
    };
    let kind = 1 | 0o2_000_000 | 0o4000;
    let [good, bad] = run.enters("socket");
    expect!(good, names("AF_INET6"), kind, 6);
    expect!(bad, names("AF_INET"), 99, 0);
    let [good, bad] = run.exits("socket");
    let flags = names("O_CLOEXEC|O_NONBLOCK");
    expect!(good, run.value, names("AF_INET6"), kind, 6, flags);
    expect!(bad, -libc::EINVAL, names("AF_INET"), 99, 0, 0);
}

#[test]
fn socketpair_names_both_ends() {
    let Some(run) = record(|| {
        let mut fds = [0i32; 2];
        let good = sys!(
            SYS_socketpair,
            libc::AF_UNIX,
            libc::SOCK_DGRAM,
            0,
            fds.as_mut_ptr()
        );
        assert_eq!(good, 0);
        let mut none = [0i32; 2];
        sys!(
            SYS_socketpair,
            libc::AF_INET,
            libc::SOCK_STREAM,
            0,
            none.as_mut_ptr()
        );
        fds
    }) else {
        return;
    };
    let [one, two] = run.value;
    let [good, bad] = run.enters("socketpair");
    expect!(good, names("AF_UNIX"), 2, 0);
    expect!(bad, names("AF_INET"), 1, 0);
    let [good, bad] = run.exits("socketpair");
    let some = Expect::Something;
    expect!(
        good,
        0,
        one,
        two,
        some.clone(),
        some,
        names("AF_UNIX"),
        2,
        0
    );
    let (source, peer) = (int(good, 4), int(good, 5));
    assert!(source != 0 && peer != 0 && source != peer);
    expect!(bad, -libc::EOPNOTSUPP, -1, -1, 0, 0, names("AF_INET"), 1, 0);
}

fn bind_listen_connect_accept(ip: IpAddr) {
    let Some(run) = record(|| {
        let server = socket(family(ip), libc::SOCK_STREAM);
        let port = bind_anywhere(server, ip);
        assert_eq!(sys!(SYS_listen, server, 7), 0);
        let client = socket(family(ip), libc::SOCK_STREAM);
        let to = Address::ip(ip, port);
        assert_eq!(sys!(SYS_connect, client, to.at(), to.len()), 0);
        let client_port = port_of(client);
        let accepted = sys!(SYS_accept, server, 0, 0);
        let taken = sys!(
            SYS_bind,
            socket(family(ip), libc::SOCK_STREAM),
            to.at(),
            to.len()
        );
        assert_eq!(taken, -i64::from(libc::EADDRINUSE));
        (server, port, client, client_port, accepted)
    }) else {
        return;
    };
    let (server, port, client, client_port, accepted) = run.value;
    assert!(accepted >= 0);
    let [free, taken] = run.enters("bind");
    expect!(free, server);
    let busy = int(taken, 1);
    let [free, taken] = run.exits("bind");
    expect!(free, 0, SockAddr::Ip(ip, 0), server);
    expect!(
        taken,
        -libc::EADDRINUSE,
        SockAddr::Ip(ip, port),
        busy as i64
    );
    expect!(run.enter("listen"), server, 7);
    expect!(run.exit("listen"), 0, server, 7);
    let (here, there) = ((ip, client_port), (ip, port));
    expect!(run.enter("connect"), client, SockAddr::Ip(ip, port));
    let addr = SockAddr::Ip(ip, port);
    expect!(run.exit("connect"), 0, tuple(here, there), client, addr);
    expect!(run.enter("accept"));
    expect!(run.exit("accept"), accepted, tuple(here, there), 0, 0, 7);
}

#[test]
fn connections_over_ipv4() {
    bind_listen_connect_accept(V4);
}

#[test]
fn connections_over_ipv6() {
    bind_listen_connect_accept(V6);
}

#[test]
fn connect_that_is_refused_has_no_tuple() {
    let Some(run) = record(|| {
        // Bound but not listening: the port is free of servers while the test runs.
        let port = bind_anywhere(socket(libc::AF_INET, libc::SOCK_STREAM), V4);
        let client = socket(libc::AF_INET, libc::SOCK_STREAM);
        let to = Address::ip(V4, port);
        (client, port, sys!(SYS_connect, client, to.at(), to.len()))
    }) else {
        return;
    };
    let (client, port, res) = run.value;
    assert_eq!(res, -i64::from(libc::ECONNREFUSED));
    expect!(
        run.exit("connect"),
        res,
        Expect::Nothing,
        client,
        SockAddr::Ip(V4, port)
    );
}

#[test]
fn unix_connections_show_the_servers_path() {
    let scratch = Scratch::new();
    let path = scratch.path("sock");
    let Some(run) = record(|| {
        let server = socket(libc::AF_UNIX, libc::SOCK_STREAM);
        let address = Address::unix(path.to_bytes_with_nul());
        assert_eq!(sys!(SYS_bind, server, address.at(), address.len()), 0);
        assert_eq!(sys!(SYS_listen, server, 3), 0);
        let client = socket(libc::AF_UNIX, libc::SOCK_STREAM);
        assert_eq!(sys!(SYS_connect, client, address.at(), address.len()), 0);
        let accepted = sys!(SYS_accept4, server, 0, 0, libc::SOCK_CLOEXEC);
        (server, client, accepted)
    }) else {
        return;
    };
    let (server, client, accepted) = run.value;
    expect!(run.exit("bind"), 0, unix_path(&path), server);
    expect!(run.enter("connect"), client, unix_path(&path));
    let some = Expect::Something;
    expect!(
        run.exit("connect"),
        0,
        some.clone(),
        client,
        unix_path(&path)
    );
    // O_CLOEXEC of `file_flags`: the parameter is a plain number.
    expect!(run.enter("accept4"), 4096);
    expect!(run.exit("accept4"), accepted, some, 0, 0, 3, 4096);

    let ends = |event: &capture_format::EventBuf| {
        let view = event.as_event();
        let stored = view.param(1).expect("a tuple");
        match Value::decode(capture_format::ParamType::SockTuple, stored) {
            Value::SockTuple(SockTuple::Unix {
                first,
                second,
                path,
            }) => (first, second, path.as_bytes().to_vec()),
            other => panic!("no unix tuple: {other:?}"),
        }
    };
    let (server_end, client_end, name) = ends(run.exit("connect"));
    assert_eq!(name, path.as_bytes());
    assert_eq!(ends(run.exit("accept4")), (server_end, client_end, name));
    assert!(server_end != 0 && client_end != 0 && server_end != client_end);
}

#[test]
fn abstract_unix_names_lose_their_nul() {
    let Some(run) = record(|| {
        let fd = socket(libc::AF_UNIX, libc::SOCK_STREAM);
        let name = format!("\0quarry-{}", std::process::id());
        let address = Address::unix(name.as_bytes());
        assert_eq!(sys!(SYS_bind, fd, address.at(), address.len()), 0);
        (fd, name)
    }) else {
        return;
    };
    let (fd, name) = run.value.clone();
    let shown = format!("{}\0", &name[1..]);
    let addr = SockAddr::Unix(Text::new(shown.as_bytes()));
    expect!(run.exit("bind"), 0, addr, fd);
}

#[test]
fn accept_without_connections_fails() {
    let Some(run) = record(|| {
        let server = socket(libc::AF_INET, libc::SOCK_STREAM | libc::SOCK_NONBLOCK);
        bind_anywhere(server, V4);
        assert_eq!(sys!(SYS_listen, server, 4), 0);
        (
            sys!(SYS_accept4, server, 0, 0, 0),
            sys!(SYS_accept, -1, 0, 0),
        )
    }) else {
        return;
    };
    let none = Expect::Nothing;
    expect!(run.exit("accept4"), -libc::EAGAIN, none.clone(), 0, 0, 4, 0);
    expect!(run.exit("accept"), -libc::EBADF, none, 0, 0, 0);
}

#[test]
fn shutdown_says_which_half() {
    let Some(run) = record(|| {
        let mut fds = [0i32; 2];
        sys!(
            SYS_socketpair,
            libc::AF_UNIX,
            libc::SOCK_STREAM,
            0,
            fds.as_mut_ptr()
        );
        assert_eq!(sys!(SYS_shutdown, fds[0], libc::SHUT_WR), 0);
        sys!(SYS_shutdown, -1, libc::SHUT_RDWR);
        fds[0]
    }) else {
        return;
    };
    let [good, bad] = run.enters("shutdown");
    expect!(good, run.value, names("SHUT_WR"));
    expect!(bad, -1, names("SHUT_RDWR"));
    let [good, bad] = run.exits("shutdown");
    expect!(good, 0, run.value, names("SHUT_WR"));
    expect!(bad, -libc::EBADF, -1, names("SHUT_RDWR"));
}

#[test]
fn getsockname_and_getpeername_only_say_that_they_happened() {
    let Some(run) = record(|| {
        sys!(SYS_getsockname, -1, 0, 0);
        sys!(SYS_getpeername, -1, 0, 0);
    }) else {
        return;
    };
    for call in ["getsockname", "getpeername"] {
        expect!(run.enter(call));
        expect!(run.exit(call));
    }
}

#[test]
fn setsockopt_decodes_values_by_option() {
    let one = 1i32;
    let time = [2i64, 500_000];
    let Some(run) = record(|| {
        let fd = socket(libc::AF_INET, libc::SOCK_STREAM);
        let set = |level: i32, option: i32, value: *const u8, len: usize| {
            sys!(SYS_setsockopt, fd, level, option, value, len)
        };
        let number = (&raw const one).cast();
        assert_eq!(set(libc::SOL_SOCKET, libc::SO_REUSEADDR, number, 4), 0);
        let timeval = time.as_ptr().cast();
        assert_eq!(set(libc::SOL_SOCKET, libc::SO_RCVTIMEO, timeval, 16), 0);
        assert_eq!(set(libc::SOL_TCP, libc::TCP_NODELAY, number, 4), 0);
        assert_eq!(
            sys!(
                SYS_setsockopt,
                -1,
                libc::SOL_SOCKET,
                libc::SO_KEEPALIVE,
                number,
                4
            ),
            -9
        );
        fd
    }) else {
        return;
    };
    let fd = run.value;
    let socket = names("SOL_SOCKET");
    let [reuse, timeout, nodelay, bad] = run.exits("setsockopt");
    let one = dynamic(2, 1u32.to_le_bytes());
    expect!(
        reuse,
        0,
        fd,
        socket.clone(),
        names("SO_REUSEADDR"),
        one.clone(),
        4
    );
    let time = dynamic(4, 2_500_000_000u64.to_le_bytes());
    expect!(
        timeout,
        0,
        fd,
        socket.clone(),
        names("SO_RCVTIMEO"),
        time,
        16
    );
    expect!(
        nodelay,
        0,
        fd,
        names("SOL_TCP"),
        0,
        dynamic(0, 1u32.to_le_bytes()),
        4
    );
    expect!(bad, -libc::EBADF, -1, socket, names("SO_KEEPALIVE"), one, 4);
}

#[test]
fn getsockopt_shows_what_the_kernel_answered() {
    let Some(run) = record(|| {
        let fd = socket(libc::AF_INET, libc::SOCK_DGRAM);
        let get = |option: i32, mut len: u32| {
            let mut value = [0u8; 8];
            let at = value.as_mut_ptr();
            assert_eq!(
                sys!(
                    SYS_getsockopt,
                    fd,
                    libc::SOL_SOCKET,
                    option,
                    at,
                    &raw mut len
                ),
                0
            );
        };
        get(libc::SO_TYPE, 8);
        get(libc::SO_ERROR, 4);
        fd
    }) else {
        return;
    };
    let fd = run.value;
    let [kind, error] = run.exits("getsockopt");
    let socket = names("SOL_SOCKET");
    let datagram = dynamic(2, 2u32.to_le_bytes());
    expect!(kind, 0, fd, socket.clone(), names("SO_TYPE"), datagram, 4);
    expect!(
        error,
        0,
        fd,
        socket,
        names("SO_ERROR"),
        dynamic(1, 0i64.to_le_bytes()),
        4
    );
}
