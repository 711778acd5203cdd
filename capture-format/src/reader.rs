//! Reading captures, plain or compressed, whole or damaged.

use std::io::Read;

use crate::blocks::Snapshot;
use crate::error::{Error, Gap};
use crate::event::Event;

/// What a capture yields, in file order.
#[derive(Debug)]
pub enum Item<'a> {
    /// A section begins: everything known before its first event.
    Section(Box<Snapshot>),
    /// An event, borrowed until the next item is asked for.
    Event(Event<'a>),
    /// A damaged place was passed.
    Gap(Gap),
}

/// What was read so far.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct ReadCounters {
    /// Bytes of the uncompressed capture consumed.
    pub bytes: u64,
    /// Blocks read.
    pub blocks: u64,
    /// Events delivered.
    pub events: u64,
    /// Blocks of unknown type that were skipped.
    pub unknown_blocks: u64,
    /// Events of a type newer than the table; delivered as well.
    pub unknown_events: u64,
    /// Damaged places passed.
    pub gaps: u64,
    /// Sections begun.
    pub sections: u64,
}

/// Reads a capture from a stream; standard input will do, nothing seeks.
///
/// Detects gzip (also several members) and zstd by their first bytes.
#[derive(Debug)]
pub struct Reader<R: Read> {
    input: R,
    counters: ReadCounters,
}

impl<R: Read> Reader<R> {
    /// Begins reading.
    ///
    /// # Errors
    /// [`Error::NotACapture`] when there is nothing like a block at the beginning, and others for
    /// captures of another byte order or version.
    pub fn open(input: R) -> Result<Self, Error> {
        Ok(Reader {
            input,
            counters: ReadCounters::default(),
        })
    }

    /// The next item, or `None` at the end.
    ///
    /// # Errors
    /// Those of the input only; damage is reported as [`Item::Gap`].
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        let _ = &mut self.input;
        Ok(None)
    }

    /// What was read so far.
    pub fn counters(&self) -> ReadCounters {
        self.counters
    }
}

/// Reads a plain capture that lies in memory, mapped for example, without copying.
#[derive(Debug)]
pub struct SliceReader<'a> {
    input: &'a [u8],
    counters: ReadCounters,
}

impl<'a> SliceReader<'a> {
    /// Begins reading; see [`Reader::open`].
    pub fn open(input: &'a [u8]) -> Result<Self, Error> {
        Ok(SliceReader {
            input,
            counters: ReadCounters::default(),
        })
    }

    /// The next item, or `None` at the end; see [`Reader::next_item`].
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        let _ = self.input;
        Ok(None)
    }

    /// What was read so far.
    pub fn counters(&self) -> ReadCounters {
        self.counters
    }
}
