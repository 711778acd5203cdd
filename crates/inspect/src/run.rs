//! One run from the first section to the last report.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use capture_format::event::STATE_ONLY;
use capture_format::table::Category;
use capture_format::{Event, Snapshot};
use fields::View;
use sinks::{Sink, Verdict};
use source::{Next, Progress, Source};
use state::{Applied, State};

use crate::{Error, Options, Report, StopReason};

/// How a run is going; given to the caller from time to time.
#[derive(Clone, Copy, Debug)]
pub struct Tick {
    /// Events read.
    pub events: u64,
    /// Position in the input, if it has an end.
    pub progress: Option<Progress>,
}

/// Runs events from a source through state and filter into sinks.
pub struct Inspector<'a> {
    options: Options,
    sinks: Vec<&'a mut dyn Sink>,
    state: State,
    counts: Counts,
    started: Instant,
    from_ns: u64,
    to_ns: u64,
    /// No activity yet in this section, only what was known when it began.
    in_preamble: bool,
    on_tick: Option<Box<dyn FnMut(Tick) -> bool + 'a>>,
}

#[derive(Debug, Default)]
struct Counts {
    events: u64,
    number: u64,
    shown: u64,
    internal: u64,
    gaps: u64,
    sections: u64,
    last_ns: Option<u64>,
}

/// How many events pass between two looks at the clock and the caller's tick.
const TICK_EVENTS: u64 = 1024;

/// Events by which writers tell what they know when a section begins: containers (228, 272, 324),
/// users and groups (354, 358), and the same from plugins (402). Until something else comes they
/// are no activity.
const PREAMBLE: [u16; 6] = [228, 272, 324, 354, 358, 402];

impl<'a> Inspector<'a> {
    /// An inspector without sinks.
    pub fn new(options: Options) -> Self {
        Inspector {
            options,
            sinks: Vec::new(),
            state: State::new(),
            counts: Counts::default(),
            started: Instant::now(),
            from_ns: 0,
            to_ns: u64::MAX,
            in_preamble: true,
            on_tick: None,
        }
    }

    /// Adds a sink; sinks are called in the order in which they were added.
    pub fn add_sink(&mut self, sink: &'a mut dyn Sink) -> &mut Self {
        self.sinks.push(sink);
        self
    }

    /// Calls `tick` every thousand events and whenever the source is idle; the run ends, after
    /// what has been captured already, when it returns `false`.
    pub fn on_tick(&mut self, tick: impl FnMut(Tick) -> bool + 'a) -> &mut Self {
        self.on_tick = Some(Box::new(tick));
        self
    }

    /// Runs until the source ends, a limit is reached or `stop` becomes true.
    ///
    /// The sinks are finished in any case, so that files are complete even after an error.
    ///
    /// # Errors
    /// [`Error::Source`] when the source fails, [`Error::Sink`] when a sink does. A reader of the
    /// output that goes away is no error.
    pub fn run(mut self, source: &mut dyn Source, stop: &AtomicBool) -> Result<Report, Error> {
        self.started = Instant::now();
        let ended = self.pump(source, stop);
        let finished = self.finish_sinks();
        let stopped = match (ended, finished) {
            (Err(Error::Sink(sinks::Error::Closed)), _) | (Ok(_), Err(sinks::Error::Closed)) => {
                StopReason::OutputClosed
            }
            (Err(error), _) => return Err(error),
            (Ok(_), Err(error)) => return Err(error.into()),
            (Ok(reason), Ok(())) => reason,
        };
        Ok(Report {
            events: self.counts.events,
            shown: self.counts.shown,
            internal: self.counts.internal,
            gaps: self.counts.gaps,
            sections: self.counts.sections,
            first_ns: self.options.context.first_event_ns,
            last_ns: self.counts.last_ns,
            elapsed: self.started.elapsed(),
            source: source.stats(),
            state: self.state.counters(),
            damage: source.damage().to_vec(),
            stopped,
        })
    }

    fn pump(&mut self, source: &mut dyn Source, stop: &AtomicBool) -> Result<StopReason, Error> {
        // Once stopping, the source hands out what it has already captured, then ends.
        let mut stopping = None;
        let mut until_tick = TICK_EVENTS;
        loop {
            if stopping.is_none() && stop.load(Ordering::Relaxed) {
                if !source.is_live() {
                    return Ok(StopReason::Interrupted);
                }
                source.stop();
                stopping = Some(StopReason::Interrupted);
            }
            let idle = match source.next()? {
                Next::Section(snapshot) => {
                    self.section(snapshot)?;
                    false
                }
                Next::Event(event) => {
                    if let Some(reason) = self.event(&event)? {
                        return Ok(reason);
                    }
                    false
                }
                Next::Gap(gap) => {
                    self.counts.gaps += gap.events.unwrap_or(0);
                    let gap = sinks::Gap {
                        after_ns: self.counts.last_ns,
                        events: gap.events,
                        cause: gap.cause,
                    };
                    for sink in &mut self.sinks {
                        sink.gap(&gap)?;
                    }
                    false
                }
                Next::Idle => {
                    for sink in &mut self.sinks {
                        sink.idle()?;
                    }
                    true
                }
                Next::End => return Ok(stopping.unwrap_or(StopReason::End)),
            };
            until_tick -= 1;
            if idle || until_tick == 0 {
                until_tick = TICK_EVENTS;
                if stopping.is_none()
                    && let Some(reason) = self.tick(source)
                {
                    source.stop();
                    stopping = Some(reason);
                }
            }
        }
    }

