//! Where blocks come from: a window of bytes that grows as a stream arrives, or a slice.

use std::io::{self, BufReader, Chain, Cursor, Read};

/// Contiguous bytes at the reader's position.
pub(crate) trait Window {
    /// Tries to have at least `count` bytes in [`Window::bytes`] and returns how many there are:
    /// fewer only at the end of the input.
    fn ensure(&mut self, count: usize) -> io::Result<usize>;

    /// The bytes from the position on, as far as they are there.
    fn bytes(&self) -> &[u8];

    /// Moves the position on, by no more than there is.
    fn consume(&mut self, count: usize);

    /// What the decompressor had to say when it gave up, once.
    fn failure(&mut self) -> Option<String>;
}

/// A slice as it is.
#[derive(Debug)]
pub(crate) struct SliceWindow<'a>(pub(crate) &'a [u8]);

impl Window for SliceWindow<'_> {
    fn ensure(&mut self, _count: usize) -> io::Result<usize> {
        Ok(self.0.len())
    }

    fn bytes(&self) -> &[u8] {
        self.0
    }

    fn consume(&mut self, count: usize) {
        self.0 = &self.0[count.min(self.0.len())..];
    }

    fn failure(&mut self) -> Option<String> {
        None
    }
}

/// A stream, decompressed and buffered.
pub(crate) struct StreamWindow<R: Read> {
    stream: Stream<R>,
    buffer: Vec<u8>,
    start: usize,
    /// Valid bytes in `buffer`; what follows is room to read into.
    end: usize,
    ended: bool,
    failure: Option<String>,
}

/// Room for one read. The buffer grows with bytes that arrived, never by what a length announces.
const CHUNK: usize = 128 * 1024;

impl<R: Read> StreamWindow<R> {
    pub(crate) fn new(input: R) -> io::Result<Self> {
        Ok(StreamWindow {
            stream: Stream::detect(input)?,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            ended: false,
            failure: None,
        })
    }

    fn fill(&mut self) -> io::Result<()> {
        // Moving what remains costs no more than what was consumed since the last time.
        if self.start >= self.end - self.start {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.end + CHUNK {
            self.buffer.resize(self.end + CHUNK, 0);
        }
        match self.stream.read(&mut self.buffer[self.end..]) {
            Ok(0) => self.ended = true,
            Ok(count) => self.end += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if self.stream.is_compressed() && !is_system_error(&error) => {
                self.failure = Some(error.to_string());
                self.ended = true;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Decompressors report damage through errors without an operating system's code.
fn is_system_error(error: &io::Error) -> bool {
    error.raw_os_error().is_some()
}

impl<R: Read> Window for StreamWindow<R> {
    fn ensure(&mut self, count: usize) -> io::Result<usize> {
        while self.end - self.start < count && !self.ended {
            self.fill()?;
        }
        Ok(self.end - self.start)
    }

    fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    fn consume(&mut self, count: usize) {
        self.start += count.min(self.end - self.start);
    }

    fn failure(&mut self) -> Option<String> {
        self.failure.take()
    }
}

impl<R: Read> std::fmt::Debug for StreamWindow<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamWindow")
            .field("buffered", &(self.end - self.start))
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

enum Stream<R: Read> {
    Plain(Peeked<R>),
    Gzip(Box<flate2::bufread::MultiGzDecoder<BufReader<Peeked<R>>>>),
    Zstd(Box<zstd::Decoder<'static, BufReader<Peeked<R>>>>),
}

impl<R: Read> Stream<R> {
    /// Looks at the first four bytes; the file's name plays no part.
    fn detect(mut input: R) -> io::Result<Self> {
        let mut head = Vec::with_capacity(4);
        input.by_ref().take(4).read_to_end(&mut head)?;
        let kind = head.clone();
        let whole = Cursor::new(head).chain(input);
        Ok(match kind.as_slice() {
            [0x1f, 0x8b, ..] => Stream::Gzip(Box::new(flate2::bufread::MultiGzDecoder::new(
                BufReader::with_capacity(CHUNK, whole),
            ))),
            [0x28, 0xb5, 0x2f, 0xfd] => Stream::Zstd(Box::new(zstd::Decoder::with_buffer(
                BufReader::with_capacity(CHUNK, whole),
            )?)),
            _ => Stream::Plain(whole),
        })
    }

    fn is_compressed(&self) -> bool {
        !matches!(self, Stream::Plain(_))
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(input) => input.read(buffer),
            Stream::Gzip(input) => input.read(buffer),
            Stream::Zstd(input) => input.read(buffer),
        }
    }
}
