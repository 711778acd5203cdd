//! What the probe shall send.

use std::collections::BTreeSet;

/// What to capture, fixed at load time.
#[derive(Clone, Debug)]
pub struct ProbeConfig {
    /// Size of each CPU's ring in bytes; rounded up to a power of two of at least one page.
    pub ring_bytes_per_cpu: usize,
    /// Bytes of payload recorded per I/O event, 0 to [`ProbeConfig::MAX_SNAPLEN`].
    pub snaplen: u32,
    /// Send the start of every call too. Calls that never return send it in any case.
    pub enters: bool,
    /// Which system calls to send. Process starts and ends are always sent.
    pub interest: Interest,
    /// Send context switches.
    pub switches: bool,
    /// Send page faults.
    pub page_faults: bool,
    /// Send delivered signals.
    pub signals: bool,
    /// Command names (at most [`ProbeConfig::MAX_SUPPRESSED`]) whose events are not sent.
    pub suppress_comms: Vec<Vec<u8>>,
    /// Process whose events are not sent, as seen in the initial pid namespace; 0 for none.
    pub own_pid: u32,
}

impl ProbeConfig {
    /// Largest snaplen: parameter lengths are 16 bits wide, and the rest of the event needs room.
    pub const MAX_SNAPLEN: u32 = 65_000;
    /// Largest number of suppressed command names.
    pub const MAX_SUPPRESSED: usize = 32;
}

impl Default for ProbeConfig {
    fn default() -> Self {
        ProbeConfig {
            ring_bytes_per_cpu: 8 << 20,
            snaplen: 80,
            enters: true,
            interest: Interest::all(),
            switches: false,
            page_faults: false,
            signals: true,
            suppress_comms: Vec::new(),
            own_pid: std::process::id(),
        }
    }
}

/// A set of system calls, named by their portable code (`ppm_sc`, the value of generic events).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interest(Option<BTreeSet<u16>>);

impl Interest {
    /// Every system call, also those that this program has no name for.
    pub fn all() -> Self {
        Interest(None)
    }

    /// Only the calls with these portable codes.
    pub fn only(codes: impl IntoIterator<Item = u16>) -> Self {
        Interest(Some(codes.into_iter().collect()))
    }

    /// Whether the call with this code is wanted.
    pub fn contains(&self, code: u16) -> bool {
        self.0.as_ref().is_none_or(|codes| codes.contains(&code))
    }
}
