//! The form in which old readers accept an event.
//!
//! Rows of the tables decide, not branches per event: the portable pair of each system call, the
//! parameter count that converting readers accept, and the type of each parameter.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::Profile;
use crate::event::{Event, EventBuf, EventBuilder, STATE_ONLY};
use crate::table::convert::Source;
use crate::table::{COMPLETIONS, EVENTS, EventInfo, EventType, ParamType, SYSCALLS, SyscallInfo};

/// Newest event type of sysdig 0.29.3.
const LAST_LEGACY_TYPE: u16 = 335;
/// Newest code that sysdig 0.29.3 knows in generic events; it reads past its table for larger ones.
const LAST_LEGACY_CODE: u16 = 328;
/// Enter events of the open family. sysdig 0.29.3 misprints an empty name of theirs as well, but
/// then takes the descriptor's name from the exit event; a placeholder would become the name.
const EMPTY_NAME_KEPT: [u16; 4] = [2, 58, 306, 326];
const GENERIC: u16 = 0;
const NOTIFICATION: EventType = EventType(280);

/// How an event is to be stored.
#[derive(Debug)]
pub(super) enum Form {
    /// As it is.
    Same,
    /// In this form, with the original beside it.
    Portable(EventBuf),
    /// As an option of this event, which other readers hide.
    Carried(EventBuf),
}

/// The form of an event in a profile.
pub(super) fn form(event: &Event<'_>, profile: Profile) -> Form {
    let Some(info) = event.info() else {
        return Form::Same;
    };
    if profile == Profile::Modern {
        return shortened_only(event, info.params.len());
    }
    let known = event.ty.0 <= LAST_LEGACY_TYPE;
    if event.ty.enter().0 == GENERIC {
        let code = number(event, 0);
        if code > LAST_LEGACY_CODE || event.nparams() > info.params.len() {
            return Form::Portable(generic(event, code, number(event, 1)));
        }
    }
    if let Some(Some(renamed)) = RENAMED.get(usize::from(event.ty.0)) {
        return Form::Portable(renamed.apply(event));
    }
    if !known && profile == Profile::PortableStrict {
        return match call_of(event.ty) {
            Some(call) => {
                let native = if cfg!(target_arch = "aarch64") {
                    call.aarch64
                } else {
                    call.x86_64
                };
                Form::Portable(generic(event, call.code, native.unwrap_or(0)))
            }
            None => Form::Carried(with_header(
                event,
                EventBuilder::new(NOTIFICATION, event.timestamp_ns, event.tid)
                    .text("")
                    .text(""),
                STATE_ONLY,
            )),
        };
    }
    if known {
        shortened(event, info, usize::from(info.portable_params))
    } else {
        // Readers that know the type are new enough for empty parameters.
        shortened_only(event, info.params.len())
    }
}

/// The enter event that belongs to the portable form of an exit event, from what the exit says.
///
/// `None` for the child's side of clone and its kin: nobody entered there.
pub(super) fn enter_of(exit: &Event<'_>, profile: Profile) -> Option<EventBuf> {
    let info = exit.info()?;
    if matches!(info.name, "clone" | "clone3" | "fork" | "vfork") && number(exit, 0) == 0 {
        return None;
    }
    let portable = match form(exit, profile) {
        Form::Portable(form) => form,
        Form::Same => exit.to_buf(),
        Form::Carried(_) => return None,
    };
    if portable.ty.enter().0 == GENERIC {
        let portable = portable.as_event();
        let (code, mut native) = (number(&portable, 0), number(&portable, 1));
        if portable.nparams() < 2 {
            // Exits had no native number before 2025.
            native = crate::table::syscall(code)?.x86_64.unwrap_or(0);
        }
        let mut enter = generic(&portable, code, native);
        enter.ty = portable.ty.enter();
        return Some(enter);
    }
    Some(Renamed::enter_of(info, portable.ty)?.apply(exit))
}

/// At most `most` parameters, none of them of a length that old readers misread.
fn shortened(event: &Event<'_>, info: &EventInfo, most: usize) -> Form {
    let misread = !EMPTY_NAME_KEPT.contains(&event.ty.0)
        && event
            .params()
            .zip(info.params)
            .take(most)
            .any(|(bytes, param)| bytes.is_empty() && placeholder(param.ty).is_some());
    if event.nparams() <= most && !misread {
        return Form::Same;
    }
    let mut builder = EventBuilder::new(event.ty, event.timestamp_ns, event.tid);
    for (bytes, param) in event.params().zip(info.params).take(most) {
        builder = builder.param(&filled(bytes, param.ty));
    }
    Form::Portable(with_header(event, builder, 0))
}

