//! The decoded form of a parameter: names instead of numbers, absolute instead of relative paths.

use capture_format::ParamType;
use capture_format::table::{NameTable, signal_name};

use super::{Param, signed, unsigned, until_nul, write_compact_float};
use crate::descriptor;
use crate::names;
use crate::path;
use crate::view::View;

/// Appends the decoded form; nothing when there is none.
pub(super) fn write(view: &View<'_>, param: &Param<'_>, out: &mut Vec<u8>) {
    use ParamType as P;
    let bytes = param.bytes;
    match param.ty {
        P::Errno => write_errno(bytes, out),
        P::Fd | P::Fd32 => write_fd(view, bytes, out),
        P::Pid | P::Pid32 => {
            let thread = signed(bytes).and_then(|tid| view.state.thread(tid));
            if let Some(thread) = thread {
                out.extend_from_slice(&thread.comm);
            }
        }
        P::Flags8 | P::Flags16 | P::Flags32 | P::Mode => {
            if let (Some(value), Some(table)) = (unsigned(bytes), param.names) {
                write_flags(value, table, out);
            }
        }
        P::EnumFlags8 | P::EnumFlags16 | P::EnumFlags32 => {
            if let (Some(value), Some(table)) = (unsigned(bytes), param.names) {
                write_flags(value, table, out);
            }
        }
        P::Uid => write_id(bytes, out, |id| {
            view.state.user_name(id, container_id(view))
        }),
        P::Gid => write_id(bytes, out, |id| {
            view.state.group_name(id, container_id(view))
        }),
        P::SyscallId => {
            let name = unsigned(bytes).and_then(names::syscall_name);
            out.extend_from_slice(name.unwrap_or("").as_bytes());
        }
        P::SigType => {
            let name = unsigned(bytes).and_then(|number| signal_name(u32::try_from(number).ok()?));
            out.extend_from_slice(name.unwrap_or("").as_bytes());
        }
        P::RelTime => {
            if let Some(ns) = unsigned(bytes) {
                write_compact_float(ns as f64 / 1e9, out);
                out.push(b's');
            }
        }
        P::FsPath => {
            if let Some(thread) = view.thread() {
                write_absolute(view.state.cwd(thread), until_nul(bytes), out);
            }
        }
        P::FsRelPath => write_relative_path(view, param, out),
        _ => {}
    }
}

fn container_id<'a>(view: &View<'a>) -> &'a [u8] {
    view.thread().map_or(&[], |thread| &thread.container_id)
}

fn write_errno(bytes: &[u8], out: &mut Vec<u8>) {
    let name = signed(bytes).and_then(names::errno);
    out.extend_from_slice(name.unwrap_or("").as_bytes());
}

fn write_fd(view: &View<'_>, bytes: &[u8], out: &mut Vec<u8>) {
    let Some(number) = signed(bytes) else { return };
    let info = view
        .thread()
        .and_then(|thread| view.state.fd(thread, number));
    if let Some(info) = info {
        descriptor::write_kind_and_name(view.context, info, out);
    } else if number == path::AT_FDCWD {
        out.extend_from_slice(b"AT_FDCWD");
    } else {
        // Also where a negative number only means "none", as always shown.
        write_errno(bytes, out);
    }
}

/// Names of set bits in table order, joined by `|`.
///
/// An entry that equals the whole value ends the search, so that the aliases after it stay out;
/// bits once named are not named again (`O_RDWR` holds those of `O_RDONLY` and `O_WRONLY`).
fn write_flags(value: u64, table: &NameTable, out: &mut Vec<u8>) {
    let mut left = value;
    let start = out.len();
    for &(name, bits) in table.entries {
        let bits = u64::from(bits);
        let matches = if bits == 0 {
            value == 0
        } else {
            left & bits == bits
        };
        if matches {
            if out.len() > start {
                out.push(b'|');
            }
            out.extend_from_slice(name.as_bytes());
            left &= !bits;
        }
        if bits == value {
            break;
        }
    }
}

fn write_id<'a>(bytes: &[u8], out: &mut Vec<u8>, name: impl Fn(u32) -> Option<&'a [u8]>) {
    let id = unsigned(bytes).and_then(|id| u32::try_from(id).ok());
    out.extend_from_slice(match id {
        None => b"",
        Some(u32::MAX) => b"<NONE>",
        Some(id) => name(id).unwrap_or(b"<NA>"),
    });
}

/// The path below the directory that another parameter names by descriptor; below nothing when
/// that is unknown.
fn write_relative_path(view: &View<'_>, param: &Param<'_>, out: &mut Vec<u8>) {
    let Some(thread) = view.thread() else { return };
    let raw = until_nul(param.bytes);
    let dirfd = param
        .dirfd_param
        .and_then(|index| signed(view.event.param(usize::from(index))?))
        .unwrap_or(path::AT_FDCWD);
    if dirfd == path::AT_FDCWD {
        return write_absolute(view.state.cwd(thread), raw, out);
    }
    let mut directory = view
        .state
        .fd(thread, dirfd)
        .map_or_else(Vec::new, |info| info.name.clone());
    if !directory.is_empty() && directory.last() != Some(&b'/') {
        directory.push(b'/');
    }
    write_absolute(&directory, raw, out);
}

/// Appends the absolute form of a relative path.
///
/// Absolute paths have none, tidy or not; neither has what drivers store for unreadable paths.
fn write_absolute(directory: &[u8], raw: &[u8], out: &mut Vec<u8>) {
    if raw.first() != Some(&b'/') && raw != b"<NA>" {
        out.extend(state::path::resolve(directory, raw));
    }
}
