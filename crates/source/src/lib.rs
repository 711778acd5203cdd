//! Where raw events come from: the running kernel, capture files, or memory.
//!
//! All of them are a [`Source`]: a sequence of sections, each a [`Snapshot`] of the machine followed
//! by events. Past this trait nobody can tell a live capture from a replay. This crate may read
//! files, `/proc` and the probe; it knows neither state nor filters nor sinks.

#![forbid(unsafe_code)]

mod file;
#[cfg(feature = "live")]
mod live;
mod memory;
#[cfg(feature = "live")]
mod passed;
pub mod snapshot;

use std::path::PathBuf;

use capture_format::{Event, Snapshot};

pub use file::{Damage, FileSource};
#[cfg(feature = "live")]
pub use live::{LiveOptions, LiveSource};
pub use memory::MemorySource;

/// What a source has next.
#[derive(Debug)]
pub enum Next<'a> {
    /// A section begins: forget everything and start from this snapshot.
    Section(&'a Snapshot),
    /// An event, valid until the next call.
    Event(Event<'a>),
    /// Nothing at the moment: a live source is quiet, or one of several files is done. Time to
    /// flush, draw, look at flags.
    Idle,
    /// Events were lost between the previous event and the next one.
    Gap(Gap),
    /// No more events.
    End,
}

/// Events that are missing from the stream at one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// How many events, when that is known.
    pub events: Option<u64>,
    /// How many bytes of a damaged file, 0 for a live capture.
    pub bytes: u64,
    /// Why, in words for people.
    pub cause: &'static str,
}

/// Counters of a source, all since it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceStats {
    /// Events handed out.
    pub events: u64,
    /// Events that the kernel side produced (live only).
    pub produced: u64,
    /// Events lost, by cause.
    pub lost: Vec<(String, u64)>,
    /// Events suppressed in the capture layer on request (`-U`).
    pub suppressed: u64,
    /// Blocks or events that this program does not know, skipped.
    pub unknown: u64,
}

impl SourceStats {
    /// Events lost for whatever cause.
    pub fn lost_total(&self) -> u64 {
        self.lost.iter().map(|(_, n)| n).sum()
    }
}

/// How far a replay has come, in bytes of its input files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes consumed.
    pub done: u64,
    /// Bytes in all, when every input has a size.
    pub total: u64,
}

/// Sections and events, one after another.
///
/// [`next`](Source::next) yields [`Next::Section`] before the first event, then events; another
/// section may follow at any time. After [`Next::End`] it keeps yielding `End`.
pub trait Source {
    /// The next thing that happened. A live source returns [`Next::Idle`] after a short wait.
    ///
    /// # Errors
    /// Only when nothing more can be read at all. Damage that can be skipped is a [`Next::Gap`].
    fn next(&mut self) -> Result<Next<'_>, Error>;

    /// Counters so far.
    fn stats(&self) -> SourceStats;

    /// Position in the input, for sources that have an end.
    fn progress(&self) -> Option<Progress> {
        None
    }

    /// Damage found so far, one entry per place.
    fn damage(&self) -> &[Damage] {
        &[]
    }

    /// Whether events happen while they are read, so that waiting for more makes sense.
    fn is_live(&self) -> bool {
        false
    }

    /// Stops producing; what has been produced already is still handed out, then `End`.
    fn stop(&mut self) {}
}

/// Why a source cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened.
    #[error("{}: cannot open: {error}", path.display())]
    Open {
        /// As given by the user.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The file is no capture, or one that cannot be read.
    #[error("{}: {message}", path.display())]
    Format {
        /// As given by the user.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// The probe cannot be loaded for lack of privileges.
    #[error("{message}")]
    Privilege {
        /// What is missing.
        message: String,
    },
    /// The kernel lacks something that the probe needs.
    #[error("{message}")]
    Unsupported {
        /// What is missing.
        message: String,
    },
    /// The running capture failed.
    #[error("live capture: {0}")]
    Live(String),
}
