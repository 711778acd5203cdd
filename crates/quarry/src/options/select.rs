//! Options that say which events are of interest.

use std::path::PathBuf;

use clap::Args;

use super::values::{EventCount, Span, TimePoint};

#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct Select {
    /// Stop after this many events were shown or written.
    #[arg(short = 'n', long, value_name = "NUM", allow_hyphen_values = true)]
    pub(crate) numevents: Option<EventCount>,
    /// Stop after this many seconds, counted in the time of the events from the first one on.
    #[arg(short = 'M', value_name = "SECONDS")]
    pub(crate) event_seconds: Option<u64>,
    /// Stop after this long, such as `10s`, `500ms`, `2m`.
    ///
    /// Live it is the time on the clock, so that a quiet machine stops in time too; in a replay it
    /// is the time of the events.
    #[arg(long, value_name = "TIME")]
    pub(crate) duration: Option<Span>,
    /// Leave out what happened before this time. Replay only.
    ///
    /// A date and time (`2026-11-21T10:00:00`, local unless it says otherwise), a time of the day
    /// on which the capture begins (`10:00:00.5`), epoch seconds, or relative: `+5s` is five
    /// seconds after the start, `-5s` before the end.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) from: Option<TimePoint>,
    /// Leave out what happened at this time or later; written as for `--from`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) to: Option<TimePoint>,
    /// Only these processes, with their threads and all their descendants.
    #[arg(long, value_name = "PID", value_delimiter = ',', action = super::APPEND)]
    pub(crate) pid: Vec<i64>,
    /// Read (more of) the filter from a file; `#` starts a comment.
    #[arg(long, value_name = "FILE")]
    pub(crate) filter_file: Option<PathBuf>,
    /// Show events that are bookkeeping, and those of this program itself.
    #[arg(short = 'D', long = "debug", visible_alias = "show-internal")]
    pub(crate) internal: bool,
}
