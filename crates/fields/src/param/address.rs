//! Socket addresses and tuples.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::number::write_decimal;
use super::{unsigned, until_nul};
use crate::context::Context;

const AF_UNIX: u8 = 1;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;

/// An address of 4 or 16 bytes.
pub(crate) fn ip(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(v4).into());
    }
    let v6 = <[u8; 16]>::try_from(bytes).ok()?;
    Some(unmapped(Ipv6Addr::from(v6)))
}

/// IPv4-mapped IPv6 addresses are shown as the IPv4 address that they hold.
fn unmapped(v6: Ipv6Addr) -> IpAddr {
    v6.to_ipv4_mapped().map_or(IpAddr::V6(v6), IpAddr::V4)
}

/// Appends `ADDRESS:PORT`, without brackets for IPv6.
pub(crate) fn write_endpoint(ip: IpAddr, port: u16, out: &mut Vec<u8>) {
    write_decimal(format_args!("{ip}:{port}"), out);
}

/// `ADDRESS:PORT`, a unix path, `family N`, or `NULL` when empty.
pub(super) fn write_sockaddr(bytes: &[u8], out: &mut Vec<u8>) {
    let Some((&family, rest)) = bytes.split_first() else {
        out.extend_from_slice(b"NULL");
        return;
    };
    let endpoint = match family {
        AF_UNIX => {
            out.extend_from_slice(until_nul(rest));
            return;
        }
        AF_INET => endpoint::<4>(rest),
        AF_INET6 => endpoint::<16>(rest),
        _ => None,
    };
    match endpoint {
        Some((ip, port)) => write_endpoint(ip, port, out),
        None => write_decimal(format_args!("family {family}"), out),
    }
}

/// `A:P->B:P`, or the kernel addresses and path of a unix pair, or `NULL` when empty.
pub(super) fn write_tuple(_context: &Context, bytes: &[u8], out: &mut Vec<u8>) {
    let Some((&family, rest)) = bytes.split_first() else {
        out.extend_from_slice(b"NULL");
        return;
    };
    let written = match family {
        AF_UNIX => write_unix_tuple(rest, out),
        AF_INET => write_ip_tuple::<4>(rest, out),
        AF_INET6 => write_ip_tuple::<16>(rest, out),
        _ => None,
    };
    if written.is_none() {
        write_decimal(format_args!("family {family}"), out);
    }
}

fn endpoint<const N: usize>(bytes: &[u8]) -> Option<(IpAddr, u16)> {
    let ip = ip(bytes.get(..N)?)?;
    let port = unsigned(bytes.get(N..N + 2)?)?;
    Some((ip, u16::try_from(port).ok()?))
}

fn write_ip_tuple<const N: usize>(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (source, source_port) = endpoint::<N>(bytes)?;
    let (destination, destination_port) = endpoint::<N>(bytes.get(N + 2..)?)?;
    write_endpoint(source, source_port, out);
    out.extend_from_slice(b"->");
    write_endpoint(destination, destination_port, out);
    Some(())
}

/// The stored order is destination, source; shown is source, destination.
fn write_unix_tuple(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let first = unsigned(bytes.get(..8)?)?;
    let second = unsigned(bytes.get(8..16)?)?;
    write_decimal(format_args!("{second:x}->{first:x}"), out);
    let path = until_nul(bytes.get(16..)?);
    if !path.is_empty() {
        out.push(b' ');
        out.extend_from_slice(path);
    }
    Some(())
}