fn shortened_only(event: &Event<'_>, most: usize) -> Form {
    if event.nparams() <= most {
        return Form::Same;
    }
    let mut builder = EventBuilder::new(event.ty, event.timestamp_ns, event.tid);
    for bytes in event.params().take(most) {
        builder = builder.param(bytes);
    }
    Form::Portable(with_header(event, builder, 0))
}

/// The generic event of a call. A code that old readers do not know is replaced by 0; newer ones
/// find the name by the native number.
fn generic(event: &Event<'_>, code: u16, native: u16) -> EventBuf {
    let code = if code > LAST_LEGACY_CODE { 0 } else { code };
    let ty = EventType(event.ty.0 & 1);
    let builder = EventBuilder::new(ty, event.timestamp_ns, event.tid)
        .param(&code.to_le_bytes())
        .param(&native.to_le_bytes());
    with_header(event, builder, 0)
}

fn with_header(event: &Event<'_>, builder: EventBuilder, flags: u32) -> EventBuf {
    let mut buf = builder.cpu(event.cpu).build();
    buf.block_flags = event.block_flags | flags;
    buf
}

fn number(event: &Event<'_>, index: usize) -> u16 {
    let bytes = event.param(index).unwrap_or_default();
    crate::param::unsigned(bytes).map_or(0, |n| n as u16)
}

fn filled(bytes: &[u8], ty: ParamType) -> Cow<'_, [u8]> {
    match placeholder(ty) {
        Some(placeholder) if bytes.is_empty() => Cow::Borrowed(placeholder),
        _ => Cow::Borrowed(bytes),
    }
}

/// What stands for "no value" where sysdig 0.29.3 would read into the next parameter.
fn placeholder(ty: ParamType) -> Option<&'static [u8]> {
    static NEGATIVE: [u8; 8] = [0xff; 8];
    static ZEROS: [u8; 16] = [0; 16];
    match ty {
        ParamType::CharBuf | ParamType::FsPath | ParamType::FsRelPath => Some(b"<NA>\0"),
        ParamType::FdList => Some(&[0, 0]),
        ParamType::Fd | ParamType::Pid => Some(&NEGATIVE),
        ty => ZEROS.get(..ty.fixed_size()?),
    }
}

/// The call whose events have this type.
fn call_of(ty: EventType) -> Option<&'static SyscallInfo> {
    SYSCALLS.iter().find(|call| {
        call.events
            .is_some_and(|(enter, exit)| ty == enter || ty == exit)
    })
}

/// Types that have an older equivalent in every reader, by type.
static RENAMED: LazyLock<Vec<Option<Renamed>>> = LazyLock::new(|| {
    let mut table: Vec<Option<Renamed>> = EVENTS.iter().map(|_| None).collect();
    for call in &SYSCALLS {
        if let (Some(newest), Some(portable)) = (call.events, call.portable_events)
            && newest != portable
            && portable.0.0 != GENERIC
        {
            for (from, to) in [(newest.0, portable.0), (newest.1, portable.1)] {
                if let Some(entry) = table.get_mut(usize::from(from.0)) {
                    *entry = Renamed::new(from, to);
                }
            }
        }
    }
    table
});

/// An older equivalent: its type, and which parameter of the newest each of its own is.
#[derive(Debug)]
struct Renamed {
    to: EventType,
    params: Vec<(ParamType, Option<usize>)>,
}

impl Renamed {
    fn new(from: EventType, to: EventType) -> Option<Self> {
        let (from, to) = (from.info()?, to.info()?);
        let params = to.params.iter().take(usize::from(to.portable_params));
        Some(Renamed {
            to: to.id,
            params: params
                .map(|param| {
                    let same = from.params.iter().position(|p| p.name == param.name);
                    (param.ty, same)
                })
                .collect(),
        })
    }

    /// The enter partner of `portable`, from the parameters of the exit `from`: those that readers
    /// would complete from the enter event, and those of the same name.
    fn enter_of(from: &EventInfo, portable: EventType) -> Option<Self> {
        let to = portable.enter().info()?;
        let rule = COMPLETIONS.get(usize::from(portable.0))?;
        let completed = match rule.to == portable {
            true => rule.missing,
            false => rule.sources,
        };
        let params = to.params.iter().zip(0u8..).map(|(param, n)| {
            let source = completed
                .iter()
                .position(|source| *source == Source::Enter(n))
                .filter(|_| rule.to == from.id)
                .or_else(|| from.params.iter().position(|p| p.name == param.name));
            (param.ty, source)
        });
        Some(Renamed {
            to: to.id,
            params: params.collect(),
        })
    }

