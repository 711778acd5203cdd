//! Loops that make exactly as many system calls as they are told.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

/// A loop, by the calls it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// `getppid`: the cheapest call, so that the cost of tracing is all there is.
    Getppid,
    /// `read` from `/dev/zero` and `write` to `/dev/null`, 64 bytes each.
    ReadWrite,
    /// `openat` and `close` of `/dev/null`.
    OpenClose,
}

impl Workload {
    /// All of them.
    pub const ALL: [Workload; 3] = [Self::Getppid, Self::ReadWrite, Self::OpenClose];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Getppid => "getppid",
            Self::ReadWrite => "read-write",
            Self::OpenClose => "open-close",
        }
    }

    /// The workload of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|workload| workload.name() == name)
    }

    /// A filter for the calls of the loop.
    pub fn filter(self) -> &'static str {
        match self {
            Self::Getppid => "proc.name=quarry-workload and evt.type=getppid",
            Self::ReadWrite => {
                "proc.name=quarry-workload and evt.type in (read, write) and fd.name startswith /dev/"
            }
            Self::OpenClose => "proc.name=quarry-workload and evt.type in (openat, close)",
        }
    }

    /// Makes `calls` calls, rounded down to whole rounds of the loop; how many, and how long it took.
    ///
    /// # Errors
    /// When `/dev/zero` or `/dev/null` cannot be used.
    pub fn run(self, calls: u64) -> std::io::Result<(u64, Duration)> {
        match self {
            Self::Getppid => {
                let start = Instant::now();
                for _ in 0..calls {
                    std::hint::black_box(rustix::process::getppid());
                }
                Ok((calls, start.elapsed()))
            }
            Self::ReadWrite => {
                let mut zero = File::open("/dev/zero")?;
                let mut null = File::create("/dev/null")?;
                let mut buffer = [0; 64];
                let start = Instant::now();
                for _ in 0..calls / 2 {
                    zero.read_exact(&mut buffer)?;
                    null.write_all(&buffer)?;
                }
                Ok((calls / 2 * 2, start.elapsed()))
            }
            Self::OpenClose => {
                let start = Instant::now();
                for _ in 0..calls / 2 {
                    drop(File::open("/dev/null")?);
                }
                Ok((calls / 2 * 2, start.elapsed()))
            }
        }
    }
}
