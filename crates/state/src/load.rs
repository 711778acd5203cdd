//! State from a snapshot and back: the metadata blocks of a capture section.

use crate::access::{container_of, full_names};
use crate::fd::{FdInfo, FdKind, Socket, SocketRole, l4};
use crate::fd_table::FdTable;
use crate::handler::open::with_slash;
use crate::handler::socket::listed_name;
use crate::thread::Thread;
use crate::tuple::mapped;
use crate::{State, path};
use capture_format::{FdEntry, FdEntryKind, Snapshot, ThreadEntry};
use rustc_hash::{FxHashMap, FxHashSet};
use std::net::IpAddr;
use std::sync::Arc;

const CLONE_FILES: u32 = 1;

impl State {
    /// Replaces everything by the contents of a section's metadata blocks.
    pub fn load(&mut self, snapshot: &Snapshot) {
        *self = State {
            counters: self.counters,
            max_threads: self.max_threads,
            machine: snapshot.machine.clone(),
            interfaces: snapshot.interfaces.clone(),
            ..State::default()
        };
        self.users.load(&snapshot.users, &snapshot.groups);
        let lists: FxHashMap<i64, &[FdEntry]> = snapshot
            .fds
            .iter()
            .map(|(tid, list)| (*tid, list.as_slice()))
            .collect();
        let ports = listening_ports(&lists);
        // Leaders first: the other threads share what they have.
        let (leaders, others): (Vec<_>, Vec<_>) = snapshot
            .threads
            .iter()
            .partition(|thread| thread.tid == thread.pid);
        for entry in leaders.into_iter().chain(others) {
            let leader = self.threads.get(entry.pid).map(|leader| leader.files);
            let files = match leader {
                Some(files) if entry.tid != entry.pid && entry.flags & CLONE_FILES != 0 => {
                    self.tables.share(files)
                }
                _ => self.tables.add(FdTable::default()),
            };
            if let (Some(list), Some(table)) = (lists.get(&entry.tid), self.tables.get_mut(files)) {
                for fd in *list {
                    table.insert(fd.fd, Arc::new(listed(fd, &ports)));
                }
            }
            let thread = Thread {
                files,
                ..thread_of(entry)
            };
            self.add_thread(thread);
        }
    }

    /// Takes everything out again, for writing a new section that starts here.
    pub fn snapshot(&self) -> Snapshot {
        // What the latest event closed or ended is still there to be shown, but not to be kept.
        let ended = |thread: &Thread| {
            self.deferred.exit == Some(thread.tid)
                && (!thread.is_leader() || thread.child_threads == 0)
        };
        let closed = |thread: &Thread, fd: i64| self.deferred.close == Some((thread.files, fd));
        let mut threads: Vec<&Thread> = self
            .threads
            .iter()
            .filter(|thread| !thread.invented && !ended(thread))
            .collect();
        threads.sort_by_key(|thread| thread.tid);
        let mut snapshot = Snapshot {
            machine: self.machine.clone(),
            interfaces: self.interfaces.clone(),
            users: self.users.host_users().to_vec(),
            groups: self.users.host_groups().to_vec(),
            threads: Vec::with_capacity(threads.len()),
            fds: Vec::with_capacity(threads.len()),
        };
        let ports: FxHashSet<u16> = threads
            .iter()
            .flat_map(|thread| self.fds(thread))
            .filter(|(_, info)| info.kind == FdKind::Ipv4Server)
            .filter_map(|(_, info)| Some(info.socket.as_ref()?.destination?.1))
            .collect();
        for thread in threads {
            let shares = !thread.is_leader()
                && self
                    .leader(thread)
                    .is_some_and(|leader| leader.files == thread.files);
            let mut entry = entry_of(thread);
            if shares {
                entry.flags |= CLONE_FILES;
            }
            snapshot.threads.push(entry);
            let list = if shares {
                Vec::new()
            } else {
                self.fds(thread)
                    .filter(|(fd, _)| !closed(thread, *fd))
                    .filter_map(|(fd, info)| list_entry(fd, info, &ports))
                    .collect()
            };
            snapshot.fds.push((thread.tid, list));
        }
        snapshot
    }
}

