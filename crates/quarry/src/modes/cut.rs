//! `quarry cut`: a part of a capture as a capture of its own.

use std::io::{IsTerminal, stderr};

use inspect::{Inspector, Options};
use sinks::{CaptureSink, ProgressLine};
use source::{FileSource, Source};

use crate::messages::{self, Exit, Failure};
use crate::modes::capture::time_span;
use crate::options::{Cut, Write};
use crate::{plan, signals};

/// Copies the events wanted, and of the others what is needed to understand them.
pub(crate) fn run(cut: Cut) -> Result<Exit, Failure> {
    let inputs = [cut.file.clone()];
    let span = || time_span(&inputs);
    let options = Options {
        filter: plan::filter(&cut.filter, None)?,
        from: plan::bound(cut.from, span)?,
        to: plan::bound(cut.to, span)?,
        numbers: cut.events.map(|range| (range.first, range.last)),
        show_internal: true,
        ..Options::default()
    };
    let recording = plan::recording(&Write::to(cut.out), &inputs)?;
    let mut sink = recording.map(CaptureSink::new).transpose()?;
    let mut source = FileSource::open(inputs)?;
    let stop = signals::stop_flag().map_err(Failure::runtime)?;
    let mut progress = ProgressLine::new(stderr(), true);
    let mut inspector = Inspector::new(options);
    if let Some(sink) = &mut sink {
        inspector.add_sink(sink);
    }
    if stderr().is_terminal() {
        inspector.on_tick(|tick| {
            if let Some(at) = tick.progress {
                progress.update(at.done, at.total, tick.events);
            }
            true
        });
    }
    let report = inspector.run(&mut source, &stop)?;
    let _ = source.stats();
    messages::damage(&report);
    Ok(if report.damage.is_empty() {
        Exit::Success
    } else {
        Exit::Damaged
    })
}
