//! Descriptor lists: one block per thread.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::cursor::{Cursor, patch_len, put_str16};
use super::kind::{FDS, begin, finish};
use super::{FdEntry, FdEntryKind, MAX_PATH};

/// The largest type number that sysdig 0.29.3 accepts; a larger one makes it refuse the file.
pub(crate) const MAX_PORTABLE_TYPE: u8 = 16;
/// "Unsupported": what larger types are stored as in portable files.
const UNSUPPORTED: u8 = 10;
const FILE_V1: u8 = 1;
const FILE: u8 = 16;

/// Reads one block: thread and descriptors, and whether all entries fit. `None` when not even the
/// thread is there.
pub(crate) fn read(body: &[u8], version: u8) -> Option<(i64, Vec<FdEntry>, bool)> {
    let mut fields = Cursor::new(body);
    let tid = fields.i64()?;
    let mut list = Vec::new();
    let mut whole = true;
    while fields.remaining() >= 4 {
        let entry = if version >= 2 {
            let Some(mut entry) = fields.entry() else {
                return Some((tid, list, false));
            };
            read_entry(&mut entry, version)
        } else {
            match read_entry(&mut fields, version) {
                Some(entry) => Some(entry),
                // Without a length nothing tells where the next entry begins.
                None => return Some((tid, list, false)),
            }
        };
        match entry {
            Some(entry) => list.push(entry),
            None => whole = false,
        }
    }
    Some((tid, list, whole))
}

fn read_entry(fields: &mut Cursor<'_>, version: u8) -> Option<FdEntry> {
    let (fd, ino, number) = (fields.i64()?, fields.u64()?, fields.u8()?);
    let kind = match number {
        FILE_V1 => FdEntryKind::File {
            name: fields.str16()?.to_vec(),
            open_flags: 0,
            dev: 0,
        },
        2 => FdEntryKind::Directory {
            name: fields.str16()?.to_vec(),
        },
        3 => FdEntryKind::Ipv4 {
            src: Ipv4Addr::from(fields.array::<4>()?),
            dst: Ipv4Addr::from(fields.array::<4>()?),
            src_port: fields.u16()?,
            dst_port: fields.u16()?,
            l4: fields.u8()?,
        },
        4 => FdEntryKind::Ipv6 {
            src: Ipv6Addr::from(fields.array::<16>()?),
            dst: Ipv6Addr::from(fields.array::<16>()?),
            src_port: fields.u16()?,
            dst_port: fields.u16()?,
            l4: fields.u8()?,
        },
        5 => FdEntryKind::Ipv4Server {
            ip: Ipv4Addr::from(fields.array::<4>()?),
            port: fields.u16()?,
            l4: fields.u8()?,
        },
        6 => FdEntryKind::Ipv6Server {
            ip: Ipv6Addr::from(fields.array::<16>()?),
            port: fields.u16()?,
            l4: fields.u8()?,
        },
        8 => FdEntryKind::Unix {
            source: fields.u64()?,
            destination: fields.u64()?,
            path: fields.str16()?.to_vec(),
        },
        FILE => {
            let (open_flags, name) = (fields.u32()?, fields.str16()?.to_vec());
            // Only where the entry's length says that it is there.
            let dev = if version >= 2 { fields.u32() } else { None };
            FdEntryKind::File {
                name,
                open_flags,
                dev: dev.unwrap_or(0),
            }
        }
        7 | 9..=15 | 17..=21 => FdEntryKind::Named {
            type_number: number,
            name: fields.str16()?.to_vec(),
        },
        // Types of newer writers: known to be there, and skipped by their length.
        _ if version >= 2 => FdEntryKind::Named {
            type_number: UNSUPPORTED,
            name: vec![],
        },
        _ => return None,
    };
    Some(FdEntry { fd, ino, kind })
}

/// Writes version 2. With `portable`, types that sysdig 0.29.3 refuses become "unsupported".
/// Returns how many values were cut.
pub(crate) fn write(out: &mut Vec<u8>, tid: i64, list: &[FdEntry], portable: bool) -> u64 {
    let at = begin(out, FDS);
    out.extend_from_slice(&tid.to_le_bytes());
    let mut cut = 0;
    for entry in list {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&entry.fd.to_le_bytes());
        out.extend_from_slice(&entry.ino.to_le_bytes());
        let number = type_number(&entry.kind);
        out.push(if portable && number > MAX_PORTABLE_TYPE {
            UNSUPPORTED
        } else {
            number
        });
        cut += u64::from(write_kind(out, &entry.kind));
        patch_len(&mut out[..], start);
    }
    finish(out, at);
    cut
}

fn write_kind(out: &mut Vec<u8>, kind: &FdEntryKind) -> bool {
    const MAX_FD_NAME: usize = MAX_PATH - 1;
    match kind {
        FdEntryKind::File {
            name,
            open_flags,
            dev,
        } => {
            out.extend_from_slice(&open_flags.to_le_bytes());
            let cut = put_str16(out, name, MAX_FD_NAME);
            out.extend_from_slice(&dev.to_le_bytes());
            cut
        }
        FdEntryKind::Directory { name } | FdEntryKind::Named { name, .. } => {
            put_str16(out, name, MAX_FD_NAME)
        }
        FdEntryKind::Ipv4 {
            src,
            dst,
            src_port,
            dst_port,
            l4,
        } => {
            out.extend_from_slice(&src.octets());
            out.extend_from_slice(&dst.octets());
            put_ports(out, &[*src_port, *dst_port], *l4)
        }
        FdEntryKind::Ipv6 {
            src,
            dst,
            src_port,
            dst_port,
            l4,
        } => {
            out.extend_from_slice(&src.octets());
            out.extend_from_slice(&dst.octets());
            put_ports(out, &[*src_port, *dst_port], *l4)
        }
        FdEntryKind::Ipv4Server { ip, port, l4 } => {
            out.extend_from_slice(&ip.octets());
            put_ports(out, &[*port], *l4)
        }
        FdEntryKind::Ipv6Server { ip, port, l4 } => {
            out.extend_from_slice(&ip.octets());
            put_ports(out, &[*port], *l4)
        }
        FdEntryKind::Unix {
            source,
            destination,
            path,
        } => {
            out.extend_from_slice(&source.to_le_bytes());
            out.extend_from_slice(&destination.to_le_bytes());
            put_str16(out, path, MAX_FD_NAME)
        }
    }
}

