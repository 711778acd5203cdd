//! How times print.

use std::io::Write as _;

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::context::TimeStyle;
use crate::view::View;

const NS_PER_S: u64 = 1_000_000_000;

/// Splits nanoseconds into whole seconds and the rest.
pub(crate) fn split(ns: u64) -> (u64, u64) {
    (ns / NS_PER_S, ns % NS_PER_S)
}

/// Local date and time of the event, by the rules that held at that moment.
fn local(view: &View<'_>) -> DateTime {
    let timestamp = Timestamp::from_nanosecond(i128::from(view.event.timestamp_ns));
    let timestamp = timestamp.unwrap_or_default();
    view.context.zone.to_datetime(timestamp)
}

/// `HH:MM:SS`, with or without `.nnnnnnnnn`.
pub(crate) fn write_time_of_day(view: &View<'_>, fraction: bool, out: &mut Vec<u8>) {
    let time = local(view);
    let _ = write!(
        out,
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    );
    if fraction {
        write_fraction(view.event.timestamp_ns, out);
    }
}

/// `YYYY-MM-DD HH:MM:SS`, with or without `.nnnnnnnnn`.
pub(crate) fn write_date_time(view: &View<'_>, fraction: bool, out: &mut Vec<u8>) {
    let date = local(view).date();
    let _ = write!(
        out,
        "{:04}-{:02}-{:02} ",
        date.year(),
        date.month(),
        date.day()
    );
    write_time_of_day(view, fraction, out);
}

/// `YYYY-MM-DDTHH:MM:SS.nnnnnnnnn+0000`, in UTC.
pub(crate) fn write_iso8601(timestamp_ns: u64, out: &mut Vec<u8>) {
    let timestamp = Timestamp::from_nanosecond(i128::from(timestamp_ns)).unwrap_or_default();
    let utc = jiff::tz::TimeZone::UTC.to_datetime(timestamp);
    let _ = write!(
        out,
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        utc.year(),
        utc.month(),
        utc.day(),
        utc.hour(),
        utc.minute(),
        utc.second()
    );
    write_fraction(timestamp_ns, out);
    out.extend_from_slice(b"+0000");
}

/// The time in the style of `-t`.
pub(crate) fn write_output_time(view: &View<'_>, out: &mut Vec<u8>) {
    let now = view.event.timestamp_ns;
    match view.context.time {
        TimeStyle::WallClock => write_time_of_day(view, true, out),
        TimeStyle::Iso8601 => write_iso8601(now, out),
        TimeStyle::Epoch => {
            let (seconds, rest) = split(now);
            let _ = write!(out, "{seconds}.{rest}");
        }
        TimeStyle::SinceFirst => write_seconds(view.relative_ns(), out),
        TimeStyle::Latency => write_seconds(view.applied.latency_ns, out),
        TimeStyle::SincePrinted => {
            let before = view.context.last_printed_ns.unwrap_or(now);
            write_seconds(now.saturating_sub(before), out);
        }
    }
}

fn write_seconds(ns: u64, out: &mut Vec<u8>) {
    let (seconds, rest) = split(ns);
    let _ = write!(out, "{seconds}.{rest:09}");
}

fn write_fraction(ns: u64, out: &mut Vec<u8>) {
    let _ = write!(out, ".{:09}", ns % NS_PER_S);
}

/// Short text with a fitting unit: `750ns`, `1.50us`, `10ms`, `1.50s`, `2:05`, `01:02:05`;
/// never rounded up.
pub(crate) fn write_human(ns: u64, out: &mut Vec<u8>) {
    const UNITS: [(u64, &str); 4] = [(1, "ns"), (1_000, "us"), (1_000_000, "ms"), (NS_PER_S, "s")];
    let seconds = ns / NS_PER_S;
    let _ = if seconds >= 3600 {
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        write!(out, "{hours:02}:{minutes:02}:{:02}", seconds % 60)
    } else if seconds >= 60 {
        write!(out, "{}:{:02}", seconds / 60, seconds % 60)
    } else {
        let fitting = UNITS.iter().rev().find(|(unit, _)| ns >= *unit);
        let (unit, name) = fitting.unwrap_or(&UNITS[0]);
        let (whole, hundredths) = (ns / unit, ns % unit * 100 / unit);
        if *unit == 1 || whole >= 10 {
            write!(out, "{whole}{name}")
        } else {
            write!(out, "{whole}.{hundredths:02}{name}")
        }
    };
}