    /// Tells the caller how things are, and whether it is time to end.
    fn tick(&mut self, source: &dyn Source) -> Option<StopReason> {
        let tick = Tick {
            events: self.counts.events,
            progress: source.progress(),
        };
        if let Some(on_tick) = &mut self.on_tick
            && !on_tick(tick)
        {
            return Some(StopReason::Interrupted);
        }
        let up = |limit: Duration| self.started.elapsed() >= limit;
        self.options
            .clock_time
            .is_some_and(up)
            .then_some(StopReason::Time)
    }

    fn section(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        self.counts.sections += 1;
        self.in_preamble = true;
        let without_users;
        let snapshot = if self.options.exclude_users {
            without_users = Snapshot {
                users: Vec::new(),
                groups: Vec::new(),
                ..snapshot.clone()
            };
            &without_users
        } else {
            snapshot
        };
        self.state.load(snapshot);
        for sink in &mut self.sinks {
            sink.section(snapshot)?;
        }
        Ok(())
    }

    /// Takes one event through all steps; says when it was the last one wanted.
    fn event(&mut self, event: &Event<'_>) -> Result<Option<StopReason>, Error> {
        self.counts.events += 1;
        let Some(info) = event.info() else {
            // Unknown events have no number, so that numbers agree with other readers.
            return Ok(None);
        };
        self.in_preamble &= PREAMBLE.contains(&event.ty.0);
        // For the same reason what is known at the beginning has none if sysdig skips it.
        if !self.in_preamble || info.legacy_params.is_some() {
            self.counts.number += 1;
        }
        if self.observe_time(event) {
            return Ok(Some(StopReason::Time));
        }
        for sink in &mut self.sinks {
            sink.upcoming(event, &self.state)?;
        }
        let applied = self.state.apply(event);
        let Some(verdict) = self.judge(event, &applied) else {
            return Ok(None);
        };
        match verdict {
            Verdict::Shown => self.counts.shown += 1,
            Verdict::Internal => self.counts.internal += 1,
            Verdict::StateOnly => {}
        }
        let view = View::new(
            *event,
            self.counts.number,
            &self.state,
            &applied,
            &self.options.context,
        );
        for sink in &mut self.sinks {
            if sink.wants(verdict) {
                sink.event(&view, verdict)?;
            }
        }
        if verdict == Verdict::Shown {
            self.options.context.printed(event.timestamp_ns);
            if Some(self.counts.shown) == self.options.max_events {
                return Ok(Some(StopReason::Count));
            }
        }
        Ok(None)
    }

    /// Keeps the clock of the events; true when the time that they may take is up.
    fn observe_time(&mut self, event: &Event<'_>) -> bool {
        let ns = event.timestamp_ns;
        if ns == 0 || ns == u64::MAX {
            return false;
        }
        let was_known = self.options.context.first_event_ns.is_some();
        self.options.context.observe(event);
        self.counts.last_ns = self.counts.last_ns.max(Some(ns));
        let first = self.options.context.first_event_ns.unwrap_or(ns);
        if !was_known {
            self.from_ns = self.options.from.map_or(0, |b| b.resolve(first));
            self.to_ns = self.options.to.map_or(u64::MAX, |b| b.resolve(first));
        }
        self.options
            .event_time
            .is_some_and(|limit| u128::from(ns.saturating_sub(first)) >= limit.as_nanos())
    }

    /// What to do with an event, or `None` when it shall leave no trace.
    fn judge(&mut self, event: &Event<'_>, applied: &Applied) -> Option<Verdict> {
        if event.block_flags & STATE_ONLY != 0 {
            return Some(Verdict::StateOnly);
        }
        let thread = self.state.event_thread(applied);
        let is_own = match (self.options.own_pid, thread) {
            (Some(own), Some(thread)) => thread.pid == own,
            _ => false,
        };
        if is_own && !self.options.show_internal {
            return None;
        }
        let ns = event.timestamp_ns;
        let in_time = ns >= self.from_ns && ns < self.to_ns;
        let in_numbers = self
            .options
            .numbers
            .is_none_or(|(first, last)| (first..=last).contains(&self.counts.number));
        if !in_time || !in_numbers {
            return Some(Verdict::StateOnly);
        }
        if let Some(family) = &mut self.options.family
            && !thread.is_some_and(|thread| family.admits(event, thread, &self.state))
        {
            return Some(Verdict::StateOnly);
        }
        let internal = self.in_preamble
            || event
                .info()
                .is_some_and(|info| info.category == Category::Internal || info.is_iterator());
        if let Some(filter) = &self.options.filter {
            let view = View::new(
                *event,
                self.counts.number,
                &self.state,
                applied,
                &self.options.context,
            );
            let shown_anyway = internal && self.options.show_internal;
            // The type alone decides most events, without looking at any field.
            let passes = filter
                .decide(event.ty.0)
                .unwrap_or_else(|| filter.matches(&view));
            if !passes && !shown_anyway {
                return Some(Verdict::StateOnly);
            }
        }
        if internal && !self.options.show_internal {
            return Some(Verdict::Internal);
        }
        Some(Verdict::Shown)
    }

    fn finish_sinks(&mut self) -> Result<(), sinks::Error> {
        let mut result = Ok(());
        for sink in &mut self.sinks {
            let finished = sink.finish();
            if result.is_ok() {
                result = finished;
            }
        }
        result
    }
}
