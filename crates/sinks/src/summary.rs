//! Counts of events by type, printed at the end (`-S`).

use std::collections::HashMap;

use capture_format::{Direction, EventType};
use fields::View;

use crate::{Error, Output, Sink, Verdict};

/// Shape of a [`Summary`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SummaryFormat {
    /// The table that sysdig prints.
    Table,
    /// One JSON object: counts by direction and name.
    Json,
}

/// Counts the events that the user sees.
#[derive(Debug)]
pub struct Summary {
    output: Output,
    format: SummaryFormat,
    counts: HashMap<EventType, u64>,
}

/// Longest table, as sysdig's.
const MAX_ROWS: usize = 100;

impl Summary {
    /// A summary that prints to `output` when the run is over.
    pub fn new(output: Output, format: SummaryFormat) -> Self {
        Summary {
            output,
            format,
            counts: HashMap::new(),
        }
    }

    /// Names with direction and count, most frequent first, then by name.
    fn rows(&self) -> Vec<(char, &'static str, u64)> {
        let mut by_name: HashMap<(char, &'static str), u64> = HashMap::new();
        for (ty, count) in &self.counts {
            let Some(info) = ty.info() else { continue };
            let direction = match ty.direction() {
                Direction::Enter => '>',
                Direction::Exit => '<',
            };
            *by_name.entry((direction, info.name)).or_default() += count;
        }
        let mut rows: Vec<_> = by_name.into_iter().map(|((d, n), c)| (d, n, c)).collect();
        rows.sort_by(|a, b| b.2.cmp(&a.2).then(a.1.cmp(b.1)).then(b.0.cmp(&a.0)));
        rows
    }

    fn table(&self) -> String {
        let rule = "----------------------\n";
        let mut text = format!("{rule}Event           #Calls\n{rule}");
        for (direction, name, count) in self.rows().into_iter().take(MAX_ROWS) {
            let name = format!("{direction} {name}");
            text.push_str(&format!("{name:<16}{count}\n"));
        }
        text
    }

    fn json(&self) -> String {
        let events: Vec<_> = self
            .rows()
            .into_iter()
            .map(|(direction, name, count)| {
                serde_json::json!({"dir": direction.to_string(), "type": name, "count": count})
            })
            .collect();
        format!("{}\n", serde_json::json!({ "summary": events }))
    }
}

impl Sink for Summary {
    fn event(&mut self, view: &View<'_>, _verdict: Verdict) -> Result<(), Error> {
        *self.counts.entry(view.event.ty).or_default() += 1;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Error> {
        let text = match self.format {
            SummaryFormat::Table => self.table(),
            SummaryFormat::Json => self.json(),
        };
        self.output.line(text.as_bytes())?;
        self.output.flush()
    }
}
