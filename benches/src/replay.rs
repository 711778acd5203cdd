//! Replayed events per second against Debian's sysdig, on the same files with the same filters.

use crate::table::{Table, median};
use anyhow::{Context as _, ensure};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Runs of each kind, taken in turn.
const ROUNDS: usize = 3;

/// What is asked of each file: a name, options, a filter.
const QUESTIONS: [(&str, &[&str]); 4] = [
    ("print every event", &[]),
    ("read only", &["-q"]),
    ("filter by type", &["evt.type=openat and evt.dir=<"]),
    (
        "filter by names",
        &["proc.name contains e and fd.name startswith /usr"],
    ),
];

/// A capture to replay: what it is, and where.
pub struct Input {
    /// For the table's head.
    pub what: String,
    /// The file.
    pub file: PathBuf,
}

/// Makes a large capture of one that has a varied mix of events, by writing it many times into one
/// file: each copy is a section of its own.
///
/// # Errors
/// When the capture cannot be read or the file not be written.
pub fn repeat(capture: &Path, times: usize, to: &Path) -> anyhow::Result<Input> {
    let bytes = std::fs::read(capture).with_context(|| format!("{}", capture.display()))?;
    let mut file = std::fs::File::create(to)?;
    for _ in 0..times {
        file.write_all(&bytes)?;
    }
    let name = testkit::fixtures::name_of(capture);
    Ok(Input {
        what: format!("{name}, {times} times"),
        file: to.to_owned(),
    })
}

/// Prints a table for a capture: events per second of both, and their ratio.
///
/// # Errors
/// When one of the tools fails on the file.
pub fn compare(input: &Input, quarry: &Path, sysdig: &Path) -> anyhow::Result<()> {
    let events = count_events(quarry, &input.file)?;
    let mut table = Table::new(["events/s", "quarry", "sysdig", "ratio"]);
    for (question, arguments) in QUESTIONS {
        let (mut ours, mut theirs) = (vec![], vec![]);
        for _ in 0..ROUNDS {
            ours.push(seconds(quarry, &input.file, arguments)?);
            theirs.push(seconds(sysdig, &input.file, arguments)?);
        }
        let (ours, theirs) = (median(&mut ours), median(&mut theirs));
        table.row([
            question.to_owned(),
            format!("{:.0}", events as f64 / ours),
            format!("{:.0}", events as f64 / theirs),
            format!("{:.1}x", theirs / ours),
        ]);
    }
    println!(
        "Replay of {}: {events} events. Medians of {ROUNDS} runs taken in turn.\n\n{table}",
        input.what
    );
    Ok(())
}

/// Seconds that a tool takes to go through a file, its output going nowhere.
fn seconds(tool: &Path, file: &Path, arguments: &[&str]) -> anyhow::Result<f64> {
    let mut command = Command::new(tool);
    command.arg("-r").arg(file).args(arguments);
    let start = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {command:?}"))?;
    let elapsed = start.elapsed();
    ensure!(status.success(), "{command:?} failed");
    Ok(elapsed.as_secs_f64())
}

/// Events in a file, hidden ones included: both tools work through those too.
fn count_events(quarry: &Path, file: &Path) -> anyhow::Result<u64> {
    let output = Command::new(quarry)
        .args(["-q", "--stats", "-r"])
        .arg(file)
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines()
        .find_map(|line| line.strip_prefix("Events read:")?.trim().parse().ok())
        .with_context(|| format!("no count of events in\n{text}"))
}
