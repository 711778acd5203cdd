//! From events to rows: one sample of a view.

use std::collections::HashMap;

use fields::Resolved;
use filter::{Extract, Value};

use crate::accumulate::Accumulator;
use crate::cell::Cell;
use crate::definition::Kind;
use crate::view::{Column, Default, View};

/// Rows of a list kept at most; older ones go, and are counted.
pub const LIST_ROWS: usize = 100_000;

/// Collects events into the rows of one sample.
///
/// Feed it every event with [`Sampler::observe`], then every thread with
/// [`Sampler::observe_thread`] (so that idle entities show), then take the [`Table`].
#[derive(Debug)]
pub struct Sampler {
    rows: HashMap<Box<[u8]>, Row>,
    list: std::collections::VecDeque<ListRow>,
    dropped_rows: u64,
    arrivals: u64,
    first_ns: Option<u64>,
    last_ns: u64,
    scratch: Vec<u8>,
}

#[derive(Debug)]
struct Row {
    key: Cell,
    group: Option<Cell>,
    cells: Vec<Accumulator>,
}

#[derive(Debug)]
struct ListRow {
    number: u64,
    cells: Vec<Cell>,
}

/// A finished sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Rows, unsorted for tables, in order of arrival for lists.
    pub rows: Vec<TableRow>,
    /// Seconds of event time that the sample covers.
    pub seconds: f64,
    /// List rows that had to go because there were too many.
    pub dropped_rows: u64,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Value that a drill-down filters by; for lists the arrival number.
    pub key: Cell,
    /// One cell per column.
    pub cells: Vec<Cell>,
}

impl std::default::Default for Sampler {
    fn default() -> Self {
        Self::new()
    }
}

impl Sampler {
    /// An empty sample.
    pub fn new() -> Self {
        Sampler {
            rows: HashMap::new(),
            list: std::collections::VecDeque::new(),
            dropped_rows: 0,
            arrivals: 0,
            first_ns: None,
            last_ns: 0,
            scratch: Vec::new(),
        }
    }

    /// Advances the sample's clock; call it for every event, whether the view counts it or not.
    pub fn tick(&mut self, timestamp_ns: u64) {
        // Old container events carry no time; they must not stretch the span to the epoch.
        if timestamp_ns == 0 || timestamp_ns == u64::MAX {
            return;
        }
        self.first_ns.get_or_insert(timestamp_ns);
        self.last_ns = self.last_ns.max(timestamp_ns);
    }

    /// Takes an event in if the view's filter lets it through; says whether it did.
    pub fn observe<E: Extract<Resolved> + ?Sized>(&mut self, view: &View, event: &E) -> bool {
        if view
            .filter
            .as_ref()
            .is_some_and(|filter| !filter.matches(event))
        {
            return false;
        }
        if view.kind == Kind::List {
            self.append(view, event)
        } else {
            self.aggregate(view, event, true)
        }
    }

    /// Folds a thread of the process table in: it gets a row with zero counters if it has none.
    pub fn observe_thread<E: Extract<Resolved> + ?Sized>(
        &mut self,
        view: &View,
        thread: &E,
    ) -> bool {
        if view.kind == Kind::List
            || view
                .filter
                .as_ref()
                .is_some_and(|filter| !filter.matches(thread))
        {
            return false;
        }
        self.aggregate(view, thread, false)
    }

    fn append<E: Extract<Resolved> + ?Sized>(&mut self, view: &View, event: &E) -> bool {
        let mut cells = Vec::with_capacity(view.columns.len());
        for column in &view.columns {
            match value_of(column, event) {
                Some(value) => cells.push(Cell::from_value(&value)),
                None if view.use_defaults => cells.push(Cell::None),
                None => return false,
            }
        }
        if self.list.len() == LIST_ROWS {
            self.list.pop_front();
            self.dropped_rows += 1;
        }
        self.arrivals += 1;
        self.list.push_back(ListRow {
            number: self.arrivals,
            cells,
        });
        true
    }

