//! What happened in a run.

use std::time::Duration;

use source::{Damage, SourceStats};
use state::Counters;

/// Counters of a run that has ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// Events read, those without a number included.
    pub events: u64,
    /// Events that passed and were shown.
    pub shown: u64,
    /// Events that passed but are bookkeeping.
    pub internal: u64,
    /// Events that the source lost or had to skip over, where their number is known.
    pub gaps: u64,
    /// Sections read.
    pub sections: u64,
    /// Time of the first event, nanoseconds since the epoch.
    pub first_ns: Option<u64>,
    /// Latest time of an event.
    pub last_ns: Option<u64>,
    /// How long the run took.
    pub elapsed: Duration,
    /// The source's own counters.
    pub source: SourceStats,
    /// What the state engine had to give up.
    pub state: Counters,
    /// Damage of the input.
    pub damage: Vec<Damage>,
    /// Why it ended.
    pub stopped: StopReason,
}

/// Why a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StopReason {
    /// The source has no more.
    End,
    /// As many events as wanted were shown.
    Count,
    /// The time is up.
    Time,
    /// Somebody asked for it.
    Interrupted,
    /// Nobody reads the output any more.
    OutputClosed,
}
