//! A buffered stream to which lines are printed.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::Error;

/// Where an [`Output`] writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputTarget {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// A new file.
    File(PathBuf),
    /// Memory, for tests and for callers that take the bytes themselves.
    Memory,
}

/// When written bytes become visible.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flush {
    /// After every line: for terminals and for `--unbuffered`.
    EachLine,
    /// When the buffer is full and whenever the source is idle.
    WhenIdle,
}

/// A buffered stream that knows whether people look at it.
#[derive(Debug)]
pub struct Output {
    name: PathBuf,
    stream: Stream,
    flush: Flush,
    terminal: bool,
}

#[derive(Debug)]
enum Stream {
    Stdout(BufWriter<io::Stdout>),
    Stderr(io::Stderr),
    File(BufWriter<File>),
    Memory(Vec<u8>),
}

/// Large enough that a write call is shared by hundreds of lines.
const BUFFER_BYTES: usize = 64 * 1024;

impl Output {
    /// Opens a target. Lines are flushed one by one on a terminal, else when idle.
    ///
    /// # Errors
    /// [`Error::Write`] when the file cannot be created.
    pub fn open(target: OutputTarget) -> Result<Self, Error> {
        let (name, stream, terminal) = match target {
            OutputTarget::Stdout => (
                PathBuf::from("standard output"),
                Stream::Stdout(BufWriter::with_capacity(BUFFER_BYTES, io::stdout())),
                io::stdout().is_terminal(),
            ),
            OutputTarget::Stderr => (
                PathBuf::from("standard error"),
                Stream::Stderr(io::stderr()),
                io::stderr().is_terminal(),
            ),
            OutputTarget::File(path) => {
                let file = File::create(&path).map_err(|error| Error::write(&path, error))?;
                let stream = Stream::File(BufWriter::with_capacity(BUFFER_BYTES, file));
                (path, stream, false)
            }
            OutputTarget::Memory => (PathBuf::from("memory"), Stream::Memory(Vec::new()), false),
        };
        Ok(Output {
            name,
            stream,
            flush: if terminal {
                Flush::EachLine
            } else {
                Flush::WhenIdle
            },
            terminal,
        })
    }

    /// Changes when lines become visible.
    pub fn set_flush(&mut self, flush: Flush) {
        self.flush = flush;
    }

    /// Whether the output goes to a terminal.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Name for messages.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Writes one line or block of lines, complete with its line break.
    ///
    /// # Errors
    /// [`Error::Closed`] when the reader has gone.
    pub fn line(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.writer()
            .write_all(bytes)
            .map_err(|error| Error::write(self.name.clone(), error))?;
        if self.flush == Flush::EachLine {
            self.flush()?;
        }
        Ok(())
    }

    /// Makes everything written so far visible.
    ///
    /// # Errors
    /// As for [`line`](Output::line).
    pub fn flush(&mut self) -> Result<(), Error> {
        self.writer()
            .flush()
            .map_err(|error| Error::write(self.name.clone(), error))
    }

    /// What was written to [`OutputTarget::Memory`]; empty for all others.
    pub fn memory(&self) -> &[u8] {
        match &self.stream {
            Stream::Memory(bytes) => bytes,
            _ => &[],
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.stream {
            Stream::Stdout(w) => w,
            Stream::Stderr(w) => w,
            Stream::File(w) => w,
            Stream::Memory(w) => w,
        }
    }
}
