//! Names of the files of a rotation.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::Error;

/// Digits of a counter when nothing says how many files there will be.
const DIGITS: usize = 5;

/// Endings before which a counter goes, longer ones first.
const ENDINGS: [&str; 3] = [".scap.gz", ".scap.zst", ".scap"];

/// Makes one name after another.
///
/// A name with `%` is a pattern for the time at which the file begins; any other gets a counter,
/// before the ending `.scap`, `.scap.gz` or `.scap.zst` if it has one, so that shells sort the
/// files by age. With a limit the counter starts again from zero and the oldest file is replaced;
/// with a pattern the oldest is removed.
#[derive(Debug)]
pub(super) struct Naming {
    stem: String,
    ending: &'static str,
    pattern: bool,
    counting: bool,
    keep: Option<u64>,
    zone: TimeZone,
    /// Files named so far.
    made: u64,
    /// The time slice of the last file and how many files it has.
    slice: (String, u64),
    /// Names in use, oldest first; kept only as far as something has to be removed.
    kept: VecDeque<PathBuf>,
}

/// When files change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Changes {
    /// By time (`-G`).
    pub(super) timed: bool,
    /// By size or number of events (`-C`, `-e`).
    pub(super) counted: bool,
}

impl Naming {
    /// Names derived from `path`, at most `keep` in use at one time.
    pub(super) fn new(
        path: &Path,
        changes: Changes,
        keep: Option<u64>,
        zone: TimeZone,
    ) -> Result<Self, Error> {
        let text = path.to_str().ok_or_else(|| {
            Error::Refused(format!("{}: expected a name in UTF-8", path.display()))
        })?;
        let pattern = changes.timed && text.contains('%');
        let ending = ENDINGS
            .into_iter()
            .find(|ending| text.ends_with(ending))
            .unwrap_or("");
        let naming = Naming {
            stem: text[..text.len() - ending.len()].to_owned(),
            ending,
            pattern,
            counting: changes.counted || (changes.timed && !pattern),
            keep,
            zone,
            made: 0,
            slice: (String::new(), 0),
            kept: VecDeque::new(),
        };
        naming.stem_at(0)?;
        Ok(naming)
    }

    /// Name of the next file, which begins at `begin_ns`, and the file that has to go for it.
    pub(super) fn next(&mut self, begin_ns: u64) -> Result<(PathBuf, Option<PathBuf>), Error> {
        let name = if self.pattern {
            self.in_slice(begin_ns)?
        } else if self.counting {
            let counter = self.keep.map_or(self.made, |keep| self.made % keep);
            self.numbered(&self.stem, counter)
        } else {
            PathBuf::from(format!("{}{}", self.stem, self.ending))
        };
        self.made += 1;
        let Some(keep) = self.keep else {
            return Ok((name, None));
        };
        self.kept.retain(|kept| *kept != name);
        self.kept.push_back(name.clone());
        let surplus = (self.kept.len() as u64 > keep)
            .then(|| self.kept.pop_front())
            .flatten();
        Ok((name, surplus))
    }

    /// A name for the slice at a time; every file but a slice's only one gets a counter, so that
    /// a pattern coarser than the slices overwrites nothing.
    fn in_slice(&mut self, begin_ns: u64) -> Result<PathBuf, Error> {
        let stem = self.stem_at(begin_ns)?;
        if self.slice.0 != stem {
            self.slice = (stem, 0);
        }
        let counter = self.slice.1;
        self.slice.1 += 1;
        if counter == 0 && !self.counting {
            return Ok(PathBuf::from(format!("{}{}", self.slice.0, self.ending)));
        }
        Ok(self.numbered(&self.slice.0, counter))
    }

    fn numbered(&self, stem: &str, counter: u64) -> PathBuf {
        let width = match (self.keep, self.pattern) {
            (Some(keep), false) => keep.saturating_sub(1).to_string().len(),
            _ => DIGITS,
        };
        let separator = if self.ending.is_empty() { "" } else { "." };
        PathBuf::from(format!("{stem}{separator}{counter:0width$}{}", self.ending))
    }

    fn stem_at(&self, ns: u64) -> Result<String, Error> {
        if !self.pattern {
            return Ok(self.stem.clone());
        }
        let time = Timestamp::from_nanosecond(i128::from(ns))
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .to_zoned(self.zone.clone());
        strtime::format(&self.stem, &time).map_err(|error| {
            Error::Refused(format!(
                "-w: `{}{}` is no pattern for times: {error}\n  expected conversions of \
                 strftime(3), such as %Y%m%d-%H%M%S",
                self.stem, self.ending
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMED: Changes = Changes {
        timed: true,
        counted: false,
    };
    const COUNTED: Changes = Changes {
        timed: false,
        counted: true,
    };
    const BOTH: Changes = Changes {
        timed: true,
        counted: true,
    };

    /// Names of files that begin an hour after each other.
    #[track_caller]
    fn check(path: &str, changes: Changes, keep: Option<u64>, expected: &[&str]) {
        let mut naming = Naming::new(Path::new(path), changes, keep, TimeZone::UTC).unwrap();
        let got: Vec<String> = (0..expected.len() as u64)
            .map(
                |hour| match naming.next(hour * 3_600_000_000_000).unwrap() {
                    (name, Some(gone)) => format!("{} -{}", name.display(), gone.display()),
                    (name, None) => name.display().to_string(),
                },
            )
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn one_file_keeps_its_name() {
        check("a%H.scap", Changes::default(), None, &["a%H.scap"]);
    }

    #[test]
    fn counters_are_padded_and_stand_before_the_ending() {
        check("a.scap", COUNTED, None, &["a.00000.scap", "a.00001.scap"]);
        check("a.scap.gz", COUNTED, None, &["a.00000.scap.gz"]);
        check("out", TIMED, None, &["out00000", "out00001"]);
    }

    #[test]
    fn with_a_limit_the_counter_wraps() {
        check(
            "a.scap",
            COUNTED,
            Some(2),
            &["a.0.scap", "a.1.scap", "a.0.scap"],
        );
        let names: Vec<String> = (0..11).map(|i| format!("a.{i:02}.scap")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        check("a.scap", COUNTED, Some(11), &names);
    }

    #[test]
    fn patterns_name_files_by_time_and_drop_the_oldest() {
        check(
            "a-%H.scap",
            TIMED,
            Some(2),
            &["a-00.scap", "a-01.scap", "a-02.scap -a-00.scap"],
        );
    }

    #[test]
    fn a_pattern_that_repeats_itself_never_overwrites_a_file() {
        check(
            "a-%Y.scap",
            TIMED,
            None,
            &["a-1970.scap", "a-1970.00001.scap", "a-1970.00002.scap"],
        );
    }

    #[test]
    fn a_counter_within_time_slices_follows_the_time() {
        check(
            "a-%H.scap",
            BOTH,
            None,
            &["a-00.00000.scap", "a-01.00000.scap"],
        );
    }

    #[test]
    fn a_pattern_that_is_none_is_refused() {
        let naming = Naming::new(Path::new("a-%!.scap"), TIMED, None, TimeZone::UTC);
        assert!(matches!(naming, Err(Error::Refused(_))));
    }
}
