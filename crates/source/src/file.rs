//! Replay of capture files.

use std::path::PathBuf;

use crate::{Error, Next, Source, SourceStats};

/// A place where a file is damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file, as given by the user.
    pub path: PathBuf,
    /// Where, in bytes of the (decompressed) stream.
    pub offset: u64,
    /// What is wrong, in words for people.
    pub message: String,
}

/// Reads capture files one after another.
#[derive(Debug)]
pub struct FileSource {
    stats: SourceStats,
}

impl FileSource {
    /// Opens the first of `paths`; `-` is standard input.
    ///
    /// # Errors
    /// [`Error::Open`] and [`Error::Format`], of the first file now, of later ones when they are due.
    pub fn open(paths: Vec<PathBuf>) -> Result<Self, Error> {
        let _ = paths;
        Ok(FileSource {
            stats: SourceStats::default(),
        })
    }
}

impl Source for FileSource {
    fn next(&mut self) -> Result<Next<'_>, Error> {
        Ok(Next::End)
    }

    fn stats(&self) -> SourceStats {
        self.stats.clone()
    }
}