fn thread_of(entry: &ThreadEntry) -> Thread {
    let leads = entry.tid == entry.pid;
    Thread {
        tid: entry.tid,
        pid: entry.pid,
        ptid: entry.ptid,
        sid: entry.sid,
        vpgid: entry.vpgid,
        pgid: entry.pgid,
        vtid: entry.vtid,
        vpid: entry.vpid,
        comm: entry.comm.clone(),
        exe: entry.exe.clone(),
        exe_path: entry.exe_path.clone(),
        args: entry.args.clone(),
        env: if leads { entry.env.clone() } else { Vec::new() },
        cwd: with_slash(path::resolve(b"", &entry.cwd)),
        root: entry.root.clone(),
        container_id: container_of(&entry.cgroups, &entry.root, &entry.env),
        cgroups: full_names(entry.cgroups.clone()),
        fd_limit: entry.fd_limit,
        flags: entry.flags,
        uid: entry.uid,
        gid: entry.gid,
        loginuid: entry.loginuid,
        vm_size_kib: entry.vm_size_kib,
        vm_rss_kib: entry.vm_rss_kib,
        vm_swap_kib: entry.vm_swap_kib,
        pf_major: entry.pf_major,
        pf_minor: entry.pf_minor,
        tty: entry.tty,
        pidns_init_start_ns: entry.pidns_init_start_ns,
        exe_writable: entry.exe_writable,
        exe_upper_layer: entry.exe_upper_layer,
        exe_lower_layer: entry.exe_lower_layer,
        exe_from_memfd: entry.exe_from_memfd,
        cap_inheritable: entry.cap_inheritable,
        cap_permitted: entry.cap_permitted,
        cap_effective: entry.cap_effective,
        exe_ino: entry.exe_ino,
        exe_ino_ctime_ns: entry.exe_ino_ctime_ns,
        exe_ino_mtime_ns: entry.exe_ino_mtime_ns,
        ..Thread::default()
    }
}

fn entry_of(thread: &Thread) -> ThreadEntry {
    let cwd = match thread.cwd.strip_suffix(b"/") {
        Some(cwd) if !cwd.is_empty() => cwd.to_vec(),
        _ => thread.cwd.clone(),
    };
    ThreadEntry {
        tid: thread.tid,
        pid: thread.pid,
        ptid: thread.ptid,
        sid: thread.sid,
        vpgid: thread.vpgid,
        pgid: thread.pgid,
        vtid: thread.vtid,
        vpid: thread.vpid,
        comm: thread.comm.clone(),
        exe: thread.exe.clone(),
        exe_path: thread.exe_path.clone(),
        args: thread.args.clone(),
        env: thread.env.clone(),
        cwd,
        root: thread.root.clone(),
        cgroups: thread.cgroups.clone(),
        fd_limit: thread.fd_limit,
        flags: thread.flags,
        uid: thread.uid,
        gid: thread.gid,
        loginuid: thread.loginuid,
        vm_size_kib: thread.vm_size_kib,
        vm_rss_kib: thread.vm_rss_kib,
        vm_swap_kib: thread.vm_swap_kib,
        pf_major: thread.pf_major,
        pf_minor: thread.pf_minor,
        tty: thread.tty,
        pidns_init_start_ns: thread.pidns_init_start_ns,
        exe_writable: thread.exe_writable,
        exe_upper_layer: thread.exe_upper_layer,
        exe_lower_layer: thread.exe_lower_layer,
        exe_from_memfd: thread.exe_from_memfd,
        cap_inheritable: thread.cap_inheritable,
        cap_permitted: thread.cap_permitted,
        cap_effective: thread.cap_effective,
        exe_ino: thread.exe_ino,
        exe_ino_ctime_ns: thread.exe_ino_ctime_ns,
        exe_ino_mtime_ns: thread.exe_ino_mtime_ns,
    }
}

/// Ports on which an IPv4 socket of the snapshot listens.
fn listening_ports(lists: &FxHashMap<i64, &[FdEntry]>) -> FxHashSet<u16> {
    lists
        .values()
        .flat_map(|list| list.iter())
        .filter_map(|entry| match entry.kind {
            FdEntryKind::Ipv4Server { port, .. } => Some(port),
            _ => None,
        })
        .collect()
}

