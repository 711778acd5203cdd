//! The main mode: events from this machine or from files to the screen or a capture.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use inspect::{Inspector, Options, Report, StopReason, Tick};
use sinks::{
    CaptureSink, Flush, JsonSink, Output as Stream, OutputTarget, ProgressLine, Sink, Summary,
    SummaryFormat, TextSink,
};
use source::{FileSource, Source};

use crate::formats::{self, Place};
use crate::messages::{self, Exit, Failure, say};
use crate::options::{Common, Output};
use crate::{plan, signals, statistics};

/// Runs with the options as typed.
pub(crate) fn run(common: Common, words: &[String]) -> Result<Exit, Failure> {
    if common.output.format.as_deref() == Some("p") {
        let mut out = Stream::open(OutputTarget::Stdout)?;
        out.line(format!("{}\n", formats::DEFAULT).as_bytes())?;
        out.flush()?;
        return Ok(Exit::Success);
    }
    let job = Job::prepare(common, words)?;
    // Signals count from here on, so that an interruption while the probe loads is not missed.
    let stop = signals::stop_flag().map_err(Failure::runtime)?;
    let source = job.source()?;
    if source.is_live() && job.common.output.stats {
        // For scripts that must not start what they watch too early.
        say("capturing");
    }
    job.run(source, &stop, |_| true).map(|(exit, _)| exit)
}

/// Everything that was asked for, checked.
pub(crate) struct Job {
    pub(crate) common: Common,
    pub(crate) options: Options,
    sinks: Sinks,
    /// What went wrong with container engines.
    #[cfg(feature = "live")]
    engines: Arc<enrich::Health>,
}

/// The sinks in use.
struct Sinks {
    events: Option<Box<dyn Sink>>,
    capture: Option<CaptureSink>,
    summary: Option<Summary>,
}

impl Job {
    /// Checks all options before anything is opened or loaded: a mistake costs no time.
    pub(crate) fn prepare(common: Common, words: &[String]) -> Result<Job, Failure> {
        let live = common.input.read.is_empty();
        check_combinations(&common, live)?;
        let filter = plan::filter(words, common.select.filter_file.as_deref())?;
        let mut options = plan::inspection(&common.select, live);
        options.context = plan::context(&common.output);
        if let Some(filter) = &filter {
            options.context.host_names = plan::host_names(filter);
        }
        let recording = plan::recording(&common.write, &common.input.read)?;
        let sinks = Sinks {
            events: events_sink(&common.output, recording.is_some())?,
            capture: recording.map(CaptureSink::new).transpose()?,
            summary: summary(&common.output)?,
        };
        if !live {
            let span = || time_span(&common.input.read);
            options.from = plan::bound(common.select.from, span)?;
            options.to = plan::bound(common.select.to, span)?;
        } else if !common.select.internal {
            let own = source::snapshot::own_pid(&source::snapshot::Options::default());
            options.own_pid = Some(i64::from(own));
        }
        options.exclude_users = common.input.exclude_users;
        options.filter = filter;
        Ok(Job {
            common,
            options,
            sinks,
            #[cfg(feature = "live")]
            engines: Arc::default(),
        })
    }

    /// Opens the files, or starts capturing.
    pub(crate) fn source(&self) -> Result<Box<dyn Source>, Failure> {
        if self.common.input.read.is_empty() {
            self.live_source()
        } else {
            let files = self.common.input.read.iter().cloned();
            Ok(Box::new(FileSource::open(files)?))
        }
    }

    #[cfg(feature = "live")]
    fn live_source(&self) -> Result<Box<dyn Source>, Failure> {
        use inspect::CapturePlan;
        use source::{LiveOptions, LiveSource, snapshot};
        let input = &self.common.input;
        let wanted = CapturePlan::derive(self.options.filter.as_ref());
        let mut machine = snapshot::Options {
            users: !input.exclude_users,
            ..snapshot::Options::default()
        };
        if input.large_environment {
            machine.env_limit_bytes = usize::MAX;
        }
        let options = LiveOptions {
            snaplen_bytes: input.snaplen,
            ring_bytes_per_cpu: (input.buffer as usize) << 20,
            suppressed_comms: input.suppress_comm.clone(),
            enters: wanted.enters,
            page_faults: wanted.page_faults || input.page_faults,
            context_switches: wanted.context_switches || input.context_switches,
            include_self: self.common.select.internal,
            snapshot: machine,
        };
        // Engines tell of their containers while the probe loads.
        let metadata = crate::metadata::Metadata::start(
            &self.common.containers,
            !input.exclude_users,
            &self.engines,
        )?;
        let source: Box<dyn Source> = Box::new(LiveSource::start(&options)?);
        Ok(match metadata {
            Some(metadata) => metadata.join(source),
            None => source,
        })
    }

    #[cfg(not(feature = "live"))]
    fn live_source(&self) -> Result<Box<dyn Source>, Failure> {
        Err(Failure::privilege(
            "this build reads captures only: live capture was left out when it was built\n  to read \
             a capture: quarry -r FILE; to capture, build with the feature `live`",
        ))
    }

