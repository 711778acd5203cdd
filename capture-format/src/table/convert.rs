//! One row of the composed conversion table; see [`crate::convert`] for its use.

use super::EventType;

/// How an event type becomes the newest type of the same kind.
#[derive(Debug)]
pub struct Completion {
    /// The newest type; the type itself when it is the newest.
    pub to: EventType,
    /// Source of each parameter of `to`; empty when the type stays the same.
    pub sources: &'static [Source],
    /// Sources of parameters of the stored type that were not stored, by index; beyond its end
    /// they are empty.
    pub missing: &'static [Source],
}

/// Where a parameter of a completed event comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A parameter of the event itself.
    Exit(u8),
    /// The same, a dynamic parameter without its selector byte.
    ExitValue(u8),
    /// A parameter of the enter event.
    Enter(u8),
    /// Zero, for numbers.
    Default,
    /// Unknown.
    Empty,
}
