//! Finding events in a recording.

use capture_format::table::{EVENTS, syscall_by_name};
use capture_format::{EventBuf, EventType};

/// What happened on the machine while an action ran.
pub(crate) struct Recording<T> {
    /// What the action returned.
    pub(crate) value: T,
    /// The thread that ran it.
    pub(crate) tid: i64,
    pub(super) events: Vec<EventBuf>,
    pub(super) lost: u64,
}

impl<T> Recording<T> {
    /// The only exit event of a call.
    pub(crate) fn exit(&self, call: &str) -> &EventBuf {
        let [event] = self.exits(call);
        event
    }

    /// The only enter event of a call.
    pub(crate) fn enter(&self, call: &str) -> &EventBuf {
        let [event] = self.enters(call);
        event
    }

    /// The exit events of a call, as many as the test wants.
    pub(crate) fn exits<const N: usize>(&self, call: &str) -> [&EventBuf; N] {
        self.exactly(self.tid, exit_type(call))
    }

    /// The enter events of a call, as many as the test wants.
    pub(crate) fn enters<const N: usize>(&self, call: &str) -> [&EventBuf; N] {
        self.exactly(self.tid, enter_type(call))
    }

    /// The events of a type on any thread.
    pub(crate) fn exactly<const N: usize>(&self, tid: i64, ty: EventType) -> [&EventBuf; N] {
        let found: Vec<&EventBuf> = self.of(tid).filter(|event| event.ty == ty).collect();
        let count = found.len();
        found.try_into().unwrap_or_else(|_| {
            panic!(
                "expected {N} events {}, found {count} (lost: {}); thread {tid} did: {}",
                symbol(ty),
                self.lost,
                self.story(tid)
            )
        })
    }

    /// The generic events of a type that stand for a call.
    pub(crate) fn generic<const N: usize>(
        &self,
        tid: i64,
        ty: EventType,
        call: &str,
    ) -> [&EventBuf; N] {
        let code = syscall_by_name(call).map(|info| info.code.to_le_bytes());
        let found: Vec<&EventBuf> = self
            .of(tid)
            .filter(|event| event.ty == ty)
            .filter(|event| event.as_event().param(0) == code.as_ref().map(|code| &code[..]))
            .collect();
        let count = found.len();
        found.try_into().unwrap_or_else(|_| {
            let story = self.story(tid);
            panic!("expected {N} events of {call}, found {count}: {story}")
        })
    }

    /// Every event of a thread, in order.
    pub(crate) fn of(&self, tid: i64) -> impl Iterator<Item = &EventBuf> {
        self.events.iter().filter(move |event| event.tid == tid)
    }

    fn story(&self, tid: i64) -> String {
        let names: Vec<&str> = self.of(tid).map(|event| symbol(event.ty)).collect();
        names.join(" ")
    }
}

/// The type of a call's exit events.
pub(crate) fn exit_type(call: &str) -> EventType {
    types(call).1
}

/// The type of a call's enter events.
pub(crate) fn enter_type(call: &str) -> EventType {
    types(call).0
}

/// The type with a symbol, for events that stand for no call.
pub(crate) fn by_symbol(symbol: &str) -> EventType {
    let info = EVENTS.iter().find(|info| info.symbol == symbol);
    info.unwrap_or_else(|| panic!("no event {symbol}")).id
}

fn types(call: &str) -> (EventType, EventType) {
    syscall_by_name(call)
        .and_then(|info| info.events)
        .unwrap_or_else(|| panic!("no events of {call}"))
}

pub(super) fn symbol(ty: EventType) -> &'static str {
    ty.info().map_or("?", |info| info.symbol)
}
