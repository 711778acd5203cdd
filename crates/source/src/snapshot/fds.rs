//! Descriptors of a process.

use std::collections::HashMap;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use capture_format::{FdEntry, FdEntryKind};

use super::{device, link, numeric_entries, sockets};

/// Type numbers of the descriptor list.
const PIPE: u8 = 7;
const EVENT: u8 = 9;
const UNSUPPORTED: u8 = 10;
const SIGNAL: u8 = 11;
const EPOLL: u8 = 12;
const INOTIFY: u8 = 13;
const TIMER: u8 = 14;
const BPF: u8 = 17;
const USERFAULT: u8 = 18;
const IO_URING: u8 = 19;
const MEMFD: u8 = 20;
const PIDFD: u8 = 21;

/// Reads descriptor lists, keeping what processes share: socket tables by network namespace and
/// devices by mount namespace.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    sockets: HashMap<Vec<u8>, sockets::Table>,
    mounts: HashMap<Vec<u8>, HashMap<u64, u32>>,
}

impl Scanner {
    /// A scanner that has seen nothing.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// All descriptors of a process; those that close meanwhile are left out.
    pub(super) fn scan(&mut self, process: &Path) -> Vec<FdEntry> {
        let dir = process.join("fd");
        numeric_entries(&dir)
            .into_iter()
            .filter_map(|fd| self.look_up(process, fd))
            .collect()
    }

    /// One descriptor, if it is open.
    pub(super) fn look_up(&mut self, process: &Path, fd: i64) -> Option<FdEntry> {
        let path = process.join("fd").join(fd.to_string());
        let target = link(&path)?;
        let (ino, kind) = self.describe(process, fd, &path, target)?;
        Some(FdEntry { fd, ino, kind })
    }

    fn describe(
        &mut self,
        process: &Path,
        fd: i64,
        path: &Path,
        target: Vec<u8>,
    ) -> Option<(u64, FdEntryKind)> {
        let named = |type_number, name| FdEntryKind::Named { type_number, name };
        if let Some(rest) = target.strip_prefix(b"socket:") {
            return match bracketed_number(rest) {
                Some(ino) => Some((ino, self.sockets(process).get(&ino)?.clone())),
                None => Some((0, named(UNSUPPORTED, target))),
            };
        }
        if let Some(ino) = target.strip_prefix(b"pipe:").and_then(bracketed_number) {
            return Some((ino, named(PIPE, target)));
        }
        if let Some(what) = target.strip_prefix(b"anon_inode:") {
            let ino = std::fs::metadata(path).map_or(0, |m| m.ino());
            return Some((ino, named(anonymous(what), Vec::new())));
        }
        if target.starts_with(b"/memfd:") {
            let ino = std::fs::metadata(path).map_or(0, |m| m.ino());
            return Some((ino, named(MEMFD, target)));
        }
        let file = std::fs::metadata(path).ok()?;
        let kind = if file.is_dir() {
            FdEntryKind::Directory { name: target }
        } else if file.file_type().is_fifo() {
            named(PIPE, target)
        } else if file.file_type().is_socket() {
            return None;
        } else {
            let info = FdInfo::read(&process.join("fdinfo").join(fd.to_string()));
            FdEntryKind::File {
                name: target,
                open_flags: info.open_flags,
                dev: info
                    .mount
                    .and_then(|id| self.mount_device(process, id))
                    .unwrap_or_else(|| {
                        device(rustix::fs::major(file.dev()), rustix::fs::minor(file.dev()))
                    }),
            }
        };
        Some((file.ino(), kind))
    }

    /// Socket table of the process's network namespace, read the first time it is asked for.
    fn sockets(&mut self, process: &Path) -> &sockets::Table {
        let namespace = link(&process.join("ns/net")).unwrap_or_default();
        self.sockets
            .entry(namespace)
            .or_insert_with(|| sockets::read(&process.join("net")))
    }

