//! Constants: written as text, read by the type of the field they are compared with.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use crate::{
    Op, ValueType,
    ast::{Literal, Quoted},
    error::{Error, ErrorKind, nearest},
};

/// A constant of a compiled filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// Of an integer type, ports, durations (nanoseconds) and times included.
    Int(i128),
    /// A decimal number.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// Text or bytes; for `regex`, `glob` and `pmatch` the pattern.
    Bytes(Vec<u8>),
    /// An address.
    Ip(IpAddr),
    /// A network.
    Net(Network),
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constant::Int(n) => n.fmt(f),
            Constant::Float(n) => n.fmt(f),
            Constant::Bool(b) => b.fmt(f),
            Constant::Bytes(bytes) => Quoted::value(bytes).fmt(f),
            Constant::Ip(ip) => ip.fmt(f),
            Constant::Net(net) => net.fmt(f),
        }
    }
}

/// An IP network: the first `prefix` bits of `address`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// Any address of the network.
    pub address: IpAddr,
    /// Length of the prefix in bits, at most 32 or 128.
    pub prefix: u8,
}

impl Network {
    /// Whether the address lies in the network; the two families never match each other.
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.address, ip) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                let differing = u32::from(a) ^ u32::from(b);
                differing
                    .checked_shr(32 - u32::from(self.prefix))
                    .unwrap_or(0)
                    == 0
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => {
                let differing = u128::from(a) ^ u128::from(b);
                differing
                    .checked_shr(128 - u32::from(self.prefix))
                    .unwrap_or(0)
                    == 0
            }
            _ => false,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// Reads a constant for `field` (its printed name), a field of type `ty`.
///
/// `service` looks up names of ports.
pub(crate) fn read(
    literal: &Literal,
    field: &str,
    ty: ValueType,
    op: Op,
    service: &dyn Fn(&str) -> Option<u16>,
) -> Result<Constant, Error> {
    let bytes = literal.node.as_slice();
    if matches!(op, Op::BContains | Op::BStartsWith) {
        return hex(literal).map(Constant::Bytes);
    }
    match ty {
        ValueType::Bytes => return Ok(Constant::Bytes(bytes.to_vec())),
        ValueType::Text | ValueType::Path => {
            if bytes.contains(&0) {
                return Err(refuse(literal, "text cannot contain a NUL byte", None));
            }
            return Ok(Constant::Bytes(bytes.to_vec()));
        }
        _ => {}
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(refuse(literal, &not_a(literal, ty), Some(accepted(ty))));
    };
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    match ty {
        ValueType::Bool => match text {
            "true" => Ok(Constant::Bool(true)),
            "false" => Ok(Constant::Bool(false)),
            _ => {
                let meant = match text.to_ascii_lowercase().as_str() {
                    "1" | "yes" | "on" | "true" => Some("true"),
                    "0" | "no" | "off" | "false" => Some("false"),
                    _ => None,
                };
                Err(refuse(literal, &not_a(literal, ty), Some(accepted(ty))).did_you_mean(meant))
            }
        },
        ValueType::Double => match text.parse::<f64>() {
            Ok(n) if n.is_finite() => Ok(Constant::Float(n)),
            _ => Err(refuse(literal, &not_a(literal, ty), Some(accepted(ty)))),
        },
        ValueType::IpAddr => match text.parse() {
            Ok(ip) => Ok(Constant::Ip(ip)),
            Err(_) => {
                let error = refuse(literal, &not_a(literal, ty), Some(accepted(ty)));
                Err(match network(text) {
                    Ok(_) => error.suggest(networks_of(field)),
                    Err(_) => error,
                })
            }
        },
        ValueType::IpNet => network(text).map(Constant::Net).map_err(|why| {
            let error = refuse(literal, &why.message(literal), Some(accepted(ty)));
            match why {
                NetworkError::NoPrefix(ip) => {
                    error.did_you_mean(Some(format!("{ip}/{}", full_prefix(ip))))
                }
                _ => error,
            }
        }),
        ValueType::Port => match integer(text) {
            Some(n) => in_range(n, literal, ty),
            None => service(text)
                .map(|n| Constant::Int(n.into()))
                .ok_or_else(|| {
                    refuse(
                        literal,
                        &format!("unknown service `{text}`"),
                        Some(accepted(ty)),
                    )
                    .did_you_mean(nearest(text, crate::services::names()))
                }),
        },
        ValueType::Duration => match integer(text).or_else(|| duration(text)) {
            Some(n) => in_range(n, literal, ty),
            None => Err(refuse(literal, &not_a(literal, ty), Some(accepted(ty)))),
        },
        _ => match integer(text) {
            Some(n) => in_range(n, literal, ty),
            None => Err(refuse(literal, &not_a(literal, ty), Some(accepted(ty)))),
        },
    }
}

