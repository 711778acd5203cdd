//! The sockets of one network namespace by inode.

use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;

use capture_format::FdEntryKind;

/// Transport numbers of the format.
const TCP: u8 = 2;
const UDP: u8 = 3;
const ICMP: u8 = 4;
const RAW: u8 = 5;

/// `PT` number of a netlink descriptor.
const NETLINK: u8 = 15;

/// What each socket inode is.
pub(super) type Table = HashMap<u64, FdEntryKind>;

/// Reads the tables below `net`, a process's view of its network namespace.
pub(super) fn read(net: &Path) -> Table {
    let mut table = Table::new();
    for (name, l4) in [
        ("tcp", TCP),
        ("udp", UDP),
        ("udplite", UDP),
        ("icmp", ICMP),
        ("raw", RAW),
    ] {
        each_line(&net.join(name), |line| {
            let (inode, local, remote) = internet_line(line)?;
            let (src, src_port) = ipv4(local)?;
            let (dst, dst_port) = ipv4(remote)?;
            let kind = if dst.is_unspecified() {
                FdEntryKind::Ipv4Server {
                    ip: src,
                    port: src_port,
                    l4,
                }
            } else {
                FdEntryKind::Ipv4 {
                    src,
                    dst,
                    src_port,
                    dst_port,
                    l4,
                }
            };
            table.insert(inode, kind);
            Some(())
        });
        each_line(&net.join(format!("{name}6")), |line| {
            let (inode, local, remote) = internet_line(line)?;
            let (src, src_port) = ipv6(local)?;
            let (dst, dst_port) = ipv6(remote)?;
            let kind = if dst.is_unspecified() {
                FdEntryKind::Ipv6Server {
                    ip: src,
                    port: src_port,
                    l4,
                }
            } else {
                FdEntryKind::Ipv6 {
                    src,
                    dst,
                    src_port,
                    dst_port,
                    l4,
                }
            };
            table.insert(inode, kind);
            Some(())
        });
    }
    each_line(&net.join("unix"), |line| {
        let (inode, kind) = unix_line(line)?;
        table.insert(inode, kind);
        Some(())
    });
    each_line(&net.join("netlink"), |line| {
        let inode = text(line)?.split_whitespace().nth(9)?.parse().ok()?;
        let kind = FdEntryKind::Named {
            type_number: NETLINK,
            name: Vec::new(),
        };
        table.insert(inode, kind);
        Some(())
    });
    table
}

/// Calls `row` for every line after the heading; a line it cannot use is left out.
fn each_line(path: &Path, mut row: impl FnMut(&[u8]) -> Option<()>) {
    let Ok(bytes) = std::fs::read(path) else {
        return;
    };
    for line in bytes.split(|&b| b == b'\n').skip(1) {
        let _ = row(line);
    }
}

fn text(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line).ok()
}

/// Inode, local and remote address of a line of an internet table.
fn internet_line(line: &[u8]) -> Option<(u64, &str, &str)> {
    let mut words = text(line)?.split_whitespace();
    let local = words.nth(1)?;
    let remote = words.next()?;
    let inode = words.nth(6)?.parse().ok()?;
    // Sockets in TIME_WAIT and the like belong to nobody and have inode 0.
    (inode != 0).then_some((inode, local, remote))
}

/// `0100007F:1F90`: the address's words as the kernel holds them, the port as a number.
fn ipv4(text: &str) -> Option<(Ipv4Addr, u16)> {
    let (addr, port) = text.split_once(':')?;
    let word = u32::from_str_radix(addr, 16).ok()?;
    Some((
        Ipv4Addr::from(word.to_ne_bytes()),
        u16::from_str_radix(port, 16).ok()?,
    ))
}

fn ipv6(text: &str) -> Option<(Ipv6Addr, u16)> {
    let (addr, port) = text.split_once(':')?;
    let mut bytes = [0; 16];
    for (i, part) in bytes.chunks_exact_mut(4).enumerate() {
        let word = u32::from_str_radix(addr.get(i * 8..i * 8 + 8)?, 16).ok()?;
        part.copy_from_slice(&word.to_ne_bytes());
    }
    Some((Ipv6Addr::from(bytes), u16::from_str_radix(port, 16).ok()?))
}

/// `Num: RefCount Protocol Flags Type St Inode Path`; the path may hold blanks and any byte.
fn unix_line(line: &[u8]) -> Option<(u64, FdEntryKind)> {
    let mut rest = line;
    let mut word = || {
        let start = rest.iter().position(|&b| b != b' ')?;
        let end = rest[start..]
            .iter()
            .position(|&b| b == b' ')
            .map_or(rest.len(), |n| start + n);
        let word = text(&rest[start..end])?;
        rest = &rest[end..];
        Some(word)
    };
    let source = u64::from_str_radix(word()?.trim_end_matches(':'), 16).ok()?;
    for _ in 0..5 {
        word()?;
    }
    let inode = word()?.parse().ok()?;
    let path = rest.strip_prefix(b" ").unwrap_or(rest).to_vec();
    Some((
        inode,
        FdEntryKind::Unix {
            source,
            destination: 0,
            path,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_kernel_word_order() {
        assert_eq!(ipv4("0100007F:0050"), Some((Ipv4Addr::LOCALHOST, 80)));
        assert_eq!(
            ipv6("00000000000000000000000001000000:1F90"),
            Some((Ipv6Addr::LOCALHOST, 8080))
        );
        assert_eq!(ipv4("x:y"), None);
        assert_eq!(ipv6("0000:1"), None);
    }

    #[test]
    fn unix_line_without_path_has_an_empty_one() {
        let (inode, kind) =
            unix_line(b"0000000028757428: 00000003 00000000 00000000 0001 03 17185").unwrap();
        assert_eq!(inode, 17185);
        assert_eq!(
            kind,
            FdEntryKind::Unix {
                source: 0x2875_7428,
                destination: 0,
                path: vec![]
            }
        );
    }
}
