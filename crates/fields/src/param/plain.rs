//! The plain form of a parameter.

use capture_format::ParamType;
use capture_format::param::{FdList, SigSet};
use capture_format::table::{PrintFormat, signal_name};

use super::number::{write_decimal, write_hex, write_octal};
use super::{Param, address, signed, unsigned, until_nul};
use crate::payload;
use crate::view::View;

/// Appends the plain form; nothing for a parameter that could not be collected.
pub(super) fn write(view: &View<'_>, param: &Param<'_>, out: &mut Vec<u8>) {
    use ParamType as P;
    let bytes = param.bytes;
    match param.ty {
        P::Int8 | P::Int16 | P::Int32 | P::Int64 | P::Fd | P::Fd32 | P::Pid | P::Pid32 => {
            write_signed(param, out);
        }
        P::Errno => write_signed(param, out),
        // Decimal numbers of 32 and 64 bits have always been shown as if signed: offsets need it.
        P::Uint32 | P::Uint64 | P::Mode => write_signed(param, out),
        P::Uint8 | P::Uint16 | P::Port => write_unsigned(param, out),
        // Always decimal: the names follow.
        P::Flags8
        | P::Flags16
        | P::Flags32
        | P::EnumFlags8
        | P::EnumFlags16
        | P::EnumFlags32
        | P::SyscallId
        | P::SigType
        | P::RelTime
        | P::AbsTime
        | P::L4Proto
        | P::SockFamily => {
            if let Some(value) = unsigned(bytes) {
                write_decimal(value, out);
            }
        }
        P::Uid | P::Gid => write_signed(param, out),
        P::Bool => {
            if let Some(value) = unsigned(bytes) {
                out.extend_from_slice(if value == 0 { b"false" } else { b"true" });
            }
        }
        P::Double => {
            if let Ok(bytes) = bytes.try_into() {
                write_decimal(f64::from_le_bytes(bytes), out);
            }
        }
        P::CharBuf | P::FsPath | P::FsRelPath => out.extend_from_slice(until_nul(bytes)),
        P::ByteBuf => payload::write(view.context.payload, view.uncut, bytes, out),
        P::SockAddr => address::write_sockaddr(view.context, bytes, out),
        P::SockTuple => address::write_tuple(view.context, bytes, out),
        P::Ipv4Addr | P::Ipv6Addr | P::IpAddr => {
            if let Some(ip) = address::ip(bytes) {
                write_decimal(ip, out);
            }
        }
        P::FdList => write_fd_list(view, bytes, out),
        P::SigSet => write_signals(bytes, out),
        P::CharBufArray | P::CharBufPairArray => write_list(bytes, out),
        // Networks are types of fields only; dynamic parameters are resolved before.
        P::None | P::Dyn | P::Ipv4Net | P::Ipv6Net | P::IpNet => {}
    }
}

fn write_signed(param: &Param<'_>, out: &mut Vec<u8>) {
    if let (Some(signed), Some(unsigned)) = (signed(param.bytes), unsigned(param.bytes)) {
        match param.format {
            PrintFormat::Hex => write_hex(unsigned, out),
            PrintFormat::Oct => write_octal(unsigned, out),
            _ => write_decimal(signed, out),
        }
    }
}

fn write_unsigned(param: &Param<'_>, out: &mut Vec<u8>) {
    if let Some(value) = unsigned(param.bytes) {
        match param.format {
            PrintFormat::Hex => write_hex(value, out),
            PrintFormat::Oct => write_octal(value, out),
            _ => write_decimal(value, out),
        }
    }
}

/// `FD:LETTERFLAGS` items, flags in hex, separated by blanks.
fn write_fd_list(view: &View<'_>, bytes: &[u8], out: &mut Vec<u8>) {
    let Some(list) = FdList::decode(bytes) else {
        return;
    };
    let thread = view.thread();
    for (position, entry) in list.iter().enumerate() {
        if position > 0 {
            out.push(b' ');
        }
        // Negative ones, which poll ignores, have always been shown like this.
        write_decimal(entry.fd.cast_unsigned(), out);
        out.push(b':');
        let info = thread.and_then(|thread| view.state.fd(thread, entry.fd));
        out.push(info.map_or(b'?', |info| info.kind.letter()));
        write_decimal(format_args!("{:x}", entry.flags), out);
    }
}

/// Names of the signals in a set, separated by blanks.
fn write_signals(bytes: &[u8], out: &mut Vec<u8>) {
    let Some(set) = unsigned(bytes).and_then(|set| u32::try_from(set).ok()) else {
        return;
    };
    for (position, name) in SigSet(set).signals().filter_map(signal_name).enumerate() {
        if position > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(name.as_bytes());
    }
}

/// NUL-terminated items, separated by blanks.
fn write_list(bytes: &[u8], out: &mut Vec<u8>) {
    let items = bytes.strip_suffix(&[0]).unwrap_or(bytes);
    out.extend(items.iter().map(|&b| if b == 0 { b' ' } else { b }));
}
