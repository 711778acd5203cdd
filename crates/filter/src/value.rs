//! Values of fields and the types that operators are checked against.

use std::borrow::Cow;
use std::net::IpAddr;

/// Type of a field's value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum ValueType {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    Bool,
    /// Printed with one decimal.
    Double,
    /// Text; bytes need not be UTF-8.
    Text,
    /// Text that is a path.
    Path,
    /// Raw bytes.
    Bytes,
    IpAddr,
    /// An address compared with a CIDR constant.
    IpNet,
    /// u16; constants may be service names.
    Port,
    /// Nanoseconds.
    Duration,
    /// Nanoseconds since the epoch.
    Time,
}

/// A value of a field for one event.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Value<'a> {
    I64(i64),
    U64(u64),
    Bool(bool),
    F64(f64),
    Text(Cow<'a, [u8]>),
    Bytes(Cow<'a, [u8]>),
    Ip(IpAddr),
    /// A list field's elements.
    List(Vec<Value<'a>>),
    /// Several candidates of which one must satisfy the comparison, for every operator
    /// (ancestor fields without an index).
    AnyOf(Vec<Value<'a>>),
    /// The two ends of a connection: one must satisfy the comparison, but for `!=` both must
    /// (`fd.ip`, `fd.port`, `fd.net`, `fd.proto`). A single end is a vector of one.
    Ends(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    /// Borrowed text.
    pub fn text(bytes: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Value::Text(Cow::Borrowed(bytes.as_ref()))
    }

    /// Owned text.
    pub fn owned_text(bytes: impl Into<Vec<u8>>) -> Self {
        Value::Text(Cow::Owned(bytes.into()))
    }
}

impl Value<'_> {
    /// The number, if the value is an integer.
    pub fn as_int(&self) -> Option<i128> {
        match *self {
            Value::I64(n) => Some(n.into()),
            Value::U64(n) => Some(n.into()),
            _ => None,
        }
    }

    /// The bytes of text or of a byte buffer.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Text(bytes) | Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl ValueType {
    /// Text or a path.
    pub const fn is_text(self) -> bool {
        matches!(self, ValueType::Text | ValueType::Path)
    }

    /// The smallest and largest number, for the types that are integers underneath.
    pub const fn int_range(self) -> Option<(i128, i128)> {
        Some(match self {
            ValueType::I8 => (i8::MIN as i128, i8::MAX as i128),
            ValueType::I16 => (i16::MIN as i128, i16::MAX as i128),
            ValueType::I32 => (i32::MIN as i128, i32::MAX as i128),
            ValueType::I64 => (i64::MIN as i128, i64::MAX as i128),
            ValueType::U8 => (0, u8::MAX as i128),
            ValueType::U16 | ValueType::Port => (0, u16::MAX as i128),
            ValueType::U32 => (0, u32::MAX as i128),
            ValueType::U64 | ValueType::Duration | ValueType::Time => (0, u64::MAX as i128),
            _ => return None,
        })
    }

    /// Whether values of the two types can be compared with each other: the widths of integers
    /// do not matter, nor does text being a path.
    pub fn comparable(self, other: ValueType) -> bool {
        self == other
            || (self.is_text() && other.is_text())
            || (self.int_range().is_some() && other.int_range().is_some())
    }
}

impl ValueType {
    /// The type in a sentence, with its article where it has one.
    pub(crate) const fn phrase(self) -> &'static str {
        match self {
            ValueType::I8 => "an 8-bit integer",
            ValueType::I16 => "a 16-bit integer",
            ValueType::I32 => "a 32-bit integer",
            ValueType::I64 => "a 64-bit integer",
            ValueType::U8 => "an 8-bit unsigned integer",
            ValueType::U16 => "a 16-bit unsigned integer",
            ValueType::U32 => "a 32-bit unsigned integer",
            ValueType::U64 => "a 64-bit unsigned integer",
            ValueType::Bool => "a boolean",
            ValueType::Double => "a decimal number",
            ValueType::Text => "text",
            ValueType::Path => "a path",
            ValueType::Bytes => "bytes",
            ValueType::IpAddr => "an IP address",
            ValueType::IpNet => "an IP network",
            ValueType::Port => "a port",
            ValueType::Duration => "a duration",
            ValueType::Time => "a time",
        }
    }
}

/// The type without an article (`64-bit integer`), for listings.
impl std::fmt::Display for ValueType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let phrase = self.phrase();
        let bare = phrase
            .strip_prefix("an ")
            .or(phrase.strip_prefix("a "))
            .unwrap_or(phrase);
        f.write_str(bare)
    }
}
