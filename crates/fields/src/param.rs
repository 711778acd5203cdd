//! How event parameters look: `NAME=VALUE` or `NAME=VALUE(DECODED)`.
//!
//! Every parameter has a plain form, and some a decoded one (names of flags, the name behind a
//! descriptor). Both are appended to a byte buffer. The rendering is sysdig 0.29.3's, which
//! scripts parse; parameters that came later follow the same rules for their type.

mod address;
mod decoded;
mod number;
pub(crate) mod plain;

use capture_format::param::Text;
pub(crate) use capture_format::param::{signed, unsigned};
use capture_format::table::{
    DynAlternative, EventInfo, GENERIC_RESULT, LegacyParam, NameTable, PrintFormat, SYSCALLS,
};
use capture_format::{Event, EventType, ParamInfo, ParamType};
use filter::{Value, ValueType};

use crate::field::NumberFormat;
use crate::view::View;

use number::write_compact_float;

/// One parameter of an event, with what is needed to show it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Param<'a> {
    pub(crate) name: &'static str,
    pub(crate) ty: ParamType,
    pub(crate) format: PrintFormat,
    pub(crate) names: Option<&'static NameTable>,
    pub(crate) dirfd_param: Option<u8>,
    pub(crate) bytes: &'a [u8],
}

impl<'a> Param<'a> {
    /// The parameter at a position, with dynamic types resolved.
    pub(crate) fn at(event: &Event<'a>, index: usize) -> Option<Param<'a>> {
        Self::new(event, index, event.param(index)?)
    }

    fn new(event: &Event<'a>, index: usize, bytes: &'a [u8]) -> Option<Param<'a>> {
        let info = event.info()?;
        let row = event.param_info(index)?;
        let (name, ty) = match legacy(event, info, index) {
            Some(legacy) => (legacy.name, legacy.ty),
            None => (row.name, row.ty),
        };
        let param = Param {
            name,
            ty,
            format: row.format,
            names: row.names,
            dirfd_param: row.dirfd_param,
            bytes,
        };
        Some(param.resolve_dynamic(row.dynamic))
    }

    /// Replaces a dynamic parameter by the alternative that its first byte selects.
    fn resolve_dynamic(mut self, alternatives: &[DynAlternative]) -> Param<'a> {
        if self.ty != ParamType::Dyn {
            return self;
        }
        let chosen = self.bytes.split_first().and_then(|(selector, rest)| {
            let alternative = alternatives.iter().find(|a| a.selector == *selector)?;
            Some((alternative, rest))
        });
        if let Some((alternative, rest)) = chosen {
            self.ty = alternative.ty;
            self.format = alternative.format;
            self.bytes = rest;
        } else {
            self.ty = ParamType::ByteBuf;
        }
        self
    }
}

/// What a parameter was in sysdig 0.29.3, in events that hold no more parameters than it knew.
///
/// Lines of old captures stay as they were (`pgid=` for what is now `vpgid=`), while those of
/// newer writers say what later versions know.
pub(crate) fn legacy(
    event: &Event<'_>,
    info: &'static EventInfo,
    index: usize,
) -> Option<&'static LegacyParam> {
    let legacy = info.legacy.as_ref()?;
    if event.nparams() > usize::from(legacy.params) {
        return None;
    }
    legacy
        .changed
        .iter()
        .find(|changed| usize::from(changed.index) == index)
}

/// Exits of calls without events of their own.
pub(crate) const GENERIC_EXIT: EventType = EventType(1);

/// What generic events hold behind their two numbers: the result, and the arguments of any call.
pub(crate) fn generic_params() -> impl Iterator<Item = &'static ParamInfo> {
    SYSCALLS
        .iter()
        .flat_map(|call| call.args)
        .chain([&GENERIC_RESULT])
}

/// Appends all parameters as `name=value` or `name=value(decoded)`, each followed by one blank.
///
/// The two numbers of a generic event are not shown: the call's name is the event's type. Decoded
/// arguments of such calls, which newer writers append, are.
pub(crate) fn write_all(view: &View<'_>, out: &mut Vec<u8>) {
    let skipped = if is_generic(&view.event) { 2 } else { 0 };
    for (index, bytes) in view.event.params().enumerate().skip(skipped) {
        if let Some(param) = Param::new(&view.event, index, bytes) {
            out.extend_from_slice(param.name.as_bytes());
            out.push(b'=');
            write_both(view, &param, out);
            out.push(b' ');
        }
    }
}

