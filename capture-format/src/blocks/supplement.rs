//! A block of our own, before the first event: what portable lists cannot hold.
//!
//! Portable process lists end with the short tail and portable descriptor lists know no type
//! above 16. Other readers skip the block; ours completes threads and descriptors from it.

use std::collections::HashMap;

use super::cursor::{Cursor, patch_len};
use super::fds::{MAX_PORTABLE_TYPE, type_number};
use super::kind::{SUPPLEMENT, begin, finish};
use super::threads::{Tail, put_tail, read_tail};
use super::{FdEntryKind, Snapshot};

/// A thread's long tail: tid, then the tail.
const THREAD: u8 = 1;
/// A descriptor's type: tid, fd, type number.
const FD: u8 = 2;

/// Completes what the blocks before it said. `None` when an entry does not fit.
pub(crate) fn read(body: &[u8], snapshot: &mut Snapshot) -> Option<()> {
    let threads: HashMap<i64, usize> = (snapshot.threads.iter().enumerate())
        .map(|(at, thread)| (thread.tid, at))
        .collect();
    let fds: HashMap<(i64, i64), (usize, usize)> = (snapshot.fds.iter().enumerate())
        .flat_map(|(list_at, (tid, list))| {
            (list.iter().enumerate()).map(move |(at, entry)| ((*tid, entry.fd), (list_at, at)))
        })
        .collect();
    let mut fields = Cursor::new(body);
    while fields.remaining() >= 4 {
        let mut entry = fields.entry()?;
        match entry.u8()? {
            THREAD => {
                let tid = entry.i64()?;
                if let Some(&at) = threads.get(&tid) {
                    read_tail(&mut entry, &mut snapshot.threads[at])?;
                }
            }
            FD => {
                let (tid, fd, number) = (entry.i64()?, entry.i64()?, entry.u8()?);
                if let Some(&(list_at, at)) = fds.get(&(tid, fd))
                    && let FdEntryKind::Named { type_number, .. } =
                        &mut snapshot.fds[list_at].1[at].kind
                {
                    *type_number = number;
                }
            }
            // Of a newer writer.
            _ => {}
        }
    }
    Some(())
}

/// Writes the block, if there is anything to say.
pub(crate) fn write(out: &mut Vec<u8>, snapshot: &Snapshot) {
    let at = begin(out, SUPPLEMENT);
    let empty = out.len();
    for thread in &snapshot.threads {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        out.push(THREAD);
        out.extend_from_slice(&thread.tid.to_le_bytes());
        put_tail(out, thread, Tail::Long);
        patch_len(&mut out[..], start);
    }
    for (tid, list) in &snapshot.fds {
        for entry in list {
            let number = type_number(&entry.kind);
            if number <= MAX_PORTABLE_TYPE {
                continue;
            }
            let start = out.len();
            out.extend_from_slice(&[0; 4]);
            out.push(FD);
            out.extend_from_slice(&tid.to_le_bytes());
            out.extend_from_slice(&entry.fd.to_le_bytes());
            out.push(number);
            patch_len(&mut out[..], start);
        }
    }
    if out.len() == empty {
        out.truncate(at);
    } else {
        finish(out, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::{FdEntry, ThreadEntry};

    #[test]
    fn lists_are_completed() {
        let named = |type_number| FdEntryKind::Named {
            type_number,
            name: b"memfd:x".to_vec(),
        };
        let fd = |type_number| FdEntry {
            fd: 3,
            ino: 0,
            kind: named(type_number),
        };
        let full = Snapshot {
            threads: vec![ThreadEntry {
                tid: 9,
                tty: 5,
                pgid: 9,
                ..ThreadEntry::default()
            }],
            fds: vec![(9, vec![fd(20)])],
            ..Snapshot::default()
        };
        let mut out = Vec::new();
        write(&mut out, &full);
        let mut portable = Snapshot {
            threads: vec![ThreadEntry {
                tid: 9,
                ..ThreadEntry::default()
            }],
            fds: vec![(9, vec![fd(10)])],
            ..Snapshot::default()
        };
        assert_eq!(read(&out[8..out.len() - 4], &mut portable), Some(()));
        assert_eq!(portable, full);
    }

    #[test]
    fn nothing_to_say_is_no_block() {
        let mut out = Vec::new();
        write(&mut out, &Snapshot::default());
        assert!(out.is_empty());
    }
}
