//! Counts of events by type, printed at the end (`-S`).

use std::collections::HashMap;

use capture_format::{Direction, EventType};
use fields::{Registry, Resolved, View};
use filter::{Schema, SchemaError};

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
    counts: EventCounts,
}

/// Longest table, as sysdig's.
const MAX_ROWS: usize = 100;

impl Summary {
    /// A summary that prints to `output` when the run is over.
    ///
    /// # Errors
    /// [`Error::Refused`] when the fields have no name for event types.
    pub fn new(output: Output, format: SummaryFormat) -> Result<Self, Error> {
        Ok(Summary {
            output,
            format,
            counts: EventCounts::new()?,
        })
    }

    fn rows(&self) -> Vec<(char, String, u64)> {
        self.counts.rows()
    }

    fn table(&self) -> String {
        let rule = "----------------------\n";
        let mut text = format!("{rule}Event           #Calls\n{rule}");
        for (direction, name, count) in self.rows().into_iter().take(MAX_ROWS) {
            text.push_str(&format!("{direction} {name:<16}{count}\n"));
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
        self.counts.add(view);
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

/// How many events of each name there were.
#[derive(Debug)]
pub struct EventCounts {
    name: Resolved,
    /// Types that have a name of their own.
    by_type: HashMap<EventType, u64>,
    /// Calls without a type of their own, by direction and name.
    generic: HashMap<(char, Vec<u8>), u64>,
}

/// The two types that stand for every call without a type of its own.
const LAST_GENERIC: EventType = EventType(1);

impl EventCounts {
    /// Nothing counted.
    ///
    /// # Errors
    /// [`Error::Refused`] when the fields have no name for event types.
    pub fn new() -> Result<Self, Error> {
        let (name, _) = Registry
            .resolve("evt.type", None)
            .map_err(|error: SchemaError| Error::Refused(error.message))?;
        Ok(EventCounts {
            name,
            by_type: HashMap::new(),
            generic: HashMap::new(),
        })
    }

    /// Counts an event.
    pub fn add(&mut self, view: &View<'_>) {
        let ty = view.event.ty;
        if ty > LAST_GENERIC {
            *self.by_type.entry(ty).or_default() += 1;
            return;
        }
        let mut name = Vec::new();
        view.write_text(&self.name, &mut name);
        *self.generic.entry((arrow(ty), name)).or_default() += 1;
    }

    /// Direction, name and count, most frequent first, then by name.
    pub fn rows(&self) -> Vec<(char, String, u64)> {
        let mut rows: HashMap<(char, String), u64> = HashMap::new();
        for (&ty, count) in &self.by_type {
            if let Some(info) = ty.info() {
                *rows.entry((arrow(ty), info.name.to_owned())).or_default() += count;
            }
        }
        for ((direction, name), count) in &self.generic {
            let name = String::from_utf8_lossy(name).into_owned();
            *rows.entry((*direction, name)).or_default() += count;
        }
        let mut rows: Vec<_> = rows.into_iter().map(|((d, n), c)| (d, n, c)).collect();
        rows.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| (&a.1, b.0).cmp(&(&b.1, a.0))));
        rows
    }
}

fn arrow(ty: EventType) -> char {
    match ty.direction() {
        Direction::Enter => '>',
        Direction::Exit => '<',
    }
}
