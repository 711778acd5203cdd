//! Events as lines of text.

use fields::{Payload, Resolved, View};
use filter::{Segment, Template};

use crate::sanitize::sanitize_into;
use crate::{Error, Gap, Output, Sink, Verdict, plain};

/// Prints a line per event after a template.
#[derive(Debug)]
pub struct TextSink {
    template: Template<Resolved>,
    output: Output,
    sanitize: bool,
    line: Vec<u8>,
    value: Vec<u8>,
}

impl TextSink {
    /// A sink that prints to `output`; on a terminal, values are made harmless.
    pub fn new(template: Template<Resolved>, output: Output) -> Self {
        TextSink {
            template,
            sanitize: output.is_terminal(),
            output,
            line: Vec::with_capacity(512),
            value: Vec::with_capacity(128),
        }
    }

    /// Makes values harmless whatever the output is.
    pub fn set_sanitize(&mut self, sanitize: bool) {
        self.sanitize = sanitize;
    }

    /// Where the lines went.
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Puts the line together; false when a value is missing and the template wants all.
    fn render(&mut self, view: &View<'_>) -> bool {
        self.line.clear();
        // These renderings are made of lines; everywhere else a line break is an attack.
        let layout = matches!(
            view.context.payload,
            Payload::Ascii | Payload::Hex | Payload::HexAscii
        );
        for segment in self.template.segments() {
            let column = match segment {
                Segment::Text(text) => {
                    self.line.extend_from_slice(text);
                    continue;
                }
                Segment::Field(column) => column,
            };
            self.value.clear();
            let present = match column.field() {
                Some(field) => view.write_text(field, &mut self.value),
                None => plain::text(column.value(view), &mut self.value),
            };
            if !present {
                if !self.template.prints_missing() {
                    return false;
                }
                self.value.extend_from_slice(filter::NO_VALUE);
            }
            column.fit(&mut self.value, 0);
            if self.sanitize {
                sanitize_into(&mut self.line, &self.value, layout);
            } else {
                self.line.extend_from_slice(&self.value);
            }
        }
        self.line.push(b'\n');
        true
    }
}

impl Sink for TextSink {
    fn event(&mut self, view: &View<'_>, _verdict: Verdict) -> Result<(), Error> {
        if self.render(view) {
            self.output.line(&self.line)?;
        }
        Ok(())
    }

    /// People see where events are missing; in a pipe lines stay events, and the capture and the
    /// closing statistics have the numbers.
    fn gap(&mut self, gap: &Gap<'_>) -> Result<(), Error> {
        if self.output.is_terminal() {
            self.output.line(format!("-- {gap} --\n").as_bytes())?;
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
