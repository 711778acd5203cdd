//! Options for recording.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(next_help_heading = "Recording")]
pub(crate) struct Write {
    /// Write events to a capture file; `-` is standard output. Implies `--quiet`.
    ///
    /// A name that ends in `.gz` or `.zst` is compressed.
    #[arg(short = 'w', long = "writefile", value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
    /// Compress what is written, with gzip unless another way is named.
    #[arg(short = 'z', long, value_name = "HOW", num_args = 0..=1, require_equals = true,
          default_missing_value = "gzip")]
    pub(crate) compress: Option<Compression>,
    /// Start another file after this many millions of bytes.
    #[arg(short = 'C', long, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) file_size: Option<u64>,
    /// Start another file every so many seconds, in the time of the events.
    ///
    /// A file name with `%` is a pattern for the time at which each file begins, as in strftime(3).
    #[arg(short = 'G', long, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) seconds: Option<u64>,
    /// Start another file after this many events.
    #[arg(short = 'e', long, value_name = "NUM", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) event_limit: Option<u64>,
    /// Keep at most this many files: the oldest one is removed.
    #[arg(short = 'W', long, value_name = "NUM", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
    /// With a filter, also keep the events that later ones need, marked and hidden. The default.
    #[arg(short = 'F', long, overrides_with = "no_fatfile")]
    pub(crate) fatfile: bool,
    /// With a filter, write what passes and nothing else.
    #[arg(long, overrides_with = "fatfile")]
    pub(crate) no_fatfile: bool,
}

/// Ways to compress a capture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Compression {
    /// Not at all.
    None,
    /// As sysdig does; every reader takes it.
    #[value(alias = "gz")]
    Gzip,
    /// Smaller and faster, for this program only.
    #[value(alias = "zst")]
    Zstd,
}

impl Write {
    /// Writing to one file, nothing else said.
    pub(crate) fn to(path: PathBuf) -> Self {
        Write {
            write: Some(path),
            compress: None,
            file_size: None,
            seconds: None,
            event_limit: None,
            limit: None,
            fatfile: false,
            no_fatfile: false,
        }
    }
}
