//! The loop: source → state → filter → sinks.
//!
//! An [`Inspector`] takes events from a source, keeps the state, numbers the events, decides what
//! passes, and hands the rest to its sinks. It prints nothing and parses no options; the binaries
//! do.

#![forbid(unsafe_code)]

mod family;
#[cfg(feature = "live")]
mod metadata;
mod plan;
mod report;
mod run;

use std::time::Duration;

use fields::{Context, Resolved};
use filter::Filter;

pub use family::Family;
#[cfg(feature = "live")]
pub use metadata::WithMetadata;
pub use plan::CapturePlan;
pub use report::{Report, StopReason};
pub use run::{Inspector, Tick};

/// What passes, and when to end.
#[derive(Debug, Default)]
pub struct Options {
    /// Only events for which it holds pass.
    pub filter: Option<Filter<Resolved>>,
    /// Only events of these processes and their descendants pass.
    pub family: Option<Family>,
    /// Only events from this time on pass.
    pub from: Option<Bound>,
    /// Only events before this time pass.
    pub to: Option<Bound>,
    /// Only events with these numbers pass, both ends included.
    pub numbers: Option<(u64, u64)>,
    /// End after so many events were shown.
    pub max_events: Option<u64>,
    /// End when events are this much younger than the first one.
    pub event_time: Option<Duration>,
    /// End when so much time has passed on the clock.
    pub clock_time: Option<Duration>,
    /// Show bookkeeping events and those of [`own_pid`](Options::own_pid).
    pub show_internal: bool,
    /// Process whose events are left out: the one that captures.
    pub own_pid: Option<i64>,
    /// Forget users and groups, so that only their numbers are known.
    pub exclude_users: bool,
    /// How fields show times and payload.
    pub context: Context,
}

/// One end of a time range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// Nanoseconds since the epoch.
    At(u64),
    /// Nanoseconds after the first event.
    AfterStart(u64),
}

impl Bound {
    /// The time meant, when the first event happened at `first_ns`.
    fn resolve(self, first_ns: u64) -> u64 {
        match self {
            Bound::At(ns) => ns,
            Bound::AfterStart(ns) => first_ns.saturating_add(ns),
        }
    }
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The source cannot go on.
    #[error(transparent)]
    Source(#[from] source::Error),
    /// A sink cannot go on.
    #[error(transparent)]
    Sink(#[from] sinks::Error),
}
