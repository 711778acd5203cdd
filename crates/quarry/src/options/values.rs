//! Values of options that are more than a number or a word.

use std::str::FromStr;
use std::time::Duration;

/// How many events to show: a positive number, or -1 for all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct EventCount(pub(crate) Option<u64>);

impl FromStr for EventCount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<i64>() {
            Ok(0) => Err("expected at least 1".to_owned()),
            Ok(-1) => Ok(EventCount(None)),
            Ok(count) if count > 0 => Ok(EventCount(Some(count.unsigned_abs()))),
            _ => Err("expected a number of events such as 100".to_owned()),
        }
    }
}

/// A length of time: `10s`, `1.5m`, `250ms`; a bare number is seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span(pub(crate) Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || "expected a time such as 10s, 500ms, 2m or 1h".to_owned();
        let digits = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let seconds = match unit {
            "ns" => 1e-9,
            "us" => 1e-6,
            "ms" => 1e-3,
            "" | "s" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return Err(error()),
        };
        let number: f64 = number.parse().map_err(|_| error())?;
        Duration::try_from_secs_f64(number * seconds)
            .map(Span)
            .map_err(|_| error())
    }
}

/// A point in a capture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TimePoint {
    /// Nanoseconds since the epoch.
    Absolute(u64),
    /// Time of the day on which the capture begins.
    TimeOfDay(jiff::civil::Time),
    /// After the first event.
    AfterStart(Duration),
    /// Before the last event.
    BeforeEnd(Duration),
}

impl FromStr for TimePoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix('+') {
            return Ok(TimePoint::AfterStart(rest.parse::<Span>()?.0));
        }
        if let Some(rest) = text.strip_prefix('-') {
            return Ok(TimePoint::BeforeEnd(rest.parse::<Span>()?.0));
        }
        absolute(text).ok_or_else(|| {
            "expected a time such as 2026-11-21T10:00:00, 10:00:00, 1764000000.5, +5s (after the \
             start) or -5s (before the end)"
                .to_owned()
        })
    }
}

fn absolute(text: &str) -> Option<TimePoint> {
    let nanoseconds = |t: jiff::Timestamp| u64::try_from(t.as_nanosecond()).ok();
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction: u64 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
        let seconds: u64 = seconds.parse().ok()?;
        return Some(TimePoint::Absolute(
            seconds.checked_mul(1_000_000_000)?.checked_add(fraction)?,
        ));
    }
    if text.contains(':')
        && !text.contains('-')
        && let Ok(time) = text.parse::<jiff::civil::Time>()
    {
        return Some(TimePoint::TimeOfDay(time));
    }
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return nanoseconds(timestamp).map(TimePoint::Absolute);
    }
    let local: jiff::civil::DateTime = text.parse().ok()?;
    let zoned = local.to_zoned(jiff::tz::TimeZone::system()).ok()?;
    nanoseconds(zoned.timestamp()).map(TimePoint::Absolute)
}

/// Event numbers `FIRST-LAST`, either of which may be left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NumberRange {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl FromStr for NumberRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || "expected event numbers such as 100-200, 100- or -200".to_owned();
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let number = |text: &str, default| {
            if text.is_empty() {
                Ok(default)
            } else {
                text.parse::<u64>().map_err(|_| error())
            }
        };
        let range = NumberRange {
            first: number(first, 1)?,
            last: number(last, u64::MAX)?,
        };
        if range.first > range.last {
            return Err(error());
        }
        Ok(range)
    }
}

/// Styles of the time column, by letter or word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TimeStyleName(pub(crate) fields::TimeStyle);

impl FromStr for TimeStyleName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        use fields::TimeStyle;
        Ok(TimeStyleName(match text {
            "h" | "human" => TimeStyle::WallClock,
            "a" | "absolute" => TimeStyle::Epoch,
            "r" | "relative" => TimeStyle::SinceFirst,
            "d" | "delta" => TimeStyle::Latency,
            "D" | "delta-printed" => TimeStyle::SincePrinted,
            "i" | "iso" | "iso8601" => TimeStyle::Iso8601,
            _ => {
                return Err(
                    "expected h (time of day), a (epoch), r (since the first event), d (latency \
                     of the call), D (since the event printed before) or iso"
                        .to_owned(),
                );
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_take_units() {
        let ms = |text: &str| text.parse::<Span>().map(|s| s.0.as_millis());
        assert_eq!(ms("10"), Ok(10_000));
        assert_eq!(ms("1.5m"), Ok(90_000));
        assert_eq!(ms("250ms"), Ok(250));
        for bad in ["", "s", "10x", "1e3s", "-5s", "."] {
            assert!(ms(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn time_points_are_told_apart() {
        let point = |text: &str| text.parse::<TimePoint>();
        assert_eq!(
            point("1700000000.5"),
            Ok(TimePoint::Absolute(1_700_000_000_500_000_000))
        );
        assert_eq!(
            point("2023-11-14T22:13:20Z"),
            Ok(TimePoint::Absolute(1_700_000_000_000_000_000))
        );
        assert_eq!(
            point("2023-11-14 23:13:20+01:00"),
            Ok(TimePoint::Absolute(1_700_000_000_000_000_000))
        );
        assert_eq!(
            point("+2s"),
            Ok(TimePoint::AfterStart(Duration::from_secs(2)))
        );
        assert_eq!(
            point("-1m"),
            Ok(TimePoint::BeforeEnd(Duration::from_secs(60)))
        );
        assert!(matches!(point("10:00:00.25"), Ok(TimePoint::TimeOfDay(_))));
        for bad in ["", "soon", "+", "-x", "25:00:00"] {
            assert!(point(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn event_counts_refuse_zero() {
        assert_eq!("-1".parse(), Ok(EventCount(None)));
        assert_eq!("5".parse(), Ok(EventCount(Some(5))));
        assert!("0".parse::<EventCount>().is_err());
        assert!("x".parse::<EventCount>().is_err());
    }

    #[test]
    fn number_ranges_may_be_open() {
        let range = |text: &str| text.parse::<NumberRange>().map(|r| (r.first, r.last));
        assert_eq!(range("5-9"), Ok((5, 9)));
        assert_eq!(range("5-"), Ok((5, u64::MAX)));
        assert_eq!(range("-9"), Ok((1, 9)));
        assert_eq!(range("7"), Ok((7, 7)));
        assert!(range("9-5").is_err());
    }
}
