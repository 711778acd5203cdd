//! How far a replay has come, on standard error (`-P`).

use std::io::Write;
use std::time::{Duration, Instant};

/// A line that is rewritten in place: percentage, rate and remaining time.
///
/// On anything but a terminal only the percentage is printed, as sysdig does, so that scripts
/// that read it keep working.
#[derive(Debug)]
pub struct ProgressLine<W: Write> {
    out: W,
    terminal: bool,
    started: Instant,
    printed_at: Option<Instant>,
}

/// Often enough to look alive, seldom enough to cost nothing.
const PERIOD: Duration = Duration::from_millis(100);

impl<W: Write> ProgressLine<W> {
    /// Starts measuring.
    pub fn new(out: W, terminal: bool) -> Self {
        ProgressLine {
            out,
            terminal,
            started: Instant::now(),
            printed_at: None,
        }
    }

    /// Says how far things are; prints at most ten times a second.
    pub fn update(&mut self, done: u64, total: u64, events: u64) {
        let now = Instant::now();
        if self.printed_at.is_some_and(|at| now - at < PERIOD) {
            return;
        }
        self.printed_at = Some(now);
        let line = line(done, total, events, now - self.started, self.terminal);
        // Progress is a courtesy: when it cannot be shown the run goes on.
        let _ = write!(self.out, "\r{line}");
        let _ = self.out.flush();
    }

    /// Prints the end.
    pub fn finish(&mut self, events: u64) {
        let line = line(1, 1, events, self.started.elapsed(), self.terminal);
        let _ = writeln!(self.out, "\r{line}");
    }
}

fn line(done: u64, total: u64, events: u64, elapsed: Duration, terminal: bool) -> String {
    let fraction = if total == 0 {
        0.0
    } else {
        (done as f64 / total as f64).min(1.0)
    };
    let percent = format!("{:.2}", fraction * 100.0);
    if !terminal {
        return percent;
    }
    let seconds = elapsed.as_secs_f64().max(0.001);
    let rate = events as f64 / seconds;
    let left = if fraction > 0.0 {
        format!("{:.0} s left", seconds / fraction - seconds)
    } else {
        "? s left".to_owned()
    };
    // The blanks wipe what a longer line left behind.
    format!("{percent} %  {rate:.0} events/s  {left}      ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_get_the_percentage_alone() {
        assert_eq!(line(1, 3, 9, Duration::from_secs(1), false), "33.33");
        assert_eq!(line(5, 3, 9, Duration::from_secs(1), false), "100.00");
        assert_eq!(line(0, 0, 0, Duration::ZERO, false), "0.00");
    }

    #[test]
    fn terminals_see_rate_and_remaining_time() {
        let line = line(1, 4, 100, Duration::from_secs(2), true);
        assert_eq!(line.trim_end(), "25.00 %  50 events/s  6 s left");
    }
}
