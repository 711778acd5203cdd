//! Whole runs over events made here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use capture_format::event::STATE_ONLY;
use capture_format::{EventBuf, EventBuilder, EventType, Snapshot, ThreadEntry};
use fields::{Registry, View};
use filter::Filter;
use inspect::{Family, Inspector, Options, Report, StopReason};
use sinks::{Error, Gap, Sink, Verdict};
use source::MemorySource;

const START_NS: u64 = 1_000_000_000;
const CHDIR_EXIT: u16 = 95;
const CLONE_EXIT: u16 = 223;
const CONTAINER: u16 = 272;
const PROCINFO: u16 = 234;
const UNKNOWN: u16 = 9_999;

/// Notes what it is given.
#[derive(Default)]
struct Notes {
    seen: Vec<(u64, Verdict)>,
    gaps: Vec<Option<u64>>,
    sections: usize,
    idle: usize,
    finished: usize,
    /// After so many events nobody reads any more.
    closes_after: Option<usize>,
}

impl Notes {
    fn numbers(&self, verdict: Verdict) -> Vec<u64> {
        let of = |(number, v): &(u64, Verdict)| (*v == verdict).then_some(*number);
        self.seen.iter().filter_map(of).collect()
    }
}

impl Sink for Notes {
    fn section(&mut self, _: &Snapshot) -> Result<(), Error> {
        self.sections += 1;
        Ok(())
    }

    fn wants(&self, _: Verdict) -> bool {
        true
    }

    fn event(&mut self, view: &View<'_>, verdict: Verdict) -> Result<(), Error> {
        if Some(self.seen.len()) == self.closes_after {
            return Err(Error::Closed);
        }
        self.seen.push((view.number, verdict));
        Ok(())
    }

    fn gap(&mut self, gap: &Gap<'_>) -> Result<(), Error> {
        self.gaps.push(gap.events);
        Ok(())
    }

