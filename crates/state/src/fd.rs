//! One file descriptor as the engine knows it.

use std::net::IpAddr;

/// What a descriptor refers to, with the letter that shows it (`<f>`, `<4t>`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum FdKind {
    Unknown,
    File,
    Directory,
    Ipv4,
    Ipv6,
    Ipv4Server,
    Ipv6Server,
    Pipe,
    Unix,
    Event,
    Unsupported,
    Signal,
    Epoll,
    Inotify,
    Timer,
    Netlink,
    Bpf,
    Userfault,
    IoUring,
    Memfd,
    Pidfd,
}

/// Which side of a connection the traced process is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum SocketRole {
    Unknown,
    Client,
    Server,
}

/// A descriptor.
#[derive(Clone, Debug)]
pub struct FdInfo {
    /// Number in its table.
    pub fd: i64,
    /// What it refers to.
    pub kind: FdKind,
    /// Name exactly as `fd.name` shows it (path, tuple, …); may be empty.
    pub name: Vec<u8>,
    /// Name before resolution (the path as passed to open), for `fd.nameraw`.
    pub name_raw: Vec<u8>,
    /// `PPM_O_*` bits, 0 unknown.
    pub open_flags: u32,
    /// Device, format encoding.
    pub dev: u32,
    /// Inode, 0 unknown.
    pub ino: u64,
    /// Socket facts, for sockets.
    pub socket: Option<Socket>,
    /// Closed by exec.
    pub close_on_exec: bool,
}

/// What is known about a socket. `source` is the client side and `destination` the server side
/// for connected sockets; a bound socket has only `destination` (its own address).
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Socket {
    pub role: SocketRole,
    /// `L4` number of the format: 0 unknown, 1 n/a, 2 tcp, 3 udp, 4 icmp, 5 raw.
    pub l4: u8,
    pub source: Option<(IpAddr, u16)>,
    pub destination: Option<(IpAddr, u16)>,
    /// Kernel addresses of a unix socket's ends (source, destination).
    pub unix: Option<(u64, u64)>,
}
