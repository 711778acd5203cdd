//! Parameter values: one codec per type, reading and writing side by side.
//!
//! Views borrow the raw bytes. An empty parameter means that the value could not be collected;
//! bytes that do not fit their type are kept as [`Value::Raw`], so that decoding and encoding
//! again gives the same bytes, whatever they were.
//!
//! ```
//! use capture_format::{ParamType, param::Value};
//! let bytes = 3i64.to_le_bytes();
//! let fd = Value::decode(ParamType::Fd, &bytes);
//! assert_eq!(fd, Value::Signed(3));
//! assert_eq!(fd.encoded(ParamType::Fd), bytes);
//! ```

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::table::{DynAlternative, ParamType};

mod device;
mod fd_list;
mod list;
mod number;
mod socket;
mod text;

pub use device::Device;
pub use fd_list::{FdList, FdListEntry};
pub use list::TextList;
pub use number::{SigSet, signed, unsigned};
pub use socket::{AF_INET, AF_INET6, AF_UNIX, SockAddr, SockTuple};
pub use text::Text;

/// A decoded parameter.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value<'a> {
    /// No value could be collected.
    Empty,
    /// Signed numbers: descriptors, process ids, results.
    Signed(i64),
    /// Unsigned numbers, flags, ids, times.
    Unsigned(u64),
    /// Floating point; never stored in files.
    Double(f64),
    /// Text and paths.
    Text(Text<'a>),
    /// Raw data.
    Bytes(&'a [u8]),
    /// Text items, each ended by a NUL.
    List(TextList<'a>),
    /// An address of a socket.
    SockAddr(SockAddr<'a>),
    /// Both ends of a socket.
    SockTuple(SockTuple<'a>),
    /// Descriptors with poll flags.
    FdList(FdList<'a>),
    /// A value of a type that the selector picks.
    Dyn(Dyn<'a>),
    /// A network address.
    Ip(IpAddr),
    /// Bytes that do not fit the type.
    Raw(&'a [u8]),
}

/// A dynamic parameter: a selector, and a value in the type that the event table gives for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dyn<'a> {
    /// Which alternative follows.
    pub selector: u8,
    /// The alternative's bytes.
    pub value: &'a [u8],
}

impl<'a> Dyn<'a> {
    /// Splits off the selector; `None` for an empty parameter.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (&selector, value) = bytes.split_first()?;
        Some(Dyn { selector, value })
    }

    /// Appends selector and value.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.selector);
        out.extend_from_slice(self.value);
    }

    /// The value in its type, or raw when the selector is not among the alternatives.
    pub fn resolve(&self, alternatives: &[DynAlternative]) -> Value<'a> {
        match alternatives.iter().find(|a| a.selector == self.selector) {
            Some(alternative) => Value::decode(alternative.ty, self.value),
            None => Value::Raw(self.value),
        }
    }
}

impl<'a> Value<'a> {
    /// Decodes a parameter of the given type.
    pub fn decode(ty: ParamType, bytes: &'a [u8]) -> Value<'a> {
        if bytes.is_empty() {
            return Value::Empty;
        }
        Self::decode_known(ty, bytes).unwrap_or(Value::Raw(bytes))
    }

    fn decode_known(ty: ParamType, bytes: &'a [u8]) -> Option<Value<'a>> {
        use ParamType as T;
        if ty.fixed_size().is_some_and(|size| size != bytes.len()) {
            return None;
        }
        Some(match ty {
            T::Double => Value::Double(f64::from_bits(unsigned(bytes)?)),
            T::Ipv4Addr => Value::Ip(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).into()),
            T::Ipv6Addr => Value::Ip(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into()),
            T::IpAddr => Value::Ip(match bytes.len() {
                4 => Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).into(),
                _ => Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into(),
            }),
            ty if ty.fixed_size().is_some() && ty.is_signed() => Value::Signed(signed(bytes)?),
            ty if ty.fixed_size().is_some() => Value::Unsigned(unsigned(bytes)?),
            T::CharBuf | T::FsPath | T::FsRelPath => Value::Text(Text::new(bytes)),
            T::CharBufArray => Value::List(TextList::new(bytes)),
            T::SockAddr => Value::SockAddr(SockAddr::decode(bytes)?),
            T::SockTuple => Value::SockTuple(SockTuple::decode(bytes)?),
            T::FdList => Value::FdList(FdList::decode(bytes)?),
            T::Dyn => Value::Dyn(Dyn::decode(bytes)?),
            T::ByteBuf => Value::Bytes(bytes),
            // Only filter fields have these types, or values that meant something to one process.
            _ => Value::Raw(bytes),
        })
    }

    /// Appends the encoding of the value as the given type.
    ///
    /// Numbers are cut to the type's size.
    pub fn encode(&self, ty: ParamType, out: &mut Vec<u8>) {
        let size = ty.fixed_size().unwrap_or(8).min(8);
        match self {
            Value::Empty => {}
            Value::Signed(n) => out.extend_from_slice(&n.to_le_bytes()[..size]),
            Value::Unsigned(n) => out.extend_from_slice(&n.to_le_bytes()[..size]),
            Value::Double(n) => out.extend_from_slice(&n.to_bits().to_le_bytes()),
            Value::Text(text) => text.encode(out),
            Value::List(list) => list.encode(out),
            Value::Bytes(bytes) | Value::Raw(bytes) => out.extend_from_slice(bytes),
            Value::SockAddr(addr) => addr.encode(out),
            Value::SockTuple(tuple) => tuple.encode(out),
            Value::FdList(list) => list.encode(out),
            Value::Dyn(value) => value.encode(out),
            Value::Ip(IpAddr::V4(ip)) => out.extend_from_slice(&ip.octets()),
            Value::Ip(IpAddr::V6(ip)) => out.extend_from_slice(&ip.octets()),
        }
    }

    /// [`Value::encode`] into memory of its own.
    pub fn encoded(&self, ty: ParamType) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(ty, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every type of the table, each once.
    fn all_types() -> Vec<ParamType> {
        let mut types: Vec<ParamType> = crate::table::EVENTS
            .iter()
            .flat_map(|event| event.params.iter())
            .flat_map(|p| std::iter::once(p.ty).chain(p.dynamic.iter().map(|d| d.ty)))
            .collect();
        types.extend([ParamType::Ipv6Addr, ParamType::IpAddr, ParamType::Double]);
        types.sort_by_key(|ty| *ty as u8);
        types.dedup();
        types
    }

    proptest! {
        #[test]
        fn any_bytes_survive_decoding_and_encoding(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            for ty in all_types() {
                let sized = ty.fixed_size().unwrap_or(bytes.len()).min(bytes.len());
                for bytes in [&bytes[..], &bytes[..sized]] {
                    prop_assert_eq!(Value::decode(ty, bytes).encoded(ty), bytes);
                }
            }
        }

        #[test]
        fn plausible_socket_bytes_survive(family in prop::sample::select(vec![1u8, 2, 10, 16]), rest in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut bytes = vec![family];
            bytes.extend(rest);
            for ty in [ParamType::SockAddr, ParamType::SockTuple] {
                prop_assert_eq!(Value::decode(ty, &bytes).encoded(ty), &bytes[..]);
            }
        }

        #[test]
        fn numbers_survive_encoding_and_decoding(n in any::<i64>()) {
            let bytes = Value::Signed(n).encoded(ParamType::Fd);
            prop_assert_eq!(Value::decode(ParamType::Fd, &bytes), Value::Signed(n));
            let bytes = Value::Signed(n).encoded(ParamType::Int16);
            prop_assert_eq!(Value::decode(ParamType::Int16, &bytes), Value::Signed(i64::from(n as i16)));
        }
    }

    #[test]
    fn dynamic_value_is_decoded_by_its_selector() {
        let setsockopt = crate::EventType(45).info().unwrap();
        let val = setsockopt.params.iter().find(|p| p.name == "val").unwrap();
        let Value::Dyn(value) = Value::decode(val.ty, &[2, 1, 0, 0, 0]) else {
            panic!("not dynamic");
        };
        assert_eq!(value.resolve(val.dynamic), Value::Unsigned(1));
        let unknown = Dyn {
            selector: 99,
            value: b"x",
        };
        assert_eq!(unknown.resolve(val.dynamic), Value::Raw(b"x"));
    }
}
