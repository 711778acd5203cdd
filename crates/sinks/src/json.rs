//! Events as JSON, one object per line.

use fields::{Resolved, View};
use filter::{Column, Segment, Template};

use crate::{Error, Output, Sink, Verdict, plain};

/// Prints an object per event with the fields of a template, keys sorted by name.
#[derive(Debug)]
pub struct JsonSink {
    /// Key, already as a JSON string with its colon, and the column.
    columns: Vec<(Vec<u8>, Column<Resolved>)>,
    prints_missing: bool,
    output: Output,
    line: Vec<u8>,
}

impl JsonSink {
    /// A sink that prints to `output`. Widths and texts of the template have no meaning here; a
    /// field that occurs twice is printed once.
    pub fn new(template: &Template<Resolved>, output: Output) -> Self {
        let mut columns: Vec<Column<Resolved>> = template
            .segments()
            .iter()
            .filter_map(|segment| match segment {
                Segment::Field(column) => Some(column.clone()),
                Segment::Text(_) => None,
            })
            .collect();
        columns.sort_by(|a, b| a.name().cmp(b.name()));
        columns.dedup_by(|a, b| a.name() == b.name());
        JsonSink {
            columns: columns
                .into_iter()
                .map(|column| {
                    let mut key = Vec::new();
                    fields::write_json_string(column.name().as_bytes(), &mut key);
                    key.push(b':');
                    (key, column)
                })
                .collect(),
            prints_missing: template.prints_missing(),
            output,
            line: Vec::with_capacity(512),
        }
    }

    /// Where the lines went.
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Puts the object together; false when a value is missing and the template wants all.
    fn render(&mut self, view: &View<'_>) -> bool {
        self.line.clear();
        self.line.push(b'{');
        for (position, (key, column)) in self.columns.iter().enumerate() {
            if position > 0 {
                self.line.push(b',');
            }
            self.line.extend_from_slice(key);
            let present = match column.field() {
                Some(field) => view.write_json(field, &mut self.line),
                None => plain::json(column.value(view), &mut self.line),
            };
            if !present && !self.prints_missing {
                return false;
            }
        }
        self.line.extend_from_slice(b"}\n");
        true
    }
}

impl Sink for JsonSink {
    fn event(&mut self, view: &View<'_>, _verdict: Verdict) -> Result<(), Error> {
        if self.render(view) {
            self.output.line(&self.line)?;
        }
        Ok(())
    }

    fn idle(&mut self) -> Result<(), Error> {
        self.output.flush()
    }

    fn finish(&mut self) -> Result<(), Error> {
        self.output.flush()
    }
}
