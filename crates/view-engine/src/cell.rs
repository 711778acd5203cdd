//! Finished cells: owned values, how they order, and how numbers print.

use std::cmp::Ordering;
use std::net::IpAddr;

use filter::Value;

/// An owned value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    None,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A number with decimals (means, rates, percentages).
    Float(f64),
    /// An address.
    Ip(IpAddr),
    /// Text as bytes; escaped by whoever draws it.
    Text(Box<[u8]>),
}

impl Cell {
    /// Copies a field's value.
    pub fn from_value(value: &Value<'_>) -> Cell {
        match value {
            Value::I64(number) => Cell::Int(i128::from(*number)),
            Value::U64(number) => Cell::Int(i128::from(*number)),
            Value::Bool(yes) => Cell::Bool(*yes),
            Value::F64(number) => Cell::Float(*number),
            Value::Text(bytes) | Value::Bytes(bytes) => Cell::Text(bytes.as_ref().into()),
            Value::Ip(ip) => Cell::Ip(*ip),
            Value::List(values) | Value::AnyOf(values) | Value::Ends(values) => {
                let mut text = Vec::new();
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        text.push(b',');
                    }
                    text.extend_from_slice(Cell::from_value(value).to_text().as_bytes());
                }
                Cell::Text(text.into())
            }
        }
    }

    /// The value as a number, when it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Int(number) => Some(*number as f64),
            Cell::Float(number) => Some(*number),
            Cell::Bool(yes) => Some(f64::from(u8::from(*yes))),
            Cell::None | Cell::Ip(_) | Cell::Text(_) => None,
        }
    }

    /// Total order: missing values first, numbers by value, addresses, then text by bytes.
    pub fn order(&self, other: &Cell) -> Ordering {
        match (self, other) {
            (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
            (Cell::Ip(a), Cell::Ip(b)) => a.cmp(b),
            (Cell::Int(a), Cell::Int(b)) => a.cmp(b),
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                _ => self.rank().cmp(&other.rank()),
            },
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Cell::None => 0,
            Cell::Bool(_) | Cell::Int(_) | Cell::Float(_) => 1,
            Cell::Ip(_) => 2,
            Cell::Text(_) => 3,
        }
    }

    /// Plain text, for keys and exports: integers in decimal, invalid UTF-8 replaced.
    pub fn to_text(&self) -> String {
        match self {
            Cell::None => String::new(),
            Cell::Bool(yes) => yes.to_string(),
            Cell::Int(number) => number.to_string(),
            Cell::Float(number) => format!("{number:.2}"),
            Cell::Ip(ip) => ip.to_string(),
            Cell::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }
}

/// How the numbers of a column print.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumberFormat {
    /// Whole and plain (ids, ports).
    Id,
    /// A quantity: above 1024 scaled by powers of 1024 with a letter.
    Quantity,
    /// A duration in nanoseconds, with a unit that fits.
    Duration,
    /// Two decimals.
    Decimal,
}

/// A quantity as tables show it: `15`, `1.94K`, `770.62`.
///
/// Whole numbers below 1024 print whole; scaled and averaged ones print two decimals, and a
/// scaled whole number of 10 or more units prints without them.
pub fn quantity(value: f64, whole: bool) -> String {
    let mut scaled = value;
    let mut suffix = "";
    for next in ["K", "M", "G", "T", "P"] {
        if scaled.abs() < 1024.0 {
            break;
        }
        scaled /= 1024.0;
        suffix = next;
    }
    if whole {
        format!("{scaled:.0}{suffix}")
    } else {
        format!("{scaled:.2}{suffix}")
    }
}

/// A duration in nanoseconds with the unit that fits: `912ns`, `4.21us`, `37us`, `1.20s`, `2:07`.
pub fn duration(ns: u64) -> String {
    let value = ns as f64;
    match ns {
        0..1_000 => format!("{ns}ns"),
        1_000..10_000 => format!("{:.2}us", value / 1e3),
        10_000..1_000_000 => format!("{}us", ns / 1_000),
        1_000_000..10_000_000 => format!("{:.2}ms", value / 1e6),
        10_000_000..1_000_000_000 => format!("{}ms", ns / 1_000_000),
        1_000_000_000..60_000_000_000 => format!("{:.2}s", value / 1e9),
        _ => {
            let seconds = ns / 1_000_000_000;
            if seconds < 3600 {
                format!("{}:{:02}", seconds / 60, seconds % 60)
            } else {
                format!(
                    "{:02}:{:02}:{:02}",
                    seconds / 3600,
                    seconds / 60 % 60,
                    seconds % 60
                )
            }
        }
    }
}

/// A cell as text in a column of the given format.
pub fn format_cell(cell: &Cell, format: NumberFormat) -> String {
    match (cell, format) {
        (Cell::Int(number), NumberFormat::Quantity) => quantity(*number as f64, true),
        (Cell::Float(number), NumberFormat::Quantity) => quantity(*number, false),
        (Cell::Int(number), NumberFormat::Duration) => {
            duration(u64::try_from(*number).unwrap_or(0))
        }
        (Cell::Float(number), NumberFormat::Duration) => duration(number.max(0.0) as u64),
        _ => cell.to_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_scale_by_1024() {
        for (value, whole, text) in [
            (0.0, true, "0"),
            (1023.0, true, "1023"),
            (1024.0, true, "1K"),
            (15.0 * 1024.0 * 1024.0, true, "15M"),
            (770.62, false, "770.62"),
            (1.94 * 1024.0, false, "1.94K"),
        ] {
            assert_eq!(quantity(value, whole), text);
        }
    }

    #[test]
    fn durations_choose_their_unit() {
        for (ns, text) in [
            (0, "0ns"),
            (999, "999ns"),
            (4_210, "4.21us"),
            (37_400, "37us"),
            (1_500_000, "1.50ms"),
            (250_000_000, "250ms"),
            (1_200_000_000, "1.20s"),
            (127_000_000_000, "2:07"),
            (3_661_000_000_000, "01:01:01"),
        ] {
            assert_eq!(duration(ns), text);
        }
    }

    #[test]
    fn ordering_is_total_and_puts_missing_values_first() {
        assert_eq!(Cell::None.order(&Cell::Int(-5)), Ordering::Less);
        assert_eq!(Cell::Int(2).order(&Cell::Float(1.5)), Ordering::Greater);
        assert_eq!(
            Cell::Text(b"a"[..].into()).order(&Cell::Int(9)),
            Ordering::Greater
        );
    }
}
