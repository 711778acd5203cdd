//! Names of results and event types.

use capture_format::Event;
use capture_format::table::{EVENTS, SYSCALLS, errno_name, syscall};

use crate::param::{is_generic, unsigned};

/// Name of the error that a call returned as the negative `result`.
pub(crate) fn errno(result: i64) -> Option<&'static str> {
    errno_name(u32::try_from(result.checked_neg()?).ok()?)
}

/// Name of the event as `evt.type` shows it: that of the call, also for calls without a decoder.
pub(crate) fn event_type(event: &Event<'_>) -> &'static str {
    if is_generic(event) {
        let code = event.param(0).and_then(unsigned);
        return code.and_then(syscall_name).unwrap_or("<unknown>");
    }
    event.info().map_or("<unknown>", |info| info.name)
}

/// Name of a call by its portable code, as it has always been shown.
pub(crate) fn syscall_name(code: u64) -> Option<&'static str> {
    syscall(u16::try_from(code).ok()?).map(|call| call.legacy_name)
}

/// All names that `evt.type` can have.
pub(crate) fn event_names() -> impl Iterator<Item = &'static str> {
    let calls = SYSCALLS
        .iter()
        .flat_map(|call| [call.name, call.legacy_name]);
    EVENTS.iter().map(|event| event.name).chain(calls)
}