    fn apply(&self, event: &Event<'_>) -> EventBuf {
        let mut builder = EventBuilder::new(self.to, event.timestamp_ns, event.tid);
        for (ty, source) in &self.params {
            let mut bytes = source
                .and_then(|index| event.param(index))
                .unwrap_or_default()
                .to_vec();
            if bytes.is_empty() {
                // What the call does not have, flags for example, is 0 and not unknown.
                bytes = match source {
                    Some(_) => placeholder(*ty).unwrap_or_default().to_vec(),
                    None => vec![0; ty.fixed_size().unwrap_or(0)],
                };
            }
            if let Some(size) = ty.fixed_size() {
                bytes.resize(size, 0);
            }
            builder = builder.param(&bytes);
        }
        with_header(event, builder, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::syscall_by_name;

    fn portable(event: &EventBuf) -> Option<EventBuf> {
        match form(&event.as_event(), Profile::PortableRelaxed) {
            Form::Portable(buf) => Some(buf),
            _ => None,
        }
    }

    #[test]
    fn dup3_becomes_dup() {
        let dup3 = EventBuilder::new(EventType(365), 5, 6)
            .i64(9)
            .i64(3)
            .i64(9)
            .u32(4096)
            .build();
        let dup = portable(&dup3).unwrap();
        assert_eq!((dup.ty.0, dup.tid, dup.timestamp_ns), (125, 6, 5));
        assert_eq!(dup.as_event().param(0), Some(&9i64.to_le_bytes()[..]));
        assert_eq!(dup.as_event().nparams(), 1);
    }

    #[test]
    fn parameters_find_their_place_and_width() {
        // eventfd2: res, flags16, initval; eventfd: res, initval, flags32.
        let eventfd2 = EventBuilder::new(EventType(397), 5, 6)
            .i64(9)
            .param(&64u16.to_le_bytes())
            .u64(7)
            .build();
        let eventfd = portable(&eventfd2).unwrap();
        assert_eq!(eventfd.ty.0, 63);
        assert_eq!(eventfd.as_event().param(1), Some(&7u64.to_le_bytes()[..]));
        assert_eq!(eventfd.as_event().param(2), Some(&64u32.to_le_bytes()[..]));
    }

    #[test]
    fn codes_beyond_old_tables_become_zero() {
        let code = syscall_by_name("mseal").unwrap().code;
        let mseal = EventBuilder::new(EventType(1), 5, 6)
            .param(&code.to_le_bytes())
            .param(&462u16.to_le_bytes())
            .build();
        let stored = portable(&mseal).unwrap();
        assert_eq!(stored.as_event().param(0), Some(&[0, 0][..]));
        assert_eq!(stored.as_event().param(1), Some(&462u16.to_le_bytes()[..]));
    }

    #[test]
    fn parameters_beyond_the_portable_count_are_left_out() {
        let mut socket = EventBuilder::new(EventType(19), 5, 6).i64(3);
        for n in [2u32, 1, 0, 64] {
            socket = socket.u32(n);
        }
        assert_eq!(portable(&socket.build()).unwrap().as_event().nparams(), 4);
    }

    #[test]
    fn unreadable_text_gets_a_placeholder_and_data_does_not() {
        let open = EventBuilder::new(EventType(3), 5, 6)
            .i64(-14)
            .param(b"")
            .u32(1)
            .u32(0)
            .u32(0)
            .u64(0)
            .build();
        assert_eq!(
            portable(&open).unwrap().as_event().param(1),
            Some(&b"<NA>\0"[..])
        );
        let read = EventBuilder::new(EventType(7), 5, 6)
            .i64(-5)
            .param(b"")
            .i64(3)
            .u32(9)
            .build();
        assert!(portable(&read).is_none());
    }

    #[test]
    fn strict_profile_stores_no_type_that_0_29_3_does_not_know() {
        for info in &EVENTS {
            let mut builder = EventBuilder::new(info.id, 5, 6);
            for param in info.params {
                builder = builder.param(placeholder(param.ty).unwrap_or_default());
            }
            let event = builder.build();
            let stored = match form(&event.as_event(), Profile::PortableStrict) {
                Form::Same => event,
                Form::Portable(buf) | Form::Carried(buf) => buf,
            };
            assert!(stored.ty.0 <= LAST_LEGACY_TYPE, "{}", info.symbol);
        }
    }
}
