//! Interface lists.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::cursor::Cursor;
use super::kind::{INTERFACES, begin, finish};
use super::{Interface, MAX_PATH};

/// Reads entries into `list`; `None` when one does not fit, after those before it.
pub(crate) fn read(body: &[u8], version: u8, list: &mut Vec<Interface>) -> Option<()> {
    let mut fields = Cursor::new(body);
    while fields.remaining() >= 4 {
        if version >= 2 {
            // The only list whose entry length excludes the length itself.
            let len = usize::try_from(fields.u32()?).ok()?;
            list.push(entry(&mut Cursor::new(fields.take(len)?))?);
        } else {
            list.push(entry(&mut fields)?);
        }
    }
    Some(())
}

fn entry(fields: &mut Cursor<'_>) -> Option<Interface> {
    let (kind, name_len) = (fields.u16()?, usize::from(fields.u16()?));
    let has_speed = matches!(kind, 1 | 2);
    match kind {
        1 | 3 => {
            let mut ip = || fields.array::<4>().map(Ipv4Addr::from);
            let (addr, netmask, broadcast) = (ip()?, ip()?, ip()?);
            let link_speed = if has_speed { fields.u64()? } else { 0 };
            Some(Interface::V4 {
                name: fields.take(name_len)?.to_vec(),
                addr,
                netmask,
                broadcast,
                link_speed,
            })
        }
        2 | 4 => {
            let mut ip = || fields.array::<16>().map(Ipv6Addr::from);
            let (addr, netmask, broadcast) = (ip()?, ip()?, ip()?);
            let link_speed = if has_speed { fields.u64()? } else { 0 };
            Some(Interface::V6 {
                name: fields.take(name_len)?.to_vec(),
                addr,
                netmask,
                broadcast,
                link_speed,
            })
        }
        _ => None,
    }
}

/// Writes version 2: IPv4 entries first, as other writers do. Returns how many names were cut.
pub(crate) fn write(out: &mut Vec<u8>, list: &[Interface]) -> u64 {
    let at = begin(out, INTERFACES);
    let mut cut = 0;
    let (v4, v6): (Vec<_>, Vec<_>) = list
        .iter()
        .partition(|entry| matches!(entry, Interface::V4 { .. }));
    for interface in v4.into_iter().chain(v6) {
        let (kind, name, link_speed) = match interface {
            Interface::V4 {
                name, link_speed, ..
            } => (1u16, name, link_speed),
            Interface::V6 {
                name, link_speed, ..
            } => (2, name, link_speed),
        };
        let kept = &name[..name.len().min(MAX_PATH - 1)];
        cut += u64::from(kept.len() < name.len());
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&kind.to_le_bytes());
        out.extend_from_slice(&(kept.len() as u16).to_le_bytes());
        match interface {
            Interface::V4 {
                addr,
                netmask,
                broadcast,
                ..
            } => [addr, netmask, broadcast]
                .into_iter()
                .for_each(|ip| out.extend_from_slice(&ip.octets())),
            Interface::V6 {
                addr,
                netmask,
                broadcast,
                ..
            } => [addr, netmask, broadcast]
                .into_iter()
                .for_each(|ip| out.extend_from_slice(&ip.octets())),
        }
        out.extend_from_slice(&link_speed.to_le_bytes());
        out.extend_from_slice(kept);
        let len = (out.len() - start - 4) as u32;
        out[start..start + 4].copy_from_slice(&len.to_le_bytes());
    }
    finish(out, at);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_survive_writing_and_reading() {
        let list = vec![
            Interface::V4 {
                name: b"lo".to_vec(),
                addr: Ipv4Addr::LOCALHOST,
                netmask: Ipv4Addr::new(255, 0, 0, 0),
                broadcast: Ipv4Addr::LOCALHOST,
                link_speed: 0,
            },
            Interface::V6 {
                name: b"eth0".to_vec(),
                addr: Ipv6Addr::LOCALHOST,
                netmask: Ipv6Addr::UNSPECIFIED,
                broadcast: Ipv6Addr::UNSPECIFIED,
                link_speed: 7,
            },
        ];
        let mut out = Vec::new();
        write(&mut out, &list);
        let mut back = Vec::new();
        assert_eq!(read(&out[8..out.len() - 4], 2, &mut back), Some(()));
        assert_eq!(back, list);
    }

    #[test]
    fn oldest_entries_have_no_link_speed() {
        let mut body = vec![3, 0, 2, 0];
        body.extend_from_slice(&[127, 0, 0, 1, 255, 0, 0, 0, 0, 0, 0, 0]);
        body.extend_from_slice(b"lo");
        let mut list = Vec::new();
        assert_eq!(read(&body, 1, &mut list), Some(()));
        assert!(matches!(&list[..], [Interface::V4 { name, .. }] if name == b"lo"));
    }
}