    fn idle(&mut self) -> Result<(), Error> {
        self.idle += 1;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Error> {
        self.finished += 1;
        Ok(())
    }
}

/// Threads 10 and 20, the second a child of the first, and 30 of its own.
fn machine() -> Snapshot {
    let thread = |tid, ptid| ThreadEntry {
        tid,
        pid: tid,
        ptid,
        comm: b"x".to_vec(),
        ..ThreadEntry::default()
    };
    Snapshot {
        threads: vec![thread(10, 1), thread(20, 10), thread(30, 1)],
        ..Snapshot::default()
    }
}

fn event(ty: u16, ms: u64, tid: i64) -> EventBuf {
    EventBuilder::new(EventType(ty), START_NS + ms * 1_000_000, tid)
        .i64(0)
        .text("/")
        .build()
}

/// One event per thread id, a millisecond apart.
fn chdirs(tids: &[i64]) -> MemorySource {
    let mut source = MemorySource::new(machine());
    source.events(
        tids.iter()
            .zip(1..)
            .map(|(&tid, ms)| event(CHDIR_EXIT, ms, tid)),
    );
    source
}

fn run(options: Options, source: &mut MemorySource) -> (Notes, Report) {
    let mut notes = Notes::default();
    let mut inspector = Inspector::new(options);
    inspector.add_sink(&mut notes);
    let report = inspector
        .run(source, &AtomicBool::new(false))
        .expect("the run succeeds");
    (notes, report)
}

#[test]
fn everything_passes_without_options() {
    let (notes, report) = run(Options::default(), &mut chdirs(&[10, 20, 30]));
    assert_eq!(notes.numbers(Verdict::Shown), [1, 2, 3]);
    assert_eq!((notes.sections, notes.finished), (1, 1));
    assert_eq!((report.events, report.shown), (3, 3));
    assert_eq!(report.first_ns, Some(START_NS + 1_000_000));
    assert_eq!(report.last_ns, Some(START_NS + 3_000_000));
    assert_eq!(report.stopped, StopReason::End);
}

#[test]
fn what_the_filter_rejects_is_for_the_state_only() {
    let filter = Filter::compile("thread.tid=20", &Registry).unwrap().filter;
    let options = Options {
        filter: Some(filter),
        ..Options::default()
    };
    let (notes, _) = run(options, &mut chdirs(&[10, 20, 30]));
    assert_eq!(notes.numbers(Verdict::Shown), [2]);
    assert_eq!(notes.numbers(Verdict::StateOnly), [1, 3]);
}

#[test]
fn unknown_events_have_no_number_and_marked_ones_are_hidden() {
    let mut marked = event(CHDIR_EXIT, 2, 10);
    marked.block_flags |= STATE_ONLY;
    let mut source = MemorySource::new(machine());
    source.events([event(UNKNOWN, 1, 10), marked, event(CHDIR_EXIT, 3, 10)]);
    let (notes, report) = run(Options::default(), &mut source);
    assert_eq!(notes.numbers(Verdict::StateOnly), [1]);
    assert_eq!(notes.numbers(Verdict::Shown), [2]);
    assert_eq!(report.events, 3);
}

#[test]
fn what_is_known_at_the_beginning_is_no_activity() {
    let container = |ms| {
        EventBuilder::new(EventType(CONTAINER), START_NS + ms, -1)
            .text("{\"container\":{\"id\":\"a\"}}")
            .build()
    };
    let mut source = MemorySource::new(machine());
    source.events([
        container(0),
        event(PROCINFO, 1, 10),
        event(CHDIR_EXIT, 2, 10),
        container(3),
    ]);
    let (notes, report) = run(Options::default(), &mut source);
    assert_eq!(notes.numbers(Verdict::Internal), [1, 2]);
    assert_eq!(notes.numbers(Verdict::Shown), [3, 4]);
    assert_eq!(report.internal, 2);
}

#[test]
fn its_own_process_leaves_no_trace() {
    let options = || Options {
        own_pid: Some(20),
        ..Options::default()
    };
    let (notes, _) = run(options(), &mut chdirs(&[10, 20, 30]));
    assert_eq!(notes.seen, [(1, Verdict::Shown), (3, Verdict::Shown)]);
    let debugging = Options {
        show_internal: true,
        ..options()
    };
    let (notes, _) = run(debugging, &mut chdirs(&[10, 20, 30]));
    assert_eq!(notes.numbers(Verdict::Shown), [1, 2, 3]);
}

#[test]
fn a_family_has_the_children_it_had_and_those_it_gets() {
    let mut source = chdirs(&[10, 20, 30]);
    // Process 30 is a stranger; 10 makes 40, which is first seen when 10 has ended.
    source.event(
        EventBuilder::new(EventType(CLONE_EXIT), START_NS + 10_000_000, 10)
            .i64(40)
            .build(),
    );
    source.event(event(CHDIR_EXIT, 11, 40));
    source.event(event(CHDIR_EXIT, 12, 30));
    let options = Options {
        family: Some(Family::new([10])),
        ..Options::default()
    };
    let (notes, _) = run(options, &mut source);
    assert_eq!(notes.numbers(Verdict::Shown), [1, 2, 4, 5]);
}

#[test]
fn limits_end_the_run() {
    let count = Options {
        max_events: Some(2),
        ..Options::default()
    };
    let (notes, report) = run(count, &mut chdirs(&[10, 20, 30]));
    assert_eq!(notes.seen.len(), 2);
    assert_eq!(report.stopped, StopReason::Count);
    let time = Options {
        event_time: Some(Duration::from_millis(2)),
        ..Options::default()
    };
    let (notes, report) = run(time, &mut chdirs(&[10, 20, 30, 10]));
    assert_eq!(notes.seen.len(), 2);
    assert_eq!(report.stopped, StopReason::Time);
    let clock = Options {
        clock_time: Some(Duration::ZERO),
        ..Options::default()
    };
    let mut source = chdirs(&[10]);
    source.idle().event(event(CHDIR_EXIT, 9, 10));
    let (_, report) = run(clock, &mut source);
    assert_eq!(report.stopped, StopReason::Time);
}

#[test]
fn gaps_and_quiet_moments_reach_the_sinks() {
    let mut source = chdirs(&[10]);
    source.idle().gap(source::Gap {
        events: Some(7),
        bytes: 0,
        cause: "a test",
    });
    let (notes, report) = run(Options::default(), &mut source);
    assert_eq!((notes.idle, notes.gaps), (1, vec![Some(7)]));
    assert_eq!(report.gaps, 7);
    assert_eq!(report.source.lost_total(), 7);
}

#[test]
fn a_closed_output_is_a_quiet_end_and_sinks_are_finished() {
    let mut notes = Notes {
        closes_after: Some(1),
        ..Notes::default()
    };
    let mut inspector = Inspector::new(Options::default());
    inspector.add_sink(&mut notes);
    let report = inspector
        .run(&mut chdirs(&[10, 20, 30]), &AtomicBool::new(false))
        .unwrap();
    assert_eq!(report.stopped, StopReason::OutputClosed);
    assert_eq!(notes.finished, 1);
}

#[test]
fn an_interruption_ends_the_run() {
    let stop = AtomicBool::new(true);
    let report = Inspector::new(Options::default())
        .run(&mut chdirs(&[10]), &stop)
        .unwrap();
    assert_eq!(report.stopped, StopReason::Interrupted);
    assert!(stop.load(Ordering::Relaxed));
}

#[test]
fn the_caller_can_end_the_run_from_a_tick() {
    let mut source = chdirs(&[10]);
    source.idle();
    let mut ticks = 0;
    let mut inspector = Inspector::new(Options::default());
    inspector.on_tick(|tick| {
        ticks += 1;
        assert_eq!(tick.events, 1);
        false
    });
    let report = inspector.run(&mut source, &AtomicBool::new(false)).unwrap();
    assert_eq!(report.stopped, StopReason::Interrupted);
    assert_eq!(ticks, 1);
}

#[test]
fn a_new_section_starts_from_its_own_state() {
    let mut source = chdirs(&[10]);
    source.section(machine()).event(event(CHDIR_EXIT, 5, 10));
    let (notes, report) = run(Options::default(), &mut source);
    assert_eq!((notes.sections, report.sections), (2, 2));
    assert_eq!(notes.numbers(Verdict::Shown), [1, 2], "numbers go on");
}
