//! One file descriptor as the engine knows it.

use std::net::IpAddr;

/// What a descriptor refers to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[allow(missing_docs)]
pub enum FdKind {
    #[default]
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

/// Letter, `fd.type` text and type number of the descriptor list for every kind.
const KINDS: [(FdKind, u8, &str, u8); 21] = [
    (FdKind::Unknown, b'o', "<NA>", 0),
    (FdKind::File, b'f', "file", 16),
    (FdKind::Directory, b'd', "directory", 2),
    (FdKind::Ipv4, b'4', "ipv4", 3),
    (FdKind::Ipv6, b'6', "ipv6", 4),
    (FdKind::Ipv4Server, b'4', "ipv4", 5),
    (FdKind::Ipv6Server, b'6', "ipv6", 6),
    (FdKind::Pipe, b'p', "pipe", 7),
    (FdKind::Unix, b'u', "unix", 8),
    (FdKind::Event, b'e', "event", 9),
    (FdKind::Unsupported, b'X', "<NA>", 10),
    (FdKind::Signal, b's', "signalfd", 11),
    (FdKind::Epoll, b'l', "eventpoll", 12),
    (FdKind::Inotify, b'i', "inotify", 13),
    (FdKind::Timer, b't', "timerfd", 14),
    (FdKind::Netlink, b'n', "netlink", 15),
    (FdKind::Bpf, b'b', "bpf", 17),
    (FdKind::Userfault, b'u', "userfaultfd", 18),
    (FdKind::IoUring, b'r', "io_uring", 19),
    (FdKind::Memfd, b'm', "memfd", 20),
    (FdKind::Pidfd, b'P', "pidfd", 21),
];

impl FdKind {
    fn row(self) -> &'static (FdKind, u8, &'static str, u8) {
        // The table is in declaration order, which a test holds.
        &KINDS[self as usize]
    }

    /// The letter that stands for the kind in `fd=3(<f>/etc/passwd)`.
    pub fn letter(self) -> u8 {
        self.row().1
    }

    /// Text of `fd.type`; `<NA>` for kinds that have none.
    pub fn type_name(self) -> &'static str {
        self.row().2
    }

    /// Number of the kind in a capture's descriptor list.
    pub fn list_number(self) -> u8 {
        self.row().3
    }

    /// The kind that a descriptor list's number stands for; [`FdKind::Unsupported`] for numbers
    /// newer than this table.
    pub fn from_list_number(number: u8) -> FdKind {
        match number {
            1 => FdKind::File,
            _ => KINDS
                .iter()
                .find(|row| row.3 == number)
                .map_or(FdKind::Unsupported, |row| row.0),
        }
    }

    /// IPv4 or IPv6, connected or bound.
    pub fn is_ip_socket(self) -> bool {
        matches!(
            self,
            FdKind::Ipv4 | FdKind::Ipv6 | FdKind::Ipv4Server | FdKind::Ipv6Server
        )
    }

    /// IP, unix or netlink.
    pub fn is_socket(self) -> bool {
        self.is_ip_socket() || matches!(self, FdKind::Unix | FdKind::Netlink)
    }
}

/// Which side of a connection the traced process is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs)]
pub enum SocketRole {
    #[default]
    Unknown,
    Client,
    Server,
}

/// Transport protocol numbers of the format (`l4`).
#[allow(missing_docs)]
pub mod l4 {
    pub const UNKNOWN: u8 = 0;
    pub const NA: u8 = 1;
    pub const TCP: u8 = 2;
    pub const UDP: u8 = 3;
    pub const ICMP: u8 = 4;
    pub const RAW: u8 = 5;
}

/// A descriptor.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
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
    /// Listed in the snapshot, not seen being opened.
    pub from_snapshot: bool,
    /// Never seen being made: put together from events that used it.
    pub recovered: bool,
    /// The process that a pidfd stands for, when it was seen being opened.
    pub(crate) pidfd_of: Option<i64>,
}

impl FdInfo {
    /// The transport protocol as shown: for a connected-style IP socket without a role it is
    /// [`l4::NA`], as if unknown, because the original tool decides so.
    pub fn l4(&self) -> u8 {
        match (self.kind, &self.socket) {
            (FdKind::Ipv4 | FdKind::Ipv6, Some(socket)) if socket.role == SocketRole::Unknown => {
                l4::NA
            }
            (kind, Some(socket)) if kind.is_ip_socket() => socket.l4,
            _ => l4::NA,
        }
    }

    /// The role; [`SocketRole::Unknown`] for descriptors that are not sockets.
    pub fn role(&self) -> SocketRole {
        self.socket.as_ref().map_or(SocketRole::Unknown, |s| s.role)
    }

    /// The file lies in an overlay's upper layer.
    pub fn is_upper_layer(&self) -> bool {
        self.open_flags & 0x8000 != 0
    }

    /// The file lies in an overlay's lower layer.
    pub fn is_lower_layer(&self) -> bool {
        self.open_flags & 0x1_0000 != 0
    }
}

/// What is known about a socket. `source` is the client side and `destination` the server side
/// for connected sockets; a bound socket has only `destination` (its own address).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Socket {
    pub role: SocketRole,
    /// Transport, see [`l4`]; [`FdInfo::l4`] is what is shown.
    pub l4: u8,
    pub source: Option<(IpAddr, u16)>,
    pub destination: Option<(IpAddr, u16)>,
    /// Kernel addresses of a unix socket's ends (source, destination).
    pub unix: Option<(u64, u64)>,
    /// Known to be connected.
    pub connected: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_table_is_in_declaration_order() {
        for (index, row) in KINDS.iter().enumerate() {
            assert_eq!(row.0 as usize, index);
            assert_eq!(FdKind::from_list_number(row.0.list_number()), row.0);
        }
        assert_eq!(FdKind::from_list_number(1), FdKind::File);
        assert_eq!(FdKind::from_list_number(200), FdKind::Unsupported);
    }
}
