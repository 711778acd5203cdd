//! Socket addresses and tuples.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use capture_format::param::{SockAddr, SockTuple};

use super::number::write_decimal;
use crate::context::Context;

/// An address of 4 or 16 bytes.
pub(crate) fn ip(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(v4).into());
    }
    Some(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into())
}

/// Appends `ADDRESS:PORT`, without brackets for IPv6, the port by service name if wanted.
fn write_endpoint(context: &Context, (ip, port): (IpAddr, u16), out: &mut Vec<u8>) {
    match filter::service_name(port) {
        Some(name) if context.resolve_ports => write_decimal(format_args!("{ip}:{name}"), out),
        _ => write_decimal(format_args!("{ip}:{port}"), out),
    }
}

/// `ADDRESS:PORT`, a unix path, `family N`, or `NULL` when empty.
pub(super) fn write_sockaddr(context: &Context, bytes: &[u8], out: &mut Vec<u8>) {
    match SockAddr::decode(bytes) {
        None => out.extend_from_slice(b"NULL"),
        Some(SockAddr::Ip(ip, port)) => write_endpoint(context, (ip, port), out),
        Some(SockAddr::Unix(path)) => out.extend_from_slice(path.as_bytes()),
        Some(SockAddr::Other { family, .. }) => {
            write_decimal(format_args!("family {family}"), out);
        }
    }
}

/// `A:P->B:P`, or the kernel addresses and path of a unix pair, or `NULL` when empty.
pub(super) fn write_tuple(context: &Context, bytes: &[u8], out: &mut Vec<u8>) {
    match SockTuple::decode(bytes) {
        None => out.extend_from_slice(b"NULL"),
        Some(SockTuple::Ip {
            source,
            destination,
        }) => {
            // A connection that talks IPv4 over an IPv6 socket shows the IPv4 addresses.
            let [from, to] = [source, destination].map(|(ip, port)| (ip.to_canonical(), port));
            write_endpoint(context, from, out);
            out.extend_from_slice(b"->");
            write_endpoint(context, to, out);
        }
        Some(SockTuple::Unix {
            first,
            second,
            path,
        }) => {
            write_decimal(format_args!("{first:x}->{second:x} "), out);
            out.extend_from_slice(path.as_bytes());
        }
        Some(SockTuple::Other { family, .. }) => {
            write_decimal(format_args!("family {family}"), out);
        }
    }
}
