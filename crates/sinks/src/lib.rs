//! Where events go: lines of text, JSON, capture files with rotation, summaries.
//!
//! The inspector calls every [`Sink`] for every event, in order; a sink shows or stores what it is
//! given and decides nothing about what passes. Sinks are the only part of the pipeline that
//! prints.

#![forbid(unsafe_code)]

mod capture;
mod json;
mod output;
mod plain;
mod progress;
mod sanitize;
mod summary;
mod text;

use std::path::PathBuf;

use capture_format::{Event, Snapshot};
use fields::View;
use state::State;

pub use capture::{CaptureOptions, CaptureSink};
pub use capture_format::writer::Compression;
pub use json::JsonSink;
pub use output::{Flush, Output, OutputTarget};
pub use progress::ProgressLine;
pub use sanitize::{sanitize, sanitize_into};
pub use summary::{EventCounts, Summary, SummaryFormat};
pub use text::TextSink;

/// What the inspector decided about an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It passed the filter and the user shall see it.
    Shown,
    /// It passed the filter, but is bookkeeping that nobody wants to see. Captures keep it.
    Internal,
    /// It did not pass. Captures keep what later events need to be understood, marked so that
    /// readers update their state with it and show nothing.
    StateOnly,
}

/// Events that are missing from the stream at one point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gap<'a> {
    /// Time of the last event before it.
    pub after_ns: Option<u64>,
    /// How many, when that is known.
    pub events: Option<u64>,
    /// Why, in words for people.
    pub cause: &'a str,
}

impl std::fmt::Display for Gap<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.events {
            Some(1) => write!(f, "1 event lost here: {}", self.cause),
            Some(events) => write!(f, "{events} events lost here: {}", self.cause),
            None => write!(f, "events lost here: {}", self.cause),
        }
    }
}

/// Takes events.
///
/// Calls come in this order: [`section`](Sink::section), then for each event
/// [`upcoming`](Sink::upcoming) and, if it [`wants`](Sink::wants) the verdict,
/// [`event`](Sink::event); `section` again if the input has another; [`finish`](Sink::finish) once,
/// also after an interruption.
pub trait Sink {
    /// A section begins with this state of the machine.
    ///
    /// # Errors
    /// As for [`event`](Sink::event).
    fn section(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        let _ = snapshot;
        Ok(())
    }

    /// An event is about to be applied to `state`. The place to start another file: what is known
    /// now is exactly what holds before the event.
    ///
    /// # Errors
    /// As for [`event`](Sink::event).
    fn upcoming(&mut self, event: &Event<'_>, state: &State) -> Result<(), Error> {
        let _ = (event, state);
        Ok(())
    }

    /// Whether events of this verdict are of interest.
    fn wants(&self, verdict: Verdict) -> bool {
        verdict == Verdict::Shown
    }

    /// An event, with everything known about it.
    ///
    /// # Errors
    /// [`Error::Closed`] when nobody reads the output any more, which ends the run quietly;
    /// [`Error::Write`] when it cannot be written.
    fn event(&mut self, view: &View<'_>, verdict: Verdict) -> Result<(), Error>;

    /// Events are missing at this point of the stream.
    ///
    /// # Errors
    /// As for [`event`](Sink::event).
    fn gap(&mut self, gap: &Gap<'_>) -> Result<(), Error> {
        let _ = gap;
        Ok(())
    }

    /// Nothing happens at the moment: make visible what is buffered.
    ///
    /// # Errors
    /// As for [`event`](Sink::event).
    fn idle(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// No more events: complete and flush everything.
    ///
    /// # Errors
    /// As for [`event`](Sink::event).
    fn finish(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// Why a sink cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The reader of a pipe has gone: no failure, but the end.
    #[error("the reader of the output has gone")]
    Closed,
    /// Writing failed.
    #[error("{}: cannot write: {error}", path.display())]
    Write {
        /// The file, or a name for the standard stream.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The request makes no sense, found when the sink was set up.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    /// Error of writing to `path`; a broken pipe is told apart.
    pub(crate) fn write(path: impl Into<PathBuf>, error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Error::Closed
        } else {
            Error::Write {
                path: path.into(),
                error,
            }
        }
    }
}
