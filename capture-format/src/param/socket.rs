//! Socket addresses and tuples. Addresses are in network order, ports little-endian.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Text;

/// Family number of unix sockets.
pub const AF_UNIX: u8 = 1;
/// Family number of IPv4.
pub const AF_INET: u8 = 2;
/// Family number of IPv6.
pub const AF_INET6: u8 = 10;

/// One address, as given to bind, connect or sendto.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SockAddr<'a> {
    /// IPv4 or IPv6.
    Ip(IpAddr, u16),
    /// A unix socket's path; abstract names have lost their leading NUL.
    Unix(Text<'a>),
    /// Another family, or an address of unexpected length.
    Other {
        /// Family number.
        family: u8,
        /// What follows.
        rest: &'a [u8],
    },
}

impl<'a> SockAddr<'a> {
    /// Views stored bytes; `None` when there are none.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (&family, rest) = bytes.split_first()?;
        let ip = match family {
            AF_INET if rest.len() == 6 => endpoint4(rest),
            AF_INET6 if rest.len() == 18 => endpoint6(rest),
            AF_UNIX => return Some(SockAddr::Unix(Text::new(rest))),
            _ => None,
        };
        Some(match ip {
            Some((ip, port)) => SockAddr::Ip(ip, port),
            None => SockAddr::Other { family, rest },
        })
    }

    /// Appends the stored form.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            SockAddr::Ip(ip, port) => {
                out.push(family_of(ip));
                push_endpoint(ip, *port, out);
            }
            SockAddr::Unix(path) => {
                out.push(AF_UNIX);
                path.encode(out);
            }
            SockAddr::Other { family, rest } => {
                out.push(*family);
                out.extend_from_slice(rest);
            }
        }
    }
}

/// Both ends of a socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SockTuple<'a> {
    /// IPv4 or IPv6, both ends of one family. The source sends: it is the local side of
    /// connect and send, the remote side of accept and receive.
    Ip {
        /// Source address and port.
        source: (IpAddr, u16),
        /// Destination address and port.
        destination: (IpAddr, u16),
    },
    /// Unix sockets: kernel addresses as opaque identifiers, in the order in which they are
    /// stored and printed (`first->second path`).
    Unix {
        /// The destination's identifier in events of current drivers.
        first: u64,
        /// The source's identifier.
        second: u64,
        /// Path of the side that is bound.
        path: Text<'a>,
    },
    /// Another family, or a tuple of unexpected length.
    Other {
        /// Family number.
        family: u8,
        /// What follows.
        rest: &'a [u8],
    },
}

impl<'a> SockTuple<'a> {
    /// Views stored bytes; `None` when there are none.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (&family, rest) = bytes.split_first()?;
        let known = match family {
            AF_INET if rest.len() == 12 => both(endpoint4(&rest[..6]), endpoint4(&rest[6..])),
            AF_INET6 if rest.len() == 36 => both(endpoint6(&rest[..18]), endpoint6(&rest[18..])),
            AF_UNIX => unix(rest),
            _ => None,
        };
        Some(known.unwrap_or(SockTuple::Other { family, rest }))
    }

    /// Appends the stored form. Ends of different families are stored as IPv6, the IPv4 one mapped.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            SockTuple::Ip {
                source,
                destination,
            } => {
                let mixed = source.0.is_ipv4() != destination.0.is_ipv4();
                let ends = [source, destination].map(|(ip, port)| match ip {
                    IpAddr::V4(ip) if mixed => (IpAddr::V6(ip.to_ipv6_mapped()), port),
                    ip => (*ip, port),
                });
                out.push(family_of(&ends[0].0));
                for (ip, port) in ends {
                    push_endpoint(&ip, *port, out);
                }
            }
            SockTuple::Unix {
                first,
                second,
                path,
            } => {
                out.push(AF_UNIX);
                out.extend_from_slice(&first.to_le_bytes());
                out.extend_from_slice(&second.to_le_bytes());
                path.encode(out);
            }
            SockTuple::Other { family, rest } => {
                out.push(*family);
                out.extend_from_slice(rest);
            }
        }
    }
}

fn unix(rest: &[u8]) -> Option<SockTuple<'_>> {
    Some(SockTuple::Unix {
        first: u64::from_le_bytes(rest.get(..8)?.try_into().ok()?),
        second: u64::from_le_bytes(rest.get(8..16)?.try_into().ok()?),
        path: Text::new(&rest[16..]),
    })
}

fn both<'a>(a: Option<(IpAddr, u16)>, b: Option<(IpAddr, u16)>) -> Option<SockTuple<'a>> {
    Some(SockTuple::Ip {
        source: a?,
        destination: b?,
    })
}

fn endpoint4(bytes: &[u8]) -> Option<(IpAddr, u16)> {
    let ip: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
    Some((Ipv4Addr::from(ip).into(), port(&bytes[4..])?))
}

fn endpoint6(bytes: &[u8]) -> Option<(IpAddr, u16)> {
    let ip: [u8; 16] = bytes.get(..16)?.try_into().ok()?;
    Some((Ipv6Addr::from(ip).into(), port(&bytes[16..])?))
}

fn port(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn family_of(ip: &IpAddr) -> u8 {
    match ip {
        IpAddr::V4(_) => AF_INET,
        IpAddr::V6(_) => AF_INET6,
    }
}

fn push_endpoint(ip: &IpAddr, port: u16, out: &mut Vec<u8>) {
    match ip {
        IpAddr::V4(ip) => out.extend_from_slice(&ip.octets()),
        IpAddr::V6(ip) => out.extend_from_slice(&ip.octets()),
    }
    out.extend_from_slice(&port.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv4_tuple_interleaves_address_and_port() {
        let bytes = [2, 10, 0, 0, 5, 0x9c, 0xad, 10, 0, 0, 6, 80, 0];
        let tuple = SockTuple::decode(&bytes).unwrap();
        let ip = |last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last));
        assert_eq!(
            tuple,
            SockTuple::Ip {
                source: (ip(5), 44444),
                destination: (ip(6), 80)
            }
        );
        let mut out = Vec::new();
        tuple.encode(&mut out);
        assert_eq!(out, bytes);
    }

    #[test]
    fn addresses_of_every_family() {
        assert_eq!(
            SockAddr::decode(&[2, 127, 0, 0, 1, 0xeb, 0x18]),
            Some(SockAddr::Ip(Ipv4Addr::LOCALHOST.into(), 6379))
        );
        let SockAddr::Unix(path) = SockAddr::decode(b"\x01/run/x\0").unwrap() else {
            panic!("not a unix address");
        };
        assert_eq!(path.as_bytes(), b"/run/x");
        assert_eq!(SockAddr::decode(&[]), None);
        assert_eq!(
            SockAddr::decode(&[2, 1]),
            Some(SockAddr::Other {
                family: 2,
                rest: &[1]
            })
        );
    }
}
