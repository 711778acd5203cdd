//! How many events were made, delivered and lost.

/// Counters of the whole probe since it was loaded.
///
/// Once [`Probe::stop`](crate::Probe::stop) has returned and everything was read,
/// `produced == delivered + lost` holds exactly, on every CPU.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProbeStats {
    /// One entry per CPU.
    pub cpus: Vec<CpuStats>,
}

impl ProbeStats {
    /// Sum over all CPUs.
    pub fn total(&self) -> CpuStats {
        let mut sum = CpuStats::default();
        for cpu in &self.cpus {
            sum.produced += cpu.produced;
            sum.delivered += cpu.delivered;
            sum.lost.ring_full += cpu.lost.ring_full;
            sum.lost.too_big += cpu.lost.too_big;
            sum.lost.scratch_busy += cpu.lost.scratch_busy;
            sum.lost.malformed += cpu.lost.malformed;
            sum.unreadable += cpu.unreadable;
        }
        sum
    }
}

/// Counters of one CPU.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CpuStats {
    /// Events the kernel side wanted to send.
    pub produced: u64,
    /// Events handed out by [`Probe::next`](crate::Probe::next).
    pub delivered: u64,
    /// Events that did not get through, by cause.
    pub lost: Lost,
    /// Arguments that could not be read from the caller's memory. Their events were sent without.
    pub unreadable: u64,
}

/// Lost events by cause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// The reader was too slow, the ring was full.
    pub ring_full: u64,
    /// The event did not fit into the record buffer.
    pub too_big: u64,
    /// The record buffer was in use by an interrupted program.
    pub scratch_busy: u64,
    /// The record in the ring was not a well-formed event.
    pub malformed: u64,
}

impl Lost {
    /// All causes together.
    pub fn total(&self) -> u64 {
        self.ring_full + self.too_big + self.scratch_busy + self.malformed
    }
}