/// Appends the plain form and, if there is one, the decoded form in brackets.
fn write_both(view: &View<'_>, param: &Param<'_>, out: &mut Vec<u8>) {
    plain::write(view, param, out);
    let end = out.len();
    out.push(b'(');
    decoded::write(view, param, out);
    if out.len() == end + 1 {
        out.truncate(end);
    } else {
        out.push(b')');
    }
}

/// Appends one parameter the way `evt.arg` shows it: decoded if possible, plain otherwise.
pub(crate) fn write_one(view: &View<'_>, param: &Param<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    decoded::write(view, param, out);
    if out.len() == start {
        plain::write(view, param, out);
    }
}

/// The event of a call without a decoder of its own.
pub(crate) fn is_generic(event: &Event<'_>) -> bool {
    event.ty.0 <= 1
}

/// Value type and print format of `evt.rawarg.NAME`, from the first event that has the parameter.
pub(crate) fn raw_type(name: &str) -> (ValueType, NumberFormat) {
    let row = capture_format::table::EVENTS
        .iter()
        .flat_map(|event| event.params)
        .chain(generic_params())
        .find(|param| param.name == name);
    let Some(row) = row else {
        return (ValueType::Text, NumberFormat::None);
    };
    let format = match row.format {
        PrintFormat::Hex | PrintFormat::Oct => NumberFormat::Hex,
        _ => NumberFormat::Dec,
    };
    (value_type(row.ty), format)
}

fn value_type(ty: ParamType) -> ValueType {
    use ParamType as P;
    match ty {
        P::Int8 => ValueType::I8,
        P::Int16 => ValueType::I16,
        P::Int32 | P::Fd32 | P::Pid32 => ValueType::I32,
        P::Int64 | P::Errno | P::Fd | P::Pid => ValueType::I64,
        P::Uint8 | P::Flags8 | P::EnumFlags8 | P::SigType | P::L4Proto | P::SockFamily => {
            ValueType::U8
        }
        P::Uint16 | P::Flags16 | P::EnumFlags16 | P::SyscallId => ValueType::U16,
        P::Uint32 | P::Flags32 | P::EnumFlags32 | P::Uid | P::Gid | P::Mode | P::SigSet => {
            ValueType::U32
        }
        P::Uint64 => ValueType::U64,
        P::Bool => ValueType::Bool,
        P::Double => ValueType::Double,
        P::Port => ValueType::Port,
        P::RelTime => ValueType::Duration,
        P::AbsTime => ValueType::Time,
        P::Ipv4Addr | P::Ipv6Addr | P::IpAddr => ValueType::IpAddr,
        P::FsPath | P::FsRelPath => ValueType::Path,
        P::CharBuf => ValueType::Text,
        P::None
        | P::ByteBuf
        | P::SockAddr
        | P::SockTuple
        | P::FdList
        | P::Dyn
        | P::CharBufArray
        | P::CharBufPairArray
        | P::Ipv4Net
        | P::Ipv6Net
        | P::IpNet => ValueType::Bytes,
    }
}

/// The parameter as a typed value, for `evt.rawarg`. Empty parameters have none, except text and
/// bytes.
pub(crate) fn raw_value<'a>(param: &Param<'a>) -> Option<Value<'a>> {
    let bytes = param.bytes;
    Some(match value_type(param.ty) {
        ValueType::I8 | ValueType::I16 | ValueType::I32 | ValueType::I64 => {
            Value::I64(signed(bytes)?)
        }
        ValueType::Text | ValueType::Path => Value::text(until_nul(bytes)),
        ValueType::Bytes => Value::Bytes(bytes.into()),
        ValueType::Bool => Value::Bool(unsigned(bytes)? != 0),
        ValueType::Double => Value::F64(f64::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::IpAddr | ValueType::IpNet => Value::Ip(address::ip(bytes)?),
        ValueType::U8
        | ValueType::U16
        | ValueType::U32
        | ValueType::U64
        | ValueType::Port
        | ValueType::Duration
        | ValueType::Time => Value::U64(unsigned(bytes)?),
    })
}

/// The text before the terminating NUL.
pub(crate) fn until_nul(bytes: &[u8]) -> &[u8] {
    Text::new(bytes).as_bytes()
}
