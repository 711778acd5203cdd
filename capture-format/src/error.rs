//! Why a capture cannot be read at all, and what was wrong where reading went on.

use std::io;

/// Why reading cannot begin or continue.
///
/// Damage inside a file is not an error: it becomes a [`Gap`] and reading goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input has no bytes.
    #[error("the capture is empty")]
    Empty,
    /// The input does not begin with a section header, and holds no blocks to go on with.
    #[error("not a capture: expected the bytes 0a 0d 0d 0a, found {}", Hex(.found))]
    NotACapture {
        /// The first bytes.
        found: Vec<u8>,
    },
    /// The section header's magic reads reversed. No program ever wrote such a file.
    #[error("the capture is big-endian, the format only exists in little-endian")]
    BigEndian,
    /// The section header announces a newer format.
    #[error("expected format version 1, found {major}")]
    Version {
        /// Major version found.
        major: u16,
    },
    /// The compressed stream is damaged before its first bytes.
    #[error("damaged compressed stream ({message})")]
    Compression {
        /// The decompressor's words.
        message: String,
    },
    /// The operating system reports an error.
    #[error(transparent)]
    Io(#[from] io::Error),
}

struct Hex<'a>(&'a [u8]);

impl std::fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let space = if index > 0 { " " } else { "" };
            write!(f, "{space}{byte:02x}")?;
        }
        Ok(())
    }
}

/// A damaged place in a capture: what lies there is lost, what follows was found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where the damage begins, in bytes of the uncompressed capture.
    pub offset: u64,
    /// Bytes that were skipped; 0 when only a check failed and the block could be used.
    pub bytes: u64,
    /// What was wrong.
    pub damage: Damage,
}

/// What was wrong with a damaged place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// The file ends inside a block.
    Truncated {
        /// Bytes that the block says it has; 0 when even that is missing.
        expected: u64,
        /// Bytes that remain.
        found: u64,
    },
    /// A block's length is impossible.
    BlockLength {
        /// The length it claims.
        length: u32,
    },
    /// Leading and trailing length differ.
    Trailer {
        /// The leading length.
        expected: u32,
        /// The trailing length.
        found: u32,
    },
    /// A metadata block's contents do not fit it; entries before the damage were used.
    Metadata {
        /// Block type.
        block: u32,
    },
    /// An event's lengths contradict each other.
    Event,
    /// A metadata block among events, where only events or a new section may be.
    Misplaced {
        /// Block type.
        block: u32,
    },
    /// The section header is damaged or missing.
    SectionHeader,
    /// The compressed stream is damaged or ends early; everything after is lost.
    Compression {
        /// The decompressor's words.
        message: String,
    },
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Damage::Truncated { expected, found } if *expected > 0 => {
                write!(f, "block says {expected} bytes, {found} remain")
            }
            Damage::Truncated { found, .. } => {
                write!(f, "expected a block header, {found} bytes remain")
            }
            Damage::BlockLength { length } => write!(f, "impossible block length {length}"),
            Damage::Trailer { expected, found } => {
                write!(
                    f,
                    "block begins with length {expected} and ends with {found}"
                )
            }
            Damage::Metadata { block } => {
                write!(f, "contents of metadata block {block:#x} do not fit it")
            }
            Damage::Event => write!(f, "lengths in an event contradict each other"),
            Damage::Misplaced { block } => {
                write!(f, "metadata block {block:#x} among events")
            }
            Damage::SectionHeader => write!(f, "damaged section header"),
            Damage::Compression { message } => {
                write!(f, "damaged compressed stream ({message})")
            }
        }
    }
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "offset {:#x}: {}", self.offset, self.damage)?;
        if self.bytes > 0 {
            write!(f, "; {} bytes skipped", self.bytes)?;
        }
        Ok(())
    }
}
