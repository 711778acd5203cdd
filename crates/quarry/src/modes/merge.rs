//! `quarry merge`: several captures in one file.

use std::sync::atomic::AtomicBool;

use inspect::{Inspector, Options};
use sinks::CaptureSink;
use source::FileSource;

use crate::messages::{self, Exit, Failure};
use crate::modes::capture::time_span;
use crate::options::{Merge, Write};
use crate::{plan, signals};

/// Writes the captures one section after another, the one that begins first in front.
///
/// A section has one list of threads and descriptors, so events of different captures cannot be
/// mixed by time without mixing up what they mean.
pub(crate) fn run(merge: Merge) -> Result<Exit, Failure> {
    let mut files = Vec::new();
    for path in merge.files {
        let (first, _) = time_span(std::slice::from_ref(&path))?;
        files.push((first, path));
    }
    files.sort_by_key(|(first, _)| *first);
    let files: Vec<_> = files.into_iter().map(|(_, path)| path).collect();
    let recording = plan::recording(&Write::to(merge.out), &files)?;
    let mut sink = recording.map(CaptureSink::new).transpose()?;
    let mut source = FileSource::open(files)?;
    let stop: std::sync::Arc<AtomicBool> = signals::stop_flag().map_err(Failure::runtime)?;
    let mut inspector = Inspector::new(Options {
        show_internal: true,
        ..Options::default()
    });
    if let Some(sink) = &mut sink {
        inspector.add_sink(sink);
    }
    let report = inspector.run(&mut source, &stop)?;
    messages::damage(&report);
    Ok(if report.damage.is_empty() {
        Exit::Success
    } else {
        Exit::Damaged
    })
}
