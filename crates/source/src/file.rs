//! Replay of capture files.

use std::cell::Cell;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use capture_format::error::Damage as Cause;
use capture_format::reader::{Item, ReadCounters, Reader};
use capture_format::{Snapshot, error};

use crate::{Error, Gap, Next, Progress, Source, SourceStats};

/// A place where a file is damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file, as given by the user.
    pub path: PathBuf,
    /// Where and what, in words for people.
    pub message: String,
    /// Nothing after this place could be read.
    pub at_end: bool,
    /// Events of this file that were read before the place.
    pub events_before: u64,
}

/// Reads capture files one after another. Each begins with a section of its own, so every file
/// has its own tables; event numbers go on.
pub struct FileSource {
    waiting: VecDeque<PathBuf>,
    current: Option<OpenFile>,
    /// The current file has no more; the next call goes on with the one that waits.
    exhausted: bool,
    snapshot: Box<Snapshot>,
    damage: Vec<Damage>,
    /// Counters of the files before the current one.
    before: SourceStats,
    bytes_read: Rc<Cell<u64>>,
    bytes_total: Option<u64>,
}

struct OpenFile {
    path: PathBuf,
    reader: Reader<Counting>,
}

impl FileSource {
    /// Opens the first of `paths`; `-` is standard input.
    ///
    /// # Errors
    /// [`Error::Open`] and [`Error::Format`], of the first file now, of later ones when they are due.
    pub fn open(paths: impl IntoIterator<Item = PathBuf>) -> Result<Self, Error> {
        let waiting: VecDeque<PathBuf> = paths.into_iter().collect();
        let mut source = FileSource {
            bytes_total: waiting.iter().map(|path| size(path)).sum(),
            waiting,
            current: None,
            exhausted: false,
            snapshot: Box::default(),
            damage: Vec::new(),
            before: SourceStats::default(),
            bytes_read: Rc::default(),
        };
        source.open_next()?;
        Ok(source)
    }

    /// Puts the next waiting file in place of the current one.
    fn open_next(&mut self) -> Result<(), Error> {
        if let Some(done) = self.current.take() {
            add(&mut self.before, &done.reader.counters());
        }
        let Some(path) = self.waiting.pop_front() else {
            return Ok(());
        };
        let input: Box<dyn Read> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            let file = File::open(&path).map_err(|error| open_error(&path, error))?;
            Box::new(file)
        };
        let counting = Counting {
            input,
            bytes: Rc::clone(&self.bytes_read),
        };
        let reader = Reader::open(counting).map_err(|error| match error {
            error::Error::Io(error) => open_error(&path, error),
            error => Error::Format {
                path: path.clone(),
                message: error.to_string(),
            },
        })?;
        self.current = Some(OpenFile { path, reader });
        Ok(())
    }
}

impl Source for FileSource {
    fn next(&mut self) -> Result<Next<'_>, Error> {
        if self.exhausted {
            self.exhausted = false;
            self.open_next()?;
        }
        let Some(file) = &mut self.current else {
            return Ok(Next::End);
        };
        let events_before = file.reader.counters().events;
        let item = file.reader.next_item().map_err(|error| Error::Format {
            path: file.path.clone(),
            message: error.to_string(),
        })?;
        Ok(match item {
            Some(Item::Event(event)) => Next::Event(event),
            Some(Item::Section(snapshot)) => {
                self.snapshot = snapshot;
                Next::Section(&self.snapshot)
            }
            Some(Item::Gap(gap)) => {
                self.damage.push(Damage {
                    path: file.path.clone(),
                    message: gap.to_string(),
                    at_end: matches!(
                        gap.damage,
                        Cause::Truncated { .. } | Cause::Compression { .. }
                    ),
                    events_before,
                });
                Next::Gap(Gap {
                    events: None,
                    bytes: gap.bytes,
                    cause: "damaged capture",
                })
            }
            None => {
                // The reader is still borrowed here; the next file is opened by the next call.
                self.exhausted = true;
                Next::Idle
            }
        })
    }

    fn stats(&self) -> SourceStats {
        let mut stats = self.before.clone();
        if let Some(file) = &self.current {
            add(&mut stats, &file.reader.counters());
        }
        stats
    }

    fn progress(&self) -> Option<Progress> {
        Some(Progress {
            done: self.bytes_read.get(),
            total: self.bytes_total?,
        })
    }

    fn damage(&self) -> &[Damage] {
        &self.damage
    }
}

impl std::fmt::Debug for FileSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileSource")
            .field("current", &self.current.as_ref().map(|file| &file.path))
            .field("waiting", &self.waiting)
            .finish_non_exhaustive()
    }
}

fn add(stats: &mut SourceStats, counters: &ReadCounters) {
    stats.events += counters.events;
    stats.unknown += counters.unknown_blocks + counters.unknown_events;
}

fn open_error(path: &Path, error: io::Error) -> Error {
    Error::Open {
        path: path.to_owned(),
        error,
    }
}

/// Size of a regular file; pipes and devices have none.
fn size(path: &Path) -> Option<u64> {
    let metadata = std::fs::metadata(path).ok()?;
    metadata.is_file().then_some(metadata.len())
}

/// Counts what the reader consumes, compressed bytes for compressed files.
struct Counting {
    input: Box<dyn Read>,
    bytes: Rc<Cell<u64>>,
}

impl Read for Counting {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buf)?;
        self.bytes.set(self.bytes.get() + n as u64);
        Ok(n)
    }
}