/// A listed descriptor. The list has the local end of a connection first and does not say who
/// called whom: a local port on which somebody listens makes it the server's end.
pub(crate) fn listed(entry: &FdEntry, listening: &FxHashSet<u16>) -> FdInfo {
    let mut info = FdInfo {
        fd: entry.fd,
        ino: entry.ino,
        from_snapshot: true,
        ..FdInfo::default()
    };
    let connection = |local: (IpAddr, u16), remote: (IpAddr, u16), transport: u8| {
        let (kind, local, remote) = match (mapped(local), mapped(remote)) {
            (Some(local), Some(remote)) => (FdKind::Ipv4, local, remote),
            _ if local.0.is_ipv4() => (FdKind::Ipv4, local, remote),
            _ => (FdKind::Ipv6, local, remote),
        };
        let serves = kind == FdKind::Ipv4 && listening.contains(&local.1);
        let (source, destination) = if serves {
            (remote, local)
        } else {
            (local, remote)
        };
        let socket = Socket {
            role: match kind {
                FdKind::Ipv4 if serves => SocketRole::Server,
                FdKind::Ipv4 => SocketRole::Client,
                _ => SocketRole::Unknown,
            },
            l4: transport,
            source: Some(source),
            destination: Some(destination),
            unix: None,
            connected: transport == l4::TCP,
        };
        (kind, socket)
    };
    // Bound is not yet serving: a datagram client binds too.
    let server = |ip: IpAddr, port: u16, transport: u8| Socket {
        l4: transport,
        destination: Some((ip, port)),
        ..Socket::default()
    };
    match &entry.kind {
        FdEntryKind::File {
            name,
            open_flags,
            dev,
        } => {
            info.kind = FdKind::File;
            info.name.clone_from(name);
            info.name_raw.clone_from(name);
            info.open_flags = *open_flags;
            info.dev = *dev;
            info.close_on_exec = open_flags & crate::handler::open::O_CLOEXEC != 0;
        }
        FdEntryKind::Directory { name } => {
            info.kind = FdKind::Directory;
            info.name.clone_from(name);
            info.name_raw.clone_from(name);
        }
        &FdEntryKind::Ipv4 {
            src,
            dst,
            src_port,
            dst_port,
            l4,
        } => {
            let (kind, socket) = connection((src.into(), src_port), (dst.into(), dst_port), l4);
            info.kind = kind;
            info.name = listed_name(kind, &socket);
            info.socket = Some(socket);
        }
        &FdEntryKind::Ipv6 {
            src,
            dst,
            src_port,
            dst_port,
            l4,
        } => {
            let (kind, socket) = connection((src.into(), src_port), (dst.into(), dst_port), l4);
            info.kind = kind;
            info.name = listed_name(kind, &socket);
            info.socket = Some(socket);
        }
        &FdEntryKind::Ipv4Server { ip, port, l4 } => {
            info.kind = FdKind::Ipv4Server;
            let socket = server(ip.into(), port, l4);
            info.name = listed_name(info.kind, &socket);
            info.socket = Some(socket);
        }
        &FdEntryKind::Ipv6Server { ip, port, l4 } => {
            info.kind = FdKind::Ipv6Server;
            let socket = server(ip.into(), port, l4);
            info.name = listed_name(info.kind, &socket);
            info.socket = Some(socket);
        }
        FdEntryKind::Unix {
            source,
            destination,
            path,
        } => {
            info.kind = FdKind::Unix;
            info.name.clone_from(path);
            info.socket = Some(Socket {
                role: if path.is_empty() {
                    SocketRole::Client
                } else {
                    SocketRole::Server
                },
                unix: Some((*source, *destination)),
                ..Socket::default()
            });
        }
        FdEntryKind::Named { type_number, name } => {
            info.kind = FdKind::from_list_number(*type_number);
            info.name.clone_from(name);
            if info.kind == FdKind::Netlink {
                info.socket = Some(Socket::default());
            }
        }
    }
    info
}

/// A descriptor as the list holds it; sockets that have no address yet are listed as unknown ones
/// are: not at all.
fn list_entry(fd: i64, info: &FdInfo, listening: &FxHashSet<u16>) -> Option<FdEntry> {
    let socket = info.socket.as_ref();
    let named = || FdEntryKind::Named {
        type_number: info.kind.list_number(),
        name: info.name.clone(),
    };
    let kind = match info.kind {
        FdKind::Unknown => return None,
        FdKind::File => FdEntryKind::File {
            name: info.name.clone(),
            open_flags: info.open_flags,
            dev: info.dev,
        },
        FdKind::Directory => FdEntryKind::Directory {
            name: info.name.clone(),
        },
        FdKind::Ipv4 | FdKind::Ipv6 => {
            let socket = socket?;
            let none: (IpAddr, u16) = match info.kind {
                FdKind::Ipv4 => (std::net::Ipv4Addr::UNSPECIFIED.into(), 0),
                _ => (std::net::Ipv6Addr::UNSPECIFIED.into(), 0),
            };
            let source = socket.source.unwrap_or(none);
            let destination = socket.destination.unwrap_or(none);
            // The reader finds the server's end by its listening port and turns it round.
            let serves = socket.role == SocketRole::Server && listening.contains(&destination.1);
            let (local, remote) = if serves {
                (destination, source)
            } else {
                (source, destination)
            };
            match (local, remote) {
                ((IpAddr::V4(src), src_port), (IpAddr::V4(dst), dst_port)) => FdEntryKind::Ipv4 {
                    src,
                    dst,
                    src_port,
                    dst_port,
                    l4: socket.l4,
                },
                ((IpAddr::V6(src), src_port), (IpAddr::V6(dst), dst_port)) => FdEntryKind::Ipv6 {
                    src,
                    dst,
                    src_port,
                    dst_port,
                    l4: socket.l4,
                },
                _ => return None,
            }
        }
        FdKind::Ipv4Server | FdKind::Ipv6Server => match socket?.destination? {
            (IpAddr::V4(ip), port) => FdEntryKind::Ipv4Server {
                ip,
                port,
                l4: socket?.l4,
            },
            (IpAddr::V6(ip), port) => FdEntryKind::Ipv6Server {
                ip,
                port,
                l4: socket?.l4,
            },
        },
        FdKind::Unix => {
            let (source, destination) = socket.and_then(|s| s.unix).unwrap_or((0, 0));
            FdEntryKind::Unix {
                source,
                destination,
                path: info.name.clone(),
            }
        }
        _ => named(),
    };
    Some(FdEntry {
        fd,
        ino: info.ino,
        kind,
    })
}
