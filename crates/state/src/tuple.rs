//! Socket addresses and connection tuples: from bytes to values, from values to names.

use crate::fd::{FdKind, Socket, l4};
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const FAMILY_UNIX: u8 = 1;
const FAMILY_INET: u8 = 2;
const FAMILY_INET6: u8 = 10;

/// An address and a port.
pub(crate) type Endpoint = (IpAddr, u16);

/// Both ends of a connection or datagram, as a tuple parameter holds them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tuple<'a> {
    /// Source and destination; IPv6 addresses that both are mapped IPv4 ones have become such.
    Ip(Endpoint, Endpoint),
    /// Destination's and source's kernel address in the order of the bytes, and the bound path.
    Unix(u64, u64, &'a [u8]),
}

/// One address, as an address parameter holds it; mapped IPv4 addresses stay as they are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Address<'a> {
    Ip(Endpoint),
    Unix(&'a [u8]),
}

impl<'a> Tuple<'a> {
    /// Reads a tuple parameter; `None` when it is empty or of a family that has no form.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Tuple<'a>> {
        let (&family, rest) = bytes.split_first()?;
        match family {
            FAMILY_INET => {
                let (source, rest) = v4(rest)?;
                let (destination, _) = v4(rest)?;
                Some(Tuple::Ip(source, destination))
            }
            FAMILY_INET6 => {
                let (source, rest) = v6(rest)?;
                let (destination, _) = v6(rest)?;
                Some(match (mapped(source), mapped(destination)) {
                    (Some(source), Some(destination)) => Tuple::Ip(source, destination),
                    _ => Tuple::Ip(source, destination),
                })
            }
            FAMILY_UNIX => {
                let (first, rest) = rest.split_first_chunk()?;
                let (second, path) = rest.split_first_chunk()?;
                Some(Tuple::Unix(
                    u64::from_le_bytes(*first),
                    u64::from_le_bytes(*second),
                    crate::call::until_nul(path),
                ))
            }
            _ => None,
        }
    }

    /// The kind of a connected descriptor with this tuple.
    pub(crate) fn kind(&self) -> FdKind {
        match self {
            Tuple::Ip((IpAddr::V4(_), _), _) => FdKind::Ipv4,
            Tuple::Ip(..) => FdKind::Ipv6,
            Tuple::Unix(..) => FdKind::Unix,
        }
    }

    /// The text of the tuple parameter.
    pub(crate) fn name(&self) -> Vec<u8> {
        match *self {
            Tuple::Ip(source, destination) => connection_name(source, destination),
            Tuple::Unix(first, second, path) => {
                let mut name = format!("{first:x}->{second:x} ").into_bytes();
                name.extend_from_slice(path);
                name
            }
        }
    }
}

impl<'a> Address<'a> {
    /// Reads an address parameter.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Address<'a>> {
        let (&family, rest) = bytes.split_first()?;
        match family {
            FAMILY_INET => Some(Address::Ip(v4(rest)?.0)),
            FAMILY_INET6 => Some(Address::Ip(v6(rest)?.0)),
            FAMILY_UNIX => Some(Address::Unix(crate::call::until_nul(rest))),
            _ => None,
        }
    }

    /// The text of the address parameter.
    pub(crate) fn name(&self) -> Vec<u8> {
        match *self {
            Address::Ip(endpoint) => endpoint_name(endpoint),
            Address::Unix(path) => path.to_vec(),
        }
    }
}

fn v4(bytes: &[u8]) -> Option<(Endpoint, &[u8])> {
    let (address, rest) = bytes.split_first_chunk::<4>()?;
    let (port, rest) = rest.split_first_chunk()?;
    let address = Ipv4Addr::from(*address);
    Some(((address.into(), u16::from_le_bytes(*port)), rest))
}

fn v6(bytes: &[u8]) -> Option<(Endpoint, &[u8])> {
    let (address, rest) = bytes.split_first_chunk::<16>()?;
    let (port, rest) = rest.split_first_chunk()?;
    let address = Ipv6Addr::from(*address);
    Some(((address.into(), u16::from_le_bytes(*port)), rest))
}

/// The IPv4 endpoint behind a mapped IPv6 one (`::ffff:a.b.c.d`).
pub(crate) fn mapped((address, port): Endpoint) -> Option<Endpoint> {
    match address {
        IpAddr::V6(address) => Some((address.to_ipv4_mapped()?.into(), port)),
        IpAddr::V4(_) => None,
    }
}