fn put_ports(out: &mut Vec<u8>, ports: &[u16], l4: u8) -> bool {
    for port in ports {
        out.extend_from_slice(&port.to_le_bytes());
    }
    out.push(l4);
    false
}

/// The format's number for a kind.
pub(crate) fn type_number(kind: &FdEntryKind) -> u8 {
    match kind {
        FdEntryKind::File { .. } => FILE,
        FdEntryKind::Directory { .. } => 2,
        FdEntryKind::Ipv4 { .. } => 3,
        FdEntryKind::Ipv6 { .. } => 4,
        FdEntryKind::Ipv4Server { .. } => 5,
        FdEntryKind::Ipv6Server { .. } => 6,
        FdEntryKind::Unix { .. } => 8,
        FdEntryKind::Named { type_number, .. } => match type_number {
            7 | 9..=15 | 17..=21 => *type_number,
            // Anything else is not a type that consists of a name.
            _ => UNSUPPORTED,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_kind() -> Vec<FdEntry> {
        let name = b"/dev/pts/0".to_vec();
        let (v4, v6) = (Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST);
        let mut kinds = vec![
            FdEntryKind::File {
                name: name.clone(),
                open_flags: 3,
                dev: 5,
            },
            FdEntryKind::Directory { name: name.clone() },
            FdEntryKind::Ipv4 {
                src: v4,
                dst: v4,
                src_port: 1,
                dst_port: 2,
                l4: 2,
            },
            FdEntryKind::Ipv6 {
                src: v6,
                dst: v6,
                src_port: 1,
                dst_port: 2,
                l4: 3,
            },
            FdEntryKind::Ipv4Server {
                ip: v4,
                port: 80,
                l4: 2,
            },
            FdEntryKind::Ipv6Server {
                ip: v6,
                port: 80,
                l4: 2,
            },
            FdEntryKind::Unix {
                source: 1,
                destination: 2,
                path: name.clone(),
            },
        ];
        for type_number in [7, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21] {
            kinds.push(FdEntryKind::Named {
                type_number,
                name: name.clone(),
            });
        }
        (0..)
            .zip(kinds)
            .map(|(fd, kind)| FdEntry { fd, ino: 77, kind })
            .collect()
    }

    #[test]
    fn every_kind_survives_writing_and_reading() {
        let mut out = Vec::new();
        assert_eq!(write(&mut out, 42, &every_kind(), false), 0);
        let (tid, list, whole) = read(&out[8..out.len() - 4], 2).unwrap();
        assert_eq!((tid, whole), (42, true));
        assert_eq!(list, every_kind());
    }

    #[test]
    fn portable_lists_have_no_type_above_16() {
        let mut out = Vec::new();
        write(&mut out, 42, &every_kind(), true);
        let (_, list, _) = read(&out[8..out.len() - 4], 2).unwrap();
        assert!(
            list.iter()
                .all(|entry| type_number(&entry.kind) <= MAX_PORTABLE_TYPE)
        );
        assert_eq!(list.len(), every_kind().len());
    }

    /// The worked example of the format description.
    #[test]
    fn documented_example_is_written_byte_for_byte() {
        let list = [
            FdEntry {
                fd: 0,
                ino: 3,
                kind: FdEntryKind::File {
                    name: b"/dev/pts/0".to_vec(),
                    open_flags: 3,
                    dev: 5,
                },
            },
            FdEntry {
                fd: 6,
                ino: 78,
                kind: FdEntryKind::Ipv4 {
                    src: Ipv4Addr::new(10, 0, 0, 5),
                    dst: Ipv4Addr::new(10, 0, 0, 6),
                    src_port: 44444,
                    dst_port: 80,
                    l4: 2,
                },
            },
        ];
        let mut out = Vec::new();
        write(&mut out, 100, &list, true);
        assert_eq!(out.len(), 96);
        assert_eq!(out[16], 41);
        assert_eq!(&out[91..], &[0, 96, 0, 0, 0]);
    }

    #[test]
    fn type_of_a_newer_writer_is_kept_as_unsupported() {
        let mut body = 1i64.to_le_bytes().to_vec();
        let mut entry = vec![0; 4];
        entry.extend_from_slice(&5i64.to_le_bytes());
        entry.extend_from_slice(&0u64.to_le_bytes());
        entry.extend_from_slice(&[99, 1, 2, 3]);
        patch_len(&mut entry, 0);
        body.extend(entry);
        let (_, list, whole) = read(&body, 2).unwrap();
        assert!(whole);
        assert_eq!(list[0].fd, 5);
        assert_eq!(type_number(&list[0].kind), UNSUPPORTED);
    }
}
