//! Counters at the end of a run (`-v`, `--stats`).

use std::fmt::Write as _;
use std::io::Write as _;

use inspect::Report;

/// Prints the counters to standard error. The first four lines are those of sysdig.
pub(crate) fn print(report: &Report, live: bool) {
    let _ = std::io::stderr().write_all(text(report, live).as_bytes());
}

fn text(report: &Report, live: bool) -> String {
    let source = &report.source;
    let seconds = report.elapsed.as_secs_f64().max(1e-9);
    let produced = if live { source.produced } else { 0 };
    let mut out = format!(
        "Driver Events:{produced}\nDriver Drops:{}\nSuppressed by Comm:{}\nElapsed time: {seconds:.3}, \
         Captured Events: {}, {:.2} eps\n",
        if live { source.lost_total() } else { 0 },
        source.suppressed,
        report.shown,
        report.shown as f64 / seconds,
    );
    let mut line = |name: &str, value: u64| {
        if value > 0 {
            let _ = writeln!(out, "{name}: {value}");
        }
    };
    line("Events read", report.events);
    line("Bookkeeping events not shown", report.internal);
    line("Sections", report.sections);
    line("Unknown blocks and events", source.unknown);
    for (cause, count) in &source.lost {
        line(&format!("Lost, {cause}"), *count);
    }
    line("Threads never seen starting", report.state.invented_threads);
    line(
        "Threads forgotten, table full",
        report.state.evicted_threads,
    );
    line("Exits without their start", report.state.unpaired_exits);
    line("Descriptors never seen opening", report.state.unknown_fds);
    line("Malformed parameters", report.state.malformed_params);
    out
}
