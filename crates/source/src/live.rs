//! The running kernel: the probe, preceded by a snapshot of `/proc`.

use std::time::Duration;

use capture_format::Snapshot;
use ebpf::{Probe, ProbeConfig, ProbeError};

use crate::passed::Passed;
use crate::{Error, Gap, Next, Source, SourceStats, snapshot};

/// What to capture, in terms of the kernel side.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// Bytes kept of each payload.
    pub snaplen_bytes: u32,
    /// Size of each CPU's ring.
    pub ring_bytes_per_cpu: usize,
    /// Command names whose events are dropped in the kernel.
    pub suppressed_comms: Vec<String>,
    /// Record the start of system calls.
    pub enters: bool,
    /// Record page faults.
    pub page_faults: bool,
    /// Record context switches.
    pub context_switches: bool,
    /// Record what this process does, too.
    pub include_self: bool,
    /// What the first snapshot reads.
    pub snapshot: snapshot::Options,
}

impl Default for LiveOptions {
    fn default() -> Self {
        LiveOptions {
            snaplen_bytes: 80,
            ring_bytes_per_cpu: ProbeConfig::default().ring_bytes_per_cpu,
            suppressed_comms: Vec::new(),
            enters: true,
            page_faults: false,
            context_switches: false,
            include_self: false,
            snapshot: snapshot::Options::default(),
        }
    }
}

/// Longest wait for an event before the caller gets a turn.
const POLL: Duration = Duration::from_millis(50);

/// How many events pass between two looks at the loss counters, which cost a system call each.
const CHECK_EVENTS: u32 = 4096;

/// Events of this machine, now.
#[derive(Debug)]
pub struct LiveSource {
    probe: Probe,
    snapshot: Snapshot,
    phase: Phase,
    events: u64,
    /// Losses that have been told as gaps.
    lost_told: u64,
    /// Events until the counters are looked at again.
    until_check: u32,
    passed: Passed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// The snapshot has not been handed out.
    Begin,
    Running,
    /// The probe is detached; what lies in the rings is still read.
    Draining,
    Ended,
}

impl LiveSource {
    /// Loads the probe, then reads the snapshot.
    ///
    /// The probe runs first, so that whatever changes while `/proc` is read arrives as an event.
    /// Such an event may describe what the snapshot already holds; applying it again does no harm.
    ///
    /// # Errors
    /// [`Error::Privilege`] and [`Error::Unsupported`] when the probe cannot be loaded.
    pub fn start(options: &LiveOptions) -> Result<Self, Error> {
        let config = ProbeConfig {
            ring_bytes_per_cpu: options.ring_bytes_per_cpu,
            snaplen: options.snaplen_bytes.min(ProbeConfig::MAX_SNAPLEN),
            enters: options.enters,
            switches: options.context_switches,
            page_faults: options.page_faults,
            suppress_comms: options
                .suppressed_comms
                .iter()
                .map(|comm| comm.clone().into_bytes())
                .collect(),
            own_pid: if options.include_self {
                0
            } else {
                snapshot::own_pid(&options.snapshot)
            },
            ..ProbeConfig::default()
        };
        let probe = Probe::load(&config).map_err(load_error)?;
        Ok(LiveSource {
            probe,
            snapshot: snapshot::take(&options.snapshot),
            phase: Phase::Begin,
            events: 0,
            lost_told: 0,
            until_check: CHECK_EVENTS,
            passed: Passed::new(&options.snapshot),
        })
    }
}

impl LiveSource {
    /// Events lost since this was last asked.
    fn new_losses(&mut self) -> Option<Gap> {
        let lost = self.probe.stats().total().lost.total();
        let new = lost.saturating_sub(self.lost_told);
        self.lost_told = lost;
        (new > 0).then_some(Gap {
            events: Some(new),
            bytes: 0,
            cause: "the reader was too slow or an event too big",
        })
    }
}

impl Source for LiveSource {
    fn next(&mut self) -> Result<Next<'_>, Error> {
        let timeout = match self.phase {
            Phase::Begin => {
                self.phase = Phase::Running;
                return Ok(Next::Section(&self.snapshot));
            }
            Phase::Running => POLL,
            Phase::Draining => Duration::ZERO,
            Phase::Ended => return Ok(Next::End),
        };
        if self.until_check == 0 {
            self.until_check = CHECK_EVENTS;
            if let Some(gap) = self.new_losses() {
                return Ok(Next::Gap(gap));
            }
        }
        if self.passed.look_up() {
            return Ok(self.passed.told().map_or(Next::Idle, Next::Event));
        }
        match self.probe.next(timeout) {
            Ok(Some(event)) => {
                self.events += 1;
                self.until_check -= 1;
                self.passed.note(&event);
                Ok(Next::Event(event))
            }
            Ok(None) if self.phase == Phase::Draining => {
                self.phase = Phase::Ended;
                Ok(Next::End)
            }
            Ok(None) => {
                // The next quiet moment looks at the counters without delay.
                self.until_check = 0;
                Ok(Next::Idle)
            }
            Err(error) => Err(Error::Live(error.to_string())),
        }
    }

    fn stats(&self) -> SourceStats {
        let total = self.probe.stats().total();
        let lost = [
            ("ring buffer full", total.lost.ring_full),
            ("event too big", total.lost.too_big),
            ("record buffer busy", total.lost.scratch_busy),
            ("malformed record", total.lost.malformed),
        ];
        SourceStats {
            events: self.events,
            produced: total.produced,
            lost: lost
                .into_iter()
                .filter(|(_, count)| *count > 0)
                .map(|(cause, count)| (cause.to_owned(), count))
                .collect(),
            suppressed: 0,
            unknown: 0,
        }
    }

    fn is_live(&self) -> bool {
        true
    }

    fn stop(&mut self) {
        if matches!(self.phase, Phase::Begin | Phase::Running) {
            // Even a probe that cannot be detached has events worth reading; it goes with us.
            let _ = self.probe.stop();
            self.phase = Phase::Draining;
        }
    }
}

fn load_error(error: ProbeError) -> Error {
    let message = error.to_string();
    match error {
        ProbeError::Privilege { .. } => Error::Privilege { message },
        _ => Error::Unsupported { message },
    }
}