fn refuse(literal: &Literal, message: &str, expected: Option<&str>) -> Error {
    let mut error = Error::new(ErrorKind::BadConstant, literal.span, message);
    error.expected = expected.map(str::to_owned);
    error
}

fn not_a(literal: &Literal, ty: ValueType) -> String {
    let kind = match ty {
        ValueType::Port | ValueType::Duration | ValueType::Time => ty.phrase(),
        ty if ty.int_range().is_some() => "a number",
        ty => ty.phrase(),
    };
    format!("{} is not {kind}", InMessage(&literal.node))
}

/// The user's text in backquotes.
struct InMessage<'a>(&'a [u8]);

impl fmt::Display for InMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", String::from_utf8_lossy(self.0).escape_debug())
    }
}

const fn accepted(ty: ValueType) -> &'static str {
    match ty {
        ValueType::Bool => "`true` or `false`",
        ValueType::Double => "a decimal number such as `1.5`",
        ValueType::IpAddr => "an address such as `10.0.0.1` or `fe80::1`",
        ValueType::IpNet => "a network such as `10.0.0.0/8` or `fe80::/10`",
        ValueType::Port => "a number from 0 to 65535 or a service name such as `https`",
        ValueType::Duration => "nanoseconds, or a number with a unit such as `1ms` or `1.5s`",
        ValueType::Time => "nanoseconds since 1970",
        _ => "a whole number such as `42` or `0x2a`",
    }
}

fn in_range(n: i128, literal: &Literal, ty: ValueType) -> Result<Constant, Error> {
    let (low, high) = ty.int_range().unwrap_or((i128::MIN, i128::MAX));
    if (low..=high).contains(&n) {
        return Ok(Constant::Int(n));
    }
    let error = refuse(
        literal,
        &format!("{} is out of range", InMessage(&literal.node)),
        Some(&format!("a number from {low} to {high}")),
    );
    // -1 is how C programs write "unset" for unsigned numbers.
    Err(if n == -1 && ty == ValueType::U32 {
        error.did_you_mean(Some(high))
    } else {
        error
    })
}

/// Decimal with an optional sign, or hexadecimal. The reference refuses hex, so that nobody can
/// rely on another meaning.
fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (digits, radix) = match digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        Some(hex) => (hex, 16),
        None => (digits, 10),
    };
    // `from_str_radix` would take a second sign.
    if !digits.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    let n = i128::from_str_radix(digits, radix).ok()?;
    Some(if negative { -n } else { n })
}