    fn aggregate<E: Extract<Resolved> + ?Sized>(
        &mut self,
        view: &View,
        event: &E,
        counts: bool,
    ) -> bool {
        let Some(key) = view.key.as_ref().and_then(|key| event.extract(key)) else {
            return false;
        };
        let mut values: Vec<Option<Value<'_>>> = Vec::with_capacity(view.columns.len());
        for column in &view.columns {
            let applies = column
                .condition
                .as_ref()
                .is_none_or(|condition| counts && condition.matches(event));
            let value = if applies {
                event.extract(&column.field)
            } else {
                None
            };
            let missing = applies && value.is_none();
            if missing && (!view.use_defaults || column.default == Default::None) {
                return false;
            }
            values.push(value);
        }
        let group = match &view.group_by {
            None => None,
            Some(field) => match event.extract(field) {
                Some(value) => Some(Cell::from_value(&value)),
                None => return false,
            },
        };
        encode(&key, &mut self.scratch);
        if !self.rows.contains_key(self.scratch.as_slice()) {
            let cells = view
                .columns
                .iter()
                .map(|column| Accumulator::new(column.aggregate))
                .collect();
            let row = Row {
                key: Cell::from_value(&key),
                group,
                cells,
            };
            self.rows.insert(self.scratch.as_slice().into(), row);
        }
        let Some(row) = self.rows.get_mut(self.scratch.as_slice()) else {
            return false;
        };
        for ((accumulator, column), value) in row.cells.iter_mut().zip(&view.columns).zip(&values) {
            match value {
                Some(value) => accumulator.add(value),
                // Text columns start empty, so that a row without a value sorts and prints as such.
                None if column.default == Default::EmptyText => accumulator.add(&Value::text("")),
                None => {}
            }
        }
        true
    }

    /// Seconds of event time so far.
    pub fn seconds(&self) -> f64 {
        self.first_ns.map_or(0.0, |first| {
            (self.last_ns.saturating_sub(first)) as f64 / 1e9
        })
    }

    /// Finishes the sample. `seconds` overrides the span of the events, for live intervals whose
    /// edges are known better than by the first and last event.
    pub fn finish(&self, view: &View, seconds: Option<f64>) -> Table {
        let seconds = seconds.unwrap_or_else(|| self.seconds());
        let rows = match (view.kind, &view.group_by) {
            (Kind::List, _) => self
                .list
                .iter()
                .map(|row| TableRow {
                    key: Cell::Int(i128::from(row.number)),
                    cells: row.cells.clone(),
                })
                .collect(),
            (_, None) => self
                .rows
                .values()
                .map(|row| TableRow {
                    key: row.key.clone(),
                    cells: finish(&row.cells, view, seconds),
                })
                .collect(),
            (_, Some(_)) => self.grouped(view, seconds),
        };
        Table {
            rows,
            seconds,
            dropped_rows: self.dropped_rows,
        }
    }

    fn grouped(&self, view: &View, seconds: f64) -> Vec<TableRow> {
        // Rows are merged in key order, so that columns which keep the first value do not depend
        // on the hash.
        let mut rows: Vec<&Row> = self.rows.values().collect();
        rows.sort_by(|a, b| a.key.order(&b.key));
        let mut groups: HashMap<String, (Cell, Vec<Accumulator>)> = HashMap::new();
        for row in rows {
            let Some(group) = &row.group else { continue };
            let (_, cells) = groups.entry(group.to_text()).or_insert_with(|| {
                let cells = view
                    .columns
                    .iter()
                    .map(|column| Accumulator::new(column.group_aggregate))
                    .collect();
                (group.clone(), cells)
            });
            for (merged, cell) in cells.iter_mut().zip(&row.cells) {
                merged.merge_row(cell, seconds);
            }
        }
        groups
            .into_values()
            .map(|(key, cells)| TableRow {
                key,
                cells: finish(&cells, view, seconds),
            })
            .collect()
    }
}

impl Table {
    /// Sorts by a column; equal rows stand in key order, so that they do not jump.
    pub fn sort(&mut self, column: usize, ascending: bool) {
        self.rows.sort_by(|a, b| {
            let cells = a.cells.get(column).zip(b.cells.get(column));
            let order = cells.map_or(std::cmp::Ordering::Equal, |(a, b)| a.order(b));
            let order = if ascending { order } else { order.reverse() };
            order.then_with(|| a.key.order(&b.key))
        });
    }
}

fn value_of<'v, E: Extract<Resolved> + ?Sized>(
    column: &'v Column,
    event: &'v E,
) -> Option<Value<'v>> {
    if column
        .condition
        .as_ref()
        .is_some_and(|condition| !condition.matches(event))
    {
        return None;
    }
    event.extract(&column.field)
}

fn finish(cells: &[Accumulator], view: &View, seconds: f64) -> Vec<Cell> {
    cells
        .iter()
        .zip(&view.columns)
        .map(|(accumulator, column)| match accumulator.finish(seconds) {
            Cell::None if view.use_defaults && column.default == Default::Zero => Cell::Int(0),
            cell => cell,
        })
        .collect()
}

/// Bytes that are equal exactly when the values are.
fn encode(value: &Value<'_>, out: &mut Vec<u8>) {
    out.clear();
    match value {
        Value::I64(number) => {
            out.push(1);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::U64(number) => {
            out.push(2);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::Text(bytes) | Value::Bytes(bytes) => {
            out.push(3);
            out.extend_from_slice(bytes);
        }
        other => {
            out.push(4);
            out.extend_from_slice(Cell::from_value(other).to_text().as_bytes());
        }
    }
}
