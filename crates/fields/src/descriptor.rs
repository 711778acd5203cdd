//! How descriptors are shown: kind letter, kind name, transport, name.

use state::{FdInfo, FdKind};

use crate::param::write_printable;

/// One letter for what a descriptor refers to.
pub(crate) fn kind_letter(kind: FdKind) -> u8 {
    match kind {
        FdKind::File => b'f',
        FdKind::Directory => b'd',
        FdKind::Ipv4 | FdKind::Ipv4Server => b'4',
        FdKind::Ipv6 | FdKind::Ipv6Server => b'6',
        FdKind::Unix => b'u',
        FdKind::Pipe => b'p',
        FdKind::Event => b'e',
        FdKind::Signal => b's',
        FdKind::Epoll => b'l',
        FdKind::Inotify => b'i',
        FdKind::Timer => b't',
        FdKind::Netlink => b'n',
        FdKind::Unknown => b'o',
        FdKind::Unsupported => b'X',
        FdKind::Bpf => b'b',
        FdKind::Userfault => b'u',
        FdKind::IoUring => b'r',
        FdKind::Memfd => b'm',
        FdKind::Pidfd => b'P',
    }
}

/// The word for what a descriptor refers to, as `fd.type` has it.
pub(crate) fn kind_name(kind: FdKind) -> &'static str {
    match kind {
        FdKind::File => "file",
        FdKind::Directory => "directory",
        FdKind::Ipv4 | FdKind::Ipv4Server => "ipv4",
        FdKind::Ipv6 | FdKind::Ipv6Server => "ipv6",
        FdKind::Unix => "unix",
        FdKind::Pipe => "pipe",
        FdKind::Event => "event",
        FdKind::Signal => "signalfd",
        FdKind::Epoll => "eventpoll",
        FdKind::Inotify => "inotify",
        FdKind::Timer => "timerfd",
        FdKind::Netlink => "netlink",
        FdKind::Bpf => "bpf",
        FdKind::Userfault => "userfaultfd",
        FdKind::IoUring => "io_uring",
        FdKind::Memfd => "memfd",
        FdKind::Pidfd => "pidfd",
        FdKind::Unknown | FdKind::Unsupported => "<NA>",
    }
}

/// Whether the descriptor is an IP socket, listening or not.
pub(crate) fn is_ip(kind: FdKind) -> bool {
    matches!(
        kind,
        FdKind::Ipv4 | FdKind::Ipv6 | FdKind::Ipv4Server | FdKind::Ipv6Server
    )
}

/// Appends `<KIND>NAME`, as in `fd=3(<f>/etc/passwd)`; IP sockets show their transport too.
pub(crate) fn write_kind_and_name(info: &FdInfo, out: &mut Vec<u8>) {
    out.push(b'<');
    out.push(kind_letter(info.kind));
    if is_ip(info.kind) {
        match info.socket.as_ref().map_or(0, |socket| socket.l4) {
            2 => out.push(b't'),
            3 => out.push(b'u'),
            4 => out.push(b'i'),
            5 => out.push(b'r'),
            _ => {}
        }
    }
    out.push(b'>');
    write_printable(&info.name, out);
}
