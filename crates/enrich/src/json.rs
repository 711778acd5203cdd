//! Taking what is there out of an engine's JSON. Members may be missing, `null`, or of another type
//! in the next release; none of this is an error.

use std::collections::BTreeMap;

use serde_json::Value;

/// Reads members by JSON pointer (`/Config/Image`).
pub(crate) trait Peek {
    /// The text, or an empty one.
    fn text(&self, pointer: &str) -> &str;
    /// The number, also when written as text; 0 when there is none.
    fn int(&self, pointer: &str) -> i64;
    /// The truth value; false when there is none.
    fn flag(&self, pointer: &str) -> bool;
    /// The list, or an empty one.
    fn list(&self, pointer: &str) -> &[Value];
    /// The texts of a list.
    fn texts(&self, pointer: &str) -> Vec<String>;
    /// The texts of an object.
    fn map(&self, pointer: &str) -> BTreeMap<String, String>;
}

impl Peek for Value {
    fn text(&self, pointer: &str) -> &str {
        self.pointer(pointer).and_then(Value::as_str).unwrap_or("")
    }

    fn int(&self, pointer: &str) -> i64 {
        match self.pointer(pointer) {
            Some(Value::Number(number)) => number
                .as_i64()
                .or_else(|| number.as_u64().map(|_| i64::MAX))
                .or_else(|| number.as_f64().map(|float| float as i64))
                .unwrap_or(0),
            Some(Value::String(text)) => text.parse().unwrap_or(0),
            _ => 0,
        }
    }

    fn flag(&self, pointer: &str) -> bool {
        self.pointer(pointer)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    fn list(&self, pointer: &str) -> &[Value] {
        let list = self.pointer(pointer).and_then(Value::as_array);
        list.map_or(&[], Vec::as_slice)
    }

    fn texts(&self, pointer: &str) -> Vec<String> {
        let items = self.list(pointer).iter();
        items
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect()
    }

    fn map(&self, pointer: &str) -> BTreeMap<String, String> {
        let members = self.pointer(pointer).and_then(Value::as_object);
        members
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect()
    }
}

/// Seconds since the epoch of an RFC 3339 time such as `2026-11-21T01:06:07.146787422Z`.
pub(crate) fn rfc3339_seconds(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let bytes = text.as_bytes();
    if separators
        .iter()
        .any(|&(at, byte)| bytes.get(at) != Some(&byte))
    {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let clock = number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let zone = text
        .get(19..)?
        .trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset = match zone.as_bytes() {
        b"Z" | b"" => 0,
        [sign, ..] if zone.len() == 6 => {
            let seconds = zone.get(1..3)?.parse::<i64>().ok()? * 3600
                + zone.get(4..6)?.parse::<i64>().ok()? * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    // Days since 1970-03-01-based years, where the leap day comes last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * 146_097 + day_of_era - 719_468) * 86_400 + clock - offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_engines_are_read() {
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-21T01:06:07.146787422Z", Some(1_795_223_167)),
            ("2024-02-29T23:59:59+01:00", Some(1_709_247_599)),
            ("2016-04-06T19:43:36.123-05:30", Some(1_459_991_616)),
            ("0001-01-01T00:00:00Z", Some(-62_135_596_800)),
            ("yesterday", None),
            ("2024-13-01T00:00:00Z", None),
            ("", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(rfc3339_seconds(text), seconds, "{text}");
        }
    }

    #[test]
    fn missing_and_odd_members_are_empty() {
        let value = serde_json::json!({"a": null, "n": "12", "f": 1.5, "l": [1, "x"], "m": {"k": 1, "t": "v"}});
        assert_eq!(
            (value.text("/a"), value.int("/n"), value.int("/f")),
            ("", 12, 1)
        );
        assert_eq!((value.flag("/a"), value.list("/a").len()), (false, 0));
        assert_eq!(value.texts("/l"), ["x"]);
        assert_eq!(value.map("/m").len(), 1);
    }
}
