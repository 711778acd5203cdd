//! Reading captures, plain or compressed, whole or damaged.

use std::io::Read;

use crate::blocks::Snapshot;
use crate::error::{Error, Gap};
use crate::event::Event;

mod input;
mod scanner;

use input::{SliceWindow, StreamWindow, Window};
use scanner::{Scanner, Step};

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
/// Detects gzip (also several members) and zstd by their first bytes. A damaged capture yields
/// every whole block: what cannot be read is passed over and told as [`Item::Gap`].
///
/// ```
/// use capture_format::{Compression, EventBuilder, EventType, Item, Profile, Reader, Snapshot, Writer};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut writer = Writer::create(
///     Vec::new(), Profile::default(), Compression::Gzip, &Snapshot::default())?;
/// writer.event(&EventBuilder::new(EventType(4), 1, 7).i64(3).build().as_event())?;
/// let file = writer.finish()?;
///
/// let mut reader = Reader::open(file.as_slice())?;
/// let mut names = vec![];
/// while let Some(item) = reader.next_item()? {
///     if let Item::Event(event) = item {
///         names.extend(event.info().map(|info| info.name));
///     }
/// }
/// assert_eq!(names, ["close"]);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Reader<R: Read> {
    window: StreamWindow<R>,
    scanner: Scanner,
}

impl<R: Read> Reader<R> {
    /// Begins reading.
    ///
    /// # Errors
    /// [`Error::NotACapture`] when there is nothing like a block at the beginning, and others for
    /// captures of another byte order or version.
    pub fn open(input: R) -> Result<Self, Error> {
        let mut window = StreamWindow::new(input)?;
        let scanner = Scanner::open(&mut window)?;
        Ok(Reader { window, scanner })
    }

    /// The next item, or `None` at the end.
    ///
    /// # Errors
    /// Those of the input only; damage is told as [`Item::Gap`].
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        let step = self.scanner.step(&mut self.window)?;
        Ok(item(step, &self.window, &self.scanner))
    }

    /// What was read so far.
    pub fn counters(&self) -> ReadCounters {
        self.scanner.counters()
    }
}

/// Reads a plain capture that lies in memory, mapped for example, without copying.
#[derive(Debug)]
pub struct SliceReader<'a> {
    window: SliceWindow<'a>,
    scanner: Scanner,
}

impl<'a> SliceReader<'a> {
    /// Begins reading; see [`Reader::open`].
    pub fn open(input: &'a [u8]) -> Result<Self, Error> {
        let mut window = SliceWindow(input);
        let scanner = Scanner::open(&mut window)?;
        Ok(SliceReader { window, scanner })
    }

    /// The next item, or `None` at the end; see [`Reader::next_item`].
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        let step = self.scanner.step(&mut self.window)?;
        Ok(item(step, &self.window, &self.scanner))
    }

    /// What was read so far.
    pub fn counters(&self) -> ReadCounters {
        self.scanner.counters()
    }
}

fn item<'a>(step: Step, window: &'a impl Window, scanner: &'a Scanner) -> Option<Item<'a>> {
    match step {
        Step::Section(snapshot) => Some(Item::Section(snapshot)),
        Step::Event(located) => located.event(window.bytes(), false).map(Item::Event),
        Step::Restored(located) => Some(Item::Event(scanner.restored(&located))),
        Step::Gap(gap) => Some(Item::Gap(gap)),
        Step::End => None,
    }
}
