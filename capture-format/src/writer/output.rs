//! Where blocks go: plain, gzip or zstd, with the bytes counted behind the compression.

use std::io::{self, Write};

use flate2::write::GzEncoder;

use super::Compression;

/// An output with its compression.
pub(super) enum Output<W: Write> {
    Plain(Counted<W>),
    Gzip(GzEncoder<Counted<W>>),
    Zstd(zstd::Encoder<'static, Counted<W>>),
}

/// Counts what passes.
pub(super) struct Counted<W> {
    inner: W,
    bytes: u64,
}

/// zstd's own default: faster than gzip, and smaller.
const ZSTD_LEVEL: i32 = 3;

impl<W: Write> Output<W> {
    pub(super) fn new(inner: W, compression: Compression) -> io::Result<Self> {
        let counted = Counted { inner, bytes: 0 };
        Ok(match compression {
            Compression::None => Output::Plain(counted),
            Compression::Gzip => {
                Output::Gzip(GzEncoder::new(counted, flate2::Compression::default()))
            }
            Compression::Zstd => Output::Zstd(zstd::Encoder::new(counted, ZSTD_LEVEL)?),
        })
    }

    /// Bytes that left the compression.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Output::Plain(counted) => counted.bytes,
            Output::Gzip(encoder) => encoder.get_ref().bytes,
            Output::Zstd(encoder) => encoder.get_ref().bytes,
        }
    }

    pub(super) fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Output::Plain(counted) => counted.write_all(bytes),
            Output::Gzip(encoder) => encoder.write_all(bytes),
            Output::Zstd(encoder) => encoder.write_all(bytes),
        }
    }

    /// Makes everything so far decodable at the output.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Plain(counted) => counted.flush(),
            Output::Gzip(encoder) => encoder.flush(),
            Output::Zstd(encoder) => encoder.flush(),
        }
    }

    pub(super) fn finish(self) -> io::Result<W> {
        let mut counted = match self {
            Output::Plain(counted) => counted,
            Output::Gzip(encoder) => encoder.finish()?,
            Output::Zstd(encoder) => encoder.finish()?,
        };
        counted.flush()?;
        Ok(counted.inner)
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
