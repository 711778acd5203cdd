//! Descriptors that somebody looked up: what the kernel says a number refers to now.
//!
//! Iterator events carry the same facts as a snapshot's list, one descriptor each. They name what
//! no call told of, such as descriptors received over a socket.

use crate::State;
use crate::call::Call;
use crate::fd::FdKind;
use crate::handler::socket::transport;
use crate::load::listed;
use capture_format::{FdEntry, FdEntryKind};
use rustc_hash::FxHashSet;
use std::net::{Ipv4Addr, Ipv6Addr};

/// `task_file_…`: the first parameter is the number, what follows depends on the kind.
pub(crate) fn descriptor(state: &mut State, call: &Call<'_>) {
    let (Some(fd), Some((kind, ino))) = (call.int(0).filter(|&fd| fd >= 0), entry_kind(call))
    else {
        return;
    };
    let Some(table) = state.table_mut(call.slot) else {
        return;
    };
    let listening: FxHashSet<u16> = table
        .iter()
        .filter(|(_, info)| info.kind == FdKind::Ipv4Server)
        .filter_map(|(_, info)| Some(info.socket.as_ref()?.destination?.1))
        .collect();
    let ino = call.uint(ino).unwrap_or(0);
    let info = listed(&FdEntry { fd, ino, kind }, &listening);
    state.add_fd(call, fd, info);
}

/// The list entry that an event amounts to, and where its inode is.
fn entry_kind(call: &Call<'_>) -> Option<(FdEntryKind, usize)> {
    let path = |index| call.text(index).unwrap_or(&[]).to_vec();
    let named = |kind: FdKind, name: Vec<u8>| FdEntryKind::Named {
        type_number: kind.list_number(),
        name,
    };
    let port = |index| call.uint(index).and_then(|port| u16::try_from(port).ok());
    let l4 = || transport(call.u32(1).unwrap_or(0), call.u32(2).unwrap_or(0));
    Some(match call.ty().0 {
        432 => (named(FdKind::Pipe, path(1)), 2),
        434 => (named(FdKind::Memfd, path(1)), 2),
        436 => {
            let kind = FdEntryKind::File {
                name: path(1),
                open_flags: call.u32(2).unwrap_or(0),
                dev: 0,
            };
            (kind, 4)
        }
        438 => (FdEntryKind::Directory { name: path(1) }, 2),
        440 => {
            let ip = |index| {
                Some(Ipv4Addr::from(
                    <[u8; 4]>::try_from(call.bytes(index)?).ok()?,
                ))
            };
            let (src, src_port) = (ip(3)?, port(4)?);
            let (dst, dst_port) = (ip(5)?, port(6)?);
            let kind = if dst.is_unspecified() {
                FdEntryKind::Ipv4Server {
                    ip: src,
                    port: src_port,
                    l4: l4(),
                }
            } else {
                FdEntryKind::Ipv4 {
                    src,
                    dst,
                    src_port,
                    dst_port,
                    l4: l4(),
                }
            };
            (kind, 7)
        }
        442 => {
            let ip = |index| {
                Some(Ipv6Addr::from(
                    <[u8; 16]>::try_from(call.bytes(index)?).ok()?,
                ))
            };
            let (src, src_port) = (ip(3)?, port(4)?);
            let (dst, dst_port) = (ip(5)?, port(6)?);
            let kind = if dst.is_unspecified() {
                FdEntryKind::Ipv6Server {
                    ip: src,
                    port: src_port,
                    l4: l4(),
                }
            } else {
                FdEntryKind::Ipv6 {
                    src,
                    dst,
                    src_port,
                    dst_port,
                    l4: l4(),
                }
            };
            (kind, 7)
        }
        444 => {
            let kind = FdEntryKind::Unix {
                source: call.uint(3).unwrap_or(0),
                destination: 0,
                path: path(4),
            };
            (kind, 5)
        }
        446 => (named(FdKind::Netlink, Vec::new()), 3),
        448 => (named(anonymous(call.uint(1)?), path(2)), 3),
        _ => return None,
    })
}

/// The kind of an anonymous inode by its number in iterator events.
fn anonymous(number: u64) -> FdKind {
    const KINDS: [FdKind; 13] = [
        FdKind::Unsupported,
        FdKind::Event,
        FdKind::Epoll,
        FdKind::Inotify,
        FdKind::Signal,
        FdKind::Timer,
        FdKind::IoUring,
        FdKind::Userfault,
        FdKind::Pidfd,
        FdKind::Bpf,
        FdKind::Bpf,
        FdKind::Bpf,
        FdKind::Bpf,
    ];
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    *KINDS.get(number).unwrap_or(&FdKind::Unsupported)
}