    /// Runs to the end and prints the reports. `go_on` is asked from time to time.
    pub(crate) fn run(
        self,
        mut source: Box<dyn Source>,
        stop: &Arc<AtomicBool>,
        mut go_on: impl FnMut(Tick) -> bool,
    ) -> Result<(Exit, Report), Failure> {
        let Job {
            common,
            options,
            mut sinks,
            #[cfg(feature = "live")]
            engines,
        } = self;
        let mut progress =
            show_progress(&common).then(|| ProgressLine::new(stderr(), stderr().is_terminal()));
        let mut inspector = Inspector::new(options);
        if let Some(sink) = &mut sinks.events {
            inspector.add_sink(sink.as_mut());
        }
        if let Some(sink) = &mut sinks.capture {
            inspector.add_sink(sink);
        }
        if let Some(sink) = &mut sinks.summary {
            inspector.add_sink(sink);
        }
        inspector.on_tick(|tick| {
            if let (Some(line), Some(at)) = (&mut progress, tick.progress) {
                line.update(at.done, at.total, tick.events);
            }
            go_on(tick)
        });
        let report = inspector.run(source.as_mut(), stop)?;
        if let Some(line) = &mut progress
            && report.stopped != StopReason::OutputClosed
        {
            line.finish(report.events);
        }
        let exit = conclude(&common, &report, source.is_live());
        #[cfg(feature = "live")]
        if report.stopped != StopReason::OutputClosed {
            crate::metadata::warn(&engines);
        }
        Ok((exit, report))
    }
}

/// Options that contradict each other or have no meaning together.
fn check_combinations(common: &Common, live: bool) -> Result<(), Failure> {
    let input = &common.input;
    if live {
        let machine = source::snapshot::Options::default();
        if let Some(gone) = common
            .select
            .pid
            .iter()
            .find(|&&pid| !source::snapshot::has_process(&machine, pid))
        {
            return Err(Failure::runtime(format!("--pid {gone}: no such process")));
        }
        for (given, name) in [
            (common.select.from.is_some(), "--from"),
            (common.select.to.is_some(), "--to"),
            (common.output.progress, "-P"),
        ] {
            if given {
                return Err(Failure::usage(format!(
                    "{name}: works on captures only\n  add -r FILE"
                )));
            }
        }
        if input.suppress_comm.len() > 32 {
            return Err(Failure::usage(format!(
                "-U: expected up to 32 command names, found {}",
                input.suppress_comm.len()
            )));
        }
        return Ok(());
    }
    for (given, name) in [
        (input.snaplen != 80, "-s"),
        (input.page_faults, "--page-faults"),
        (input.context_switches, "--context-switches"),
        (!input.suppress_comm.is_empty(), "-U"),
        (input.buffer != 8, "--buffer"),
    ] {
        if given {
            say(format!(
                "note: {name} has no effect with -r: a capture holds what was recorded"
            ));
        }
    }
    Ok(())
}

/// The sink that shows events, unless nothing shall be shown.
fn events_sink(output: &Output, recording: bool) -> Result<Option<Box<dyn Sink>>, Failure> {
    let mut stream = Stream::open(OutputTarget::Stdout)?;
    let place = Place {
        json: output.json,
        terminal: stream.is_terminal(),
        color: plan::color(output.color),
    };
    // The format is checked even when nothing is printed: it is a mistake all the same.
    let template = formats::compile(output.format.as_deref(), place)?;
    if output.quiet || recording {
        return Ok(None);
    }
    if output.unbuffered {
        stream.set_flush(Flush::EachLine);
    }
    Ok(Some(if output.json {
        Box::new(JsonSink::new(&template, stream))
    } else {
        Box::new(TextSink::new(template, stream))
    }))
}

fn summary(output: &Output) -> Result<Option<Summary>, Failure> {
    if !output.summary {
        return Ok(None);
    }
    let format = if output.json {
        SummaryFormat::Json
    } else {
        SummaryFormat::Table
    };
    let stream = Stream::open(OutputTarget::Stdout)?;
    Ok(Some(Summary::new(stream, format)?))
}

/// Progress is shown on demand, and by itself to people who wait for a file to be rewritten.
fn show_progress(common: &Common) -> bool {
    let rewriting = !common.input.read.is_empty() && common.write.write.is_some();
    common.output.progress || (rewriting && stderr().is_terminal())
}

/// First and last time in the captures, found by reading them through.
pub(crate) fn time_span(files: &[PathBuf]) -> Result<(u64, u64), Failure> {
    if files.iter().any(|file| file.as_os_str() == "-") {
        return Err(Failure::usage(
            "--from, --to: times of the day and before the end need a file that can be read twice\n  \
             expected +TIME (after the start) or a full date with standard input",
        ));
    }
    let mut source = FileSource::open(files.iter().cloned())?;
    let report = Inspector::new(Options::default())
        .run(&mut source, &AtomicBool::new(false))
        .map_err(Failure::from)?;
    Ok((report.first_ns.unwrap_or(0), report.last_ns.unwrap_or(0)))
}

/// Says what was lost, prints statistics, and finds the exit status.
fn conclude(common: &Common, report: &Report, live: bool) -> Exit {
    if report.stopped == StopReason::OutputClosed {
        return Exit::Success;
    }
    if common.output.stats || common.output.verbose {
        statistics::print(report, live);
    }
    messages::losses(report);
    messages::damage(report);
    if report.damage.is_empty() {
        Exit::Success
    } else {
        Exit::Damaged
    }
}
