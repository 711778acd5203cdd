//! What the parameters of an event should be.

use std::ffi::{CStr, CString};

use capture_format::param::{FdList, FdListEntry, SockAddr, SockTuple, Value};
use capture_format::{EventBuf, ParamInfo};

use super::events::symbol;

/// The expected value of one parameter.
#[derive(Clone, Debug)]
pub(crate) enum Expect {
    /// A number of any width and sign.
    Number(i128),
    /// Names of the parameter's own table, joined by `|`.
    Names(&'static str),
    /// The stored bytes.
    Bytes(Vec<u8>),
    /// No value: length 0.
    Nothing,
    /// Some value; the test looks at it more closely by itself.
    Something,
}

/// Flags or a value by the names of the parameter's table; `` for none.
pub(crate) fn names(joined: &'static str) -> Expect {
    Expect::Names(joined)
}

/// Text as stored, with its NUL.
pub(crate) fn text(bytes: impl AsRef<[u8]>) -> Expect {
    let mut stored = bytes.as_ref().to_vec();
    stored.push(0);
    Expect::Bytes(stored)
}

/// A value whose type a selector picks.
pub(crate) fn dynamic(selector: u8, value: impl AsRef<[u8]>) -> Expect {
    let mut stored = vec![selector];
    stored.extend_from_slice(value.as_ref());
    Expect::Bytes(stored)
}

/// Compares every parameter, by number from 1, and the number of parameters with the table's.
#[track_caller]
pub(crate) fn check(event: &EventBuf, expected: &[Expect]) {
    let name = symbol(event.ty);
    let event = event.as_event();
    let info = event.info().expect("the type is known");
    assert_eq!(event.nparams(), expected.len(), "{name}: parameters stored");
    assert!(event.nparams() >= info.params.len(), "{name}: parameters");
    let wrong: Vec<String> = expected
        .iter()
        .zip(event.params())
        .enumerate()
        .filter_map(|(index, (expected, bytes))| {
            let param = event.param_info(index);
            let reason = expected.differs(param, bytes)?;
            let label = param.map_or("?", |param| param.name);
            Some(format!("parameter {} `{label}`: {reason}", index + 1))
        })
        .collect();
    assert!(wrong.is_empty(), "{name}: {}", wrong.join("; "));
}

/// A numeric parameter by its number, from 1.
#[track_caller]
pub(crate) fn int(event: &EventBuf, number: usize) -> i128 {
    let view = event.as_event();
    let bytes = view.param(number - 1).expect("the parameter exists");
    let info = view.param_info(number - 1).expect("the parameter is known");
    decode(info, bytes).unwrap_or_else(|| {
        let name = symbol(event.ty);
        panic!("{name}: parameter {number} is no number: {bytes:?}")
    })
}

impl Expect {
    /// Why a parameter is not what it should be.
    fn differs(&self, param: Option<&ParamInfo>, bytes: &[u8]) -> Option<String> {
        let found = || format!("found \"{}\"", bytes.escape_ascii());
        match self {
            Expect::Nothing => (!bytes.is_empty()).then(|| format!("expected none, {}", found())),
            Expect::Something => bytes.is_empty().then(|| "expected a value".to_owned()),
            Expect::Bytes(expected) => (expected != bytes)
                .then(|| format!("expected \"{}\", {}", expected.escape_ascii(), found())),
            Expect::Number(expected) => number_differs(*expected, param, bytes),
            Expect::Names(joined) => {
                let expected = param
                    .and_then(|param| value_of_names(param, joined))
                    .unwrap_or_else(|| panic!("no value for `{joined}` in {param:?}"));
                number_differs(expected, param, bytes)
            }
        }
    }
}

fn number_differs(expected: i128, param: Option<&ParamInfo>, bytes: &[u8]) -> Option<String> {
    let found = param.and_then(|param| decode(param, bytes));
    match found {
        Some(found) if found == expected => None,
        Some(found) => Some(format!(
            "expected {expected} ({expected:#x}), found {found}"
        )),
        None => Some(format!("expected {expected}, found bytes {bytes:?}")),
    }
}

/// A number of the parameter's own width, or `None` when the stored width is another.
fn decode(param: &ParamInfo, bytes: &[u8]) -> Option<i128> {
    match Value::decode(param.ty, bytes) {
        Value::Signed(number) => Some(number.into()),
        Value::Unsigned(number) => Some(number.into()),
        _ => None,
    }
}

fn value_of_names(param: &ParamInfo, joined: &str) -> Option<i128> {
    let table = param.names?;
    let mut value = 0;
    for name in joined.split('|').filter(|name| !name.is_empty()) {
        let (_, bit) = table.entries.iter().find(|(known, _)| *known == name)?;
        value |= i128::from(*bit);
    }
    Some(value)
}

macro_rules! number {
    ($($ty:ty),*) => {$(
        impl From<$ty> for Expect {
            fn from(number: $ty) -> Expect {
                Expect::Number(number.into())
            }
        }
    )*};
}

number!(u8, i32, u32, i64, u64);

impl From<&CStr> for Expect {
    fn from(text: &CStr) -> Expect {
        Expect::Bytes(text.to_bytes_with_nul().to_vec())
    }
}

impl From<&CString> for Expect {
    fn from(text: &CString) -> Expect {
        text.as_c_str().into()
    }
}

impl From<&[u8]> for Expect {
    fn from(bytes: &[u8]) -> Expect {
        Expect::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Expect {
    fn from(bytes: &[u8; N]) -> Expect {
        Expect::Bytes(bytes.to_vec())
    }
}

impl From<SockAddr<'_>> for Expect {
    fn from(addr: SockAddr<'_>) -> Expect {
        let mut bytes = Vec::new();
        addr.encode(&mut bytes);
        Expect::Bytes(bytes)
    }
}

impl From<SockTuple<'_>> for Expect {
    fn from(tuple: SockTuple<'_>) -> Expect {
        let mut bytes = Vec::new();
        tuple.encode(&mut bytes);
        Expect::Bytes(bytes)
    }
}

impl From<&[FdListEntry]> for Expect {
    fn from(entries: &[FdListEntry]) -> Expect {
        Expect::Bytes(FdList::join(entries))
    }
}