/// `client:port->server:port`.
pub(crate) fn connection_name(source: Endpoint, destination: Endpoint) -> Vec<u8> {
    let mut name = endpoint_name(source);
    name.extend_from_slice(b"->");
    name.extend_from_slice(&endpoint_name(destination));
    name
}

/// `address:port`, without brackets.
pub(crate) fn endpoint_name((address, port): Endpoint) -> Vec<u8> {
    let mut name = address_name(address);
    let _ = write!(name, ":{port}");
    name
}

/// An address as the C library prints it, which writes IPv4-compatible addresses with dots.
pub(crate) fn address_name(address: IpAddr) -> Vec<u8> {
    let mut name = Vec::with_capacity(40);
    let _ = match address {
        IpAddr::V6(v6) if v6.segments()[..6] == [0; 6] && v6.segments()[6] != 0 => {
            let [.., a, b, c, d] = v6.octets();
            write!(name, "::{}", Ipv4Addr::new(a, b, c, d))
        }
        address => write!(name, "{address}"),
    };
    name
}

/// The name of a socket with both ends: with ports for TCP and UDP, addresses alone for ICMP and
/// raw sockets, and a placeholder while the transport is unknown.
pub(crate) fn socket_name(socket: &Socket) -> Vec<u8> {
    let none = (IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
    let source = socket.source.unwrap_or(none);
    let destination = socket.destination.unwrap_or(none);
    match socket.l4 {
        l4::TCP | l4::UDP => connection_name(source, destination),
        l4::ICMP | l4::RAW => {
            let mut name = address_name(source.0);
            name.extend_from_slice(b"->");
            name.extend_from_slice(&address_name(destination.0));
            name
        }
        _ => b"<unknown>".to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn tuples_of_every_family_have_their_name() {
        let v4 = [2, 127, 0, 0, 1, 0x6c, 0x9e, 10, 0, 0, 2, 80, 0];
        assert_eq!(
            text(Tuple::parse(&v4).unwrap().name()),
            "127.0.0.1:40556->10.0.0.2:80"
        );
        let mut v6 = vec![10];
        v6.extend_from_slice(&Ipv6Addr::LOCALHOST.octets());
        v6.extend_from_slice(&38255u16.to_le_bytes());
        v6.extend_from_slice(&Ipv6Addr::LOCALHOST.octets());
        v6.extend_from_slice(&2345u16.to_le_bytes());
        assert_eq!(
            text(Tuple::parse(&v6).unwrap().name()),
            "::1:38255->::1:2345"
        );
        let mut unix = vec![1];
        unix.extend_from_slice(&0u64.to_le_bytes());
        unix.extend_from_slice(&0xffff_8800_3aeb_6000_u64.to_le_bytes());
        unix.extend_from_slice(b"/var/run/nscd/socket\0");
        assert_eq!(
            text(Tuple::parse(&unix).unwrap().name()),
            "0->ffff88003aeb6000 /var/run/nscd/socket"
        );
        assert_eq!(Tuple::parse(&[]), None);
        assert_eq!(Tuple::parse(&v4[..9]), None);
        assert_eq!(Tuple::parse(&[16, 1, 2]), None);
    }

    #[test]
    fn mapped_addresses_become_ipv4_when_both_are() {
        let mapped = Ipv4Addr::new(10, 0, 0, 1).to_ipv6_mapped().octets();
        let bytes = |first: [u8; 16], second: [u8; 16]| {
            [&[10][..], &first, &[1, 0], &second, &[2, 0]].concat()
        };
        let both = bytes(mapped, mapped);
        assert_eq!(Tuple::parse(&both).unwrap().kind(), FdKind::Ipv4);
        let one = bytes(mapped, Ipv6Addr::LOCALHOST.octets());
        assert_eq!(Tuple::parse(&one).unwrap().kind(), FdKind::Ipv6);
    }

    #[test]
    fn addresses_print_as_in_c() {
        for (address, expected) in [
            ("::1", "::1"),
            ("::", "::"),
            ("::1.2.3.4", "::1.2.3.4"),
            ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
            ("2001:db8:0:0:1::3", "2001:db8::1:0:0:3"),
        ] {
            assert_eq!(text(address_name(address.parse().unwrap())), expected);
        }
    }
}
