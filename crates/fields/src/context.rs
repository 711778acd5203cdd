//! What fields need beside event and state: how to show times and payload, and the running times.

use std::collections::HashMap;
use std::net::IpAddr;

use capture_format::Event;
use jiff::tz::TimeZone;

/// Settings and running times of one output; the same for all its fields.
#[derive(Clone, Debug)]
pub struct Context {
    /// How `evt.outputtime` shows the time.
    pub time: TimeStyle,
    /// Zone of wall-clock times.
    pub zone: TimeZone,
    /// How payload and other bytes are shown.
    pub payload: Payload,
    /// Bytes longer than 80 are shown whole (`-v`, and always in JSON).
    pub uncut: bool,
    /// Ports are shown by service name where a field offers it (`-R`).
    pub resolve_ports: bool,
    /// Columns of the spectrogram, for the quantized latencies; 0 without one.
    pub spectrogram_columns: u64,
    /// Names of addresses, for `fd.sip.name` and its like: those that the filter mentions,
    /// resolved by whoever compiled it.
    pub host_names: HashMap<IpAddr, Vec<u8>>,
    /// Time of the first event of the input, origin of relative times.
    pub first_event_ns: Option<u64>,
    /// Time of the event printed last.
    pub last_printed_ns: Option<u64>,
}

impl Default for Context {
    /// Plain text output in the local time zone (`TZ`, else the system's).
    fn default() -> Self {
        Context {
            time: TimeStyle::WallClock,
            zone: TimeZone::system(),
            payload: Payload::Dots,
            uncut: false,
            resolve_ports: false,
            spectrogram_columns: 0,
            host_names: HashMap::new(),
            first_event_ns: None,
            last_printed_ns: None,
        }
    }
}

impl Context {
    /// Notes an event before it is filtered or shown: the first one starts the relative times.
    pub fn observe(&mut self, event: &Event<'_>) {
        // Notes of old captures carry no time, or that of the container.
        if self.first_event_ns.is_none() && !is_note(event) {
            self.first_event_ns = Some(event.timestamp_ns);
        }
    }

    /// Notes that an event was printed.
    pub fn printed(&mut self, timestamp_ns: u64) {
        self.last_printed_ns = Some(timestamp_ns);
    }
}

/// Styles of `evt.outputtime` (`-t`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeStyle {
    /// `h`: local time of day.
    WallClock,
    /// `a`: epoch seconds and, unpadded, nanoseconds.
    Epoch,
    /// `r`: seconds since the first event.
    SinceFirst,
    /// `d`: latency from start to end of the call.
    Latency,
    /// `D`: time since the event printed before.
    SincePrinted,
    /// ISO 8601 in UTC.
    Iso8601,
}

/// Styles of byte values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Payload {
    /// Dots for all that is not printable ASCII.
    Dots,
    /// `-A`: printable ASCII and line breaks.
    Ascii,
    /// `-x`: hexadecimal rows.
    Hex,
    /// `-X`: hexadecimal rows with ASCII column.
    HexAscii,
    /// `-b`: base64.
    Base64,
}

/// Containers, users and groups that were there before the first event, as notes of the writer.
fn is_note(event: &Event<'_>) -> bool {
    matches!(event.ty.0, 228 | 272 | 324 | 354 | 356 | 358 | 360 | 402)
}
