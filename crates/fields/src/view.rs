//! One event together with everything known at its moment.

use std::borrow::Cow;

use capture_format::Event;
use filter::{Extract, Value};
use state::{Applied, FdInfo, State, Thread};

use crate::context::Context;
use crate::param::GENERIC_EXIT;
use crate::registry::Resolved;

/// An event, the state right after it, and how to show things. Fields read nothing else.
///
/// Cheap to make: one per event, lent to the filter and then to the sinks.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The event as stored.
    pub event: Event<'a>,
    /// Its position in the stream, from 1.
    pub number: u64,
    /// Everything known after it.
    pub state: &'a State,
    /// What it touched.
    pub applied: &'a Applied,
    /// Output settings and running times.
    pub context: &'a Context,
    /// Bytes are shown whole, whatever the context says (JSON).
    pub(crate) uncut: bool,
}

impl<'a> View<'a> {
    /// Puts a view together.
    pub fn new(
        event: Event<'a>,
        number: u64,
        state: &'a State,
        applied: &'a Applied,
        context: &'a Context,
    ) -> View<'a> {
        View {
            event,
            number,
            state,
            applied,
            context,
            uncut: context.uncut,
        }
    }

    /// The event's thread.
    pub fn thread(&self) -> Option<&'a Thread> {
        self.state.event_thread(self.applied)
    }

    /// The leader of the event's process.
    pub fn leader(&self) -> Option<&'a Thread> {
        self.state.leader(self.thread()?)
    }

    /// The parent of the event's thread.
    pub fn parent(&self) -> Option<&'a Thread> {
        self.state.parent(self.thread()?)
    }

    /// The descriptor on which the event works, when it is in the table.
    pub fn fd(&self) -> Option<&'a FdInfo> {
        self.state.event_fd(self.applied)
    }

    /// Nanoseconds since the first event.
    pub(crate) fn relative_ns(&self) -> u64 {
        let now = self.event.timestamp_ns;
        now.saturating_sub(self.context.first_event_ns.unwrap_or(now))
    }

    /// Bytes of the parameter called `name`.
    pub fn param(&self, name: &str) -> Option<&'a [u8]> {
        let info = self.event.info()?;
        let index = match info.params.iter().position(|p| p.name == name) {
            None if self.event.ty == GENERIC_EXIT => (0..self.event.nparams()).find(|&index| {
                let info = self.event.param_info(index);
                info.is_some_and(|info| info.name == name)
            }),
            found => found,
        };
        self.event.param(index?)
    }
}

impl Extract<Resolved> for View<'_> {
    fn extract<'v>(&'v self, field: &Resolved) -> Option<Value<'v>> {
        (field.field.extract)(self, field)
    }
}

/// Text of a value that lives in the state or the event.
pub(crate) fn text(bytes: &(impl AsRef<[u8]> + ?Sized)) -> Option<Value<'_>> {
    Some(Value::text(bytes))
}

/// Text put together for this event.
pub(crate) fn owned(bytes: Vec<u8>) -> Option<Value<'static>> {
    Some(Value::Text(Cow::Owned(bytes)))
}
