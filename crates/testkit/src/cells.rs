//! Fields of many events as a table: printed by a `-p` format with separators that no field
//! contains, read back as rows and cells.

use std::collections::HashMap;

/// Between cells. Control characters appear in no rendered payload, and in no sensible name.
const CELL: char = '\u{1f}';
/// Before the line end that closes a row, so that values may contain line ends.
const ROW: char = '\u{1e}';

/// Columns that identify an event in whatever tool prints it: its time, direction and type. Event
/// numbers do not: tools differ in which events they number.
const KEY: [&str; 3] = ["evt.rawtime", "evt.dir", "evt.type"];

/// The format that prints the key columns and then `fields` for every event.
pub fn format(fields: &[String]) -> String {
    let mut format = String::from("*");
    for (index, field) in KEY
        .iter()
        .copied()
        .chain(fields.iter().map(String::as_str))
        .enumerate()
    {
        if index > 0 {
            format.push(CELL);
        }
        format.push('%');
        format.push_str(field);
    }
    format.push(ROW);
    format
}

/// One event: which it is, and its cells in the order of the fields.
#[derive(Clone, Debug)]
pub struct Row {
    /// Time, direction and type, and how many events before had the same three.
    pub key: (String, usize),
    /// The event's type as printed.
    pub event_type: String,
    /// One cell per field.
    pub cells: Vec<String>,
}

/// Reads back what a format of [`format()`] printed.
///
/// # Panics
/// When a row has another number of cells than `fields`: the tool did not take the format.
pub fn parse(output: &[u8], fields: usize) -> Vec<Row> {
    let text = String::from_utf8_lossy(output);
    let mut seen: HashMap<String, usize> = HashMap::new();
    text.split_terminator(&format!("{ROW}\n"))
        .map(|line| {
            let mut cells: Vec<String> = line.split(CELL).map(str::to_owned).collect();
            assert_eq!(cells.len(), fields + KEY.len(), "cells in `{line}`");
            let values = cells.split_off(KEY.len());
            let event_type = cells[2].clone();
            let key = cells.join(" ");
            let repeats = seen.entry(key.clone()).or_insert(0);
            *repeats += 1;
            Row {
                key: (key, *repeats),
                event_type,
                cells: values,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_format_prints_is_read_back() {
        assert_eq!(
            format(&["fd.name".to_owned()]),
            "*%evt.rawtime\u{1f}%evt.dir\u{1f}%evt.type\u{1f}%fd.name\u{1e}"
        );
        let rows = parse(b"1\x1f>\x1fopen\x1fa\nb\x1e\n1\x1f>\x1fopen\x1f\x1e\n", 1);
        assert_eq!(rows[0].cells, ["a\nb"]);
        assert_eq!(rows[1].cells, [""]);
        assert_eq!(rows[0].key, ("1 > open".to_owned(), 1));
        assert_eq!(rows[1].key, ("1 > open".to_owned(), 2));
    }
}