/// A number with a unit, in nanoseconds.
fn duration(text: &str) -> Option<i128> {
    let split = text.find(|c: char| c.is_ascii_alphabetic() || c == 'µ')?;
    let unit: i128 = match &text[split..] {
        "ns" => 1,
        "us" | "µs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" | "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        _ => return None,
    };
    let (whole, fraction) = text[..split]
        .split_once('.')
        .unwrap_or((&text[..split], ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: i128 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    // More than nanoseconds can express is dropped.
    let fraction = &fraction[..fraction.len().min(18)];
    let scale = 10_i128.pow(fraction.len() as u32);
    let fraction: i128 = if fraction.is_empty() {
        0
    } else {
        fraction.parse().ok()?
    };
    whole
        .checked_mul(unit)?
        .checked_add(fraction * unit / scale)
}

enum NetworkError {
    NoPrefix(IpAddr),
    Prefix { limit: u8 },
    Other,
}

impl NetworkError {
    fn message(&self, literal: &Literal) -> String {
        let text = InMessage(&literal.node);
        match self {
            NetworkError::NoPrefix(_) => format!("{text} is an address without a prefix length"),
            NetworkError::Prefix { limit } => {
                format!("the prefix length of {text} is not between 0 and {limit}")
            }
            NetworkError::Other => format!("{text} is not an IP network"),
        }
    }
}

fn network(text: &str) -> Result<Network, NetworkError> {
    let Some((address, prefix)) = text.split_once('/') else {
        return Err(text
            .parse()
            .map_or(NetworkError::Other, NetworkError::NoPrefix));
    };
    let address: IpAddr = address.parse().map_err(|_| NetworkError::Other)?;
    let limit = full_prefix(address);
    let digits = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
    match prefix.parse::<u8>() {
        Ok(prefix) if digits && prefix <= limit => Ok(Network { address, prefix }),
        _ => Err(NetworkError::Prefix { limit }),
    }
}

const fn full_prefix(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V4(_) => Ipv4Addr::BITS as u8,
        IpAddr::V6(_) => Ipv6Addr::BITS as u8,
    }
}

fn networks_of(field: &str) -> String {
    match field.strip_suffix("ip") {
        Some(start) => format!("a network is compared with `{start}net`"),
        None => "this field is compared with addresses, not with networks".to_owned(),
    }
}

fn hex(literal: &Literal) -> Result<Vec<u8>, Error> {
    let text = literal.node.as_slice();
    let bytes: Option<Vec<u8>> = text
        .len()
        .is_multiple_of(2)
        .then(|| text.chunks(2).map(hex_byte).collect::<Option<Vec<u8>>>())
        .flatten();
    bytes.ok_or_else(|| {
        refuse(
            literal,
            &format!("{} is not written in hex digits", InMessage(text)),
            Some("an even number of hex digits, such as `474554`"),
        )
    })
}

fn hex_byte(pair: &[u8]) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    Some((digit(*pair.first()?)? * 16 + digit(*pair.get(1)?)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ast::Spanned, error::Span};

    fn constant(text: &str, ty: ValueType) -> Result<Constant, String> {
        let literal = Spanned::new(text.as_bytes().to_vec(), Span::default());
        read(&literal, "fd.cip", ty, Op::Eq, &crate::services::port).map_err(|e| e.message)
    }

    #[test]
    fn integers_take_signs_zeros_blanks_and_hex() {
        for (text, n) in [
            ("3", 3),
            ("+3", 3),
            ("03", 3),
            (" 3", 3),
            ("-3", -3),
            ("0x1F", 31),
            ("-0x10", -16),
        ] {
            assert_eq!(
                constant(text, ValueType::I64),
                Ok(Constant::Int(n)),
                "{text}"
            );
        }
        for text in ["", "-", "3k", "3.0", "0x", "+-3", "0x-3", "1e3", "３"] {
            assert!(constant(text, ValueType::I64).is_err(), "{text}");
        }
    }

    #[test]
    fn integers_must_fit() {
        assert_eq!(constant("32767", ValueType::I16), Ok(Constant::Int(32767)));
        assert_eq!(
            constant("65536", ValueType::I16),
            Err("`65536` is out of range".into())
        );
        assert!(constant("99999", ValueType::Port).is_err());
        assert!(constant("-1", ValueType::U32).is_err());
        assert!(constant(&"9".repeat(80), ValueType::U64).is_err());
    }

    #[test]
    fn durations_take_units() {
        for (text, ns) in [
            ("250", 250),
            ("1ms", 1_000_000),
            ("1.5s", 1_500_000_000),
            ("2m", 120_000_000_000),
            ("10µs", 10_000),
            (".5us", 500),
        ] {
            assert_eq!(
                constant(text, ValueType::Duration),
                Ok(Constant::Int(ns)),
                "{text}"
            );
        }
        for text in ["ms", "1 ms", "1.ms.s", "-1ms", "1x", "999999999999d"] {
            assert!(constant(text, ValueType::Duration).is_err(), "{text}");
        }
        assert!(constant("1ms", ValueType::U64).is_err());
    }

    #[test]
    fn networks_need_a_prefix_of_a_sensible_length() {
        let net = |text| match constant(text, ValueType::IpNet) {
            Ok(Constant::Net(net)) => net,
            other => panic!("{text}: {other:?}"),
        };
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(net("10.0.0.0/8").contains(ip("10.255.1.2")));
        assert!(!net("10.0.0.0/8").contains(ip("11.0.0.1")));
        assert!(net("0.0.0.0/0").contains(ip("1.2.3.4")));
        assert!(!net("0.0.0.0/0").contains(ip("::1")));
        assert!(net("::/0").contains(ip("::1")));
        assert!(net("fe80::/10").contains(ip("febf::1")));
        assert!(!net("fe80::/10").contains(ip("fec0::1")));
        assert!(net("1.2.3.4/32").contains(ip("1.2.3.4")));
        for text in [
            "10.0.0.0",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "x/8",
        ] {
            assert!(constant(text, ValueType::IpNet).is_err(), "{text}");
        }
    }
}