    /// Device of a mount, as the file system itself has it (`stat` shows another on some).
    fn mount_device(&mut self, process: &Path, mount: u64) -> Option<u32> {
        let namespace = link(&process.join("ns/mnt")).unwrap_or_default();
        self.mounts
            .entry(namespace)
            .or_insert_with(|| {
                let text = std::fs::read_to_string(process.join("mountinfo"));
                mount_devices(&text.unwrap_or_default())
            })
            .get(&mount)
            .copied()
    }
}

/// Type number of an anonymous inode by what follows the prefix.
fn anonymous(what: &[u8]) -> u8 {
    match what {
        b"[eventfd]" => EVENT,
        b"[signalfd]" => SIGNAL,
        b"[eventpoll]" => EPOLL,
        b"inotify" | b"[inotify]" => INOTIFY,
        b"[timerfd]" => TIMER,
        b"bpf-map" | b"bpf-prog" | b"bpf-link" | b"bpf_link" | b"bpf_iter" => BPF,
        b"[userfaultfd]" => USERFAULT,
        b"[io_uring]" => IO_URING,
        b"[pidfd]" => PIDFD,
        _ => UNSUPPORTED,
    }
}

fn bracketed_number(text: &[u8]) -> Option<u64> {
    let inner = text.strip_prefix(b"[")?.strip_suffix(b"]")?;
    std::str::from_utf8(inner).ok()?.parse().ok()
}

/// Mount id to device, from a mountinfo file.
fn mount_devices(mountinfo: &str) -> HashMap<u64, u32> {
    mountinfo
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let id = words.next()?.parse().ok()?;
            let (major, minor) = words.nth(1)?.split_once(':')?;
            Some((id, device(major.parse().ok()?, minor.parse().ok()?)))
        })
        .collect()
}

/// What `fdinfo` says of a file.
#[derive(Debug, Default)]
struct FdInfo {
    open_flags: u32,
    mount: Option<u64>,
}

impl FdInfo {
    fn read(path: &Path) -> FdInfo {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let value = |key| {
            text.lines()
                .find_map(|line| line.strip_prefix(key))
                .map(str::trim)
        };
        FdInfo {
            open_flags: value("flags:")
                .and_then(|flags| u32::from_str_radix(flags, 8).ok())
                .map_or(0, scap_open_flags),
            mount: value("mnt_id:").and_then(|id| id.parse().ok()),
        }
    }
}

/// Kernel open flags to the format's own bits.
fn scap_open_flags(linux: u32) -> u32 {
    let access = match linux & 0o3 {
        0 => 1,
        1 => 2,
        2 => 3,
        _ => 0,
    };
    FLAG_BITS
        .iter()
        .filter(|(kernel, _)| linux & kernel == *kernel)
        .fold(access, |bits, (_, scap)| bits | scap)
}

/// Flags of `fdinfo` with the format's bit for each. The numbers differ between architectures.
const FLAG_BITS: &[(u32, u32)] = {
    use rustix::fs::OFlags;
    &[
        (OFlags::CREATE.bits(), 4),
        (OFlags::APPEND.bits(), 8),
        (OFlags::DSYNC.bits(), 16),
        (OFlags::EXCL.bits(), 32),
        (OFlags::NONBLOCK.bits(), 64),
        (OFlags::SYNC.bits(), 128),
        (OFlags::TRUNC.bits(), 256),
        (OFlags::DIRECT.bits(), 512),
        (OFlags::DIRECTORY.bits(), 1024),
        // O_LARGEFILE has no name in the C library of 64-bit machines, but the kernel shows it.
        (0o100_000, 2048),
        (OFlags::CLOEXEC.bits(), 4096),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_flags_take_the_formats_bits() {
        assert_eq!(scap_open_flags(0o100_000), 1 | 2048);
        assert_eq!(scap_open_flags(0o2_000_001), 2 | 4096);
        assert_eq!(scap_open_flags(0o2 | 0o2000 | 0o4000), 3 | 8 | 64);
    }

    #[test]
    fn mount_devices_are_encoded_as_in_the_format() {
        let devices = mount_devices("22 27 0:21 / /proc rw\nbroken\n23 27 8:257 / / rw\n");
        assert_eq!(devices[&22], 21);
        assert_eq!(devices[&23], 1 | (8 << 8) | (0x100 << 12));
    }
}
