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
