//! What a traced call costs, against no tracing and against `strace -f`; and what is lost at full speed.

use crate::table::{Table, median};
use crate::workload::Workload;
use anyhow::{Context as _, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use testkit::live::{Live, statistic};

/// Calls per run without tracing or under quarry.
const CALLS: u64 = 1_000_000;
/// Calls per run under strace, which is slower by orders of magnitude.
const STRACE_CALLS: u64 = 20_000;
/// Runs of each kind, taken in turn.
const ROUNDS: usize = 3;

/// The commands that are compared.
pub struct Commands<'a> {
    /// `quarry-workload`.
    pub workload: &'a Path,
    /// `strace`, where there is one.
    pub strace: Option<&'a Path>,
}

/// Prints two tables: cost per call, and events delivered and lost.
///
/// # Errors
/// When the workload or a tracer does not run to its end.
pub fn compare(commands: &Commands<'_>) -> anyhow::Result<()> {
    let mut cost = Table::new([
        "ns per call",
        "untraced",
        "recorded",
        "printed",
        "strace -f",
        "strace/recorded",
        "strace/printed",
    ]);
    let mut losses = Table::new(["events", "calls", "recorded", "lost", "printed", "lost"]);
    for workload in Workload::ALL {
        let (mut plain, mut recorded, mut printed, mut strace) = (vec![], vec![], vec![], vec![]);
        let mut counts = [0_u64; 4];
        for _ in 0..ROUNDS {
            plain.push(time(&mut start(commands.workload, workload, CALLS))?);
            let record = ["-w", "/dev/null", workload.filter()];
            let (ns, events, lost) = traced(commands, workload, &record)?;
            recorded.push(ns);
            counts[0] += events;
            counts[1] += lost;
            let (ns, events, lost) = traced(commands, workload, &[workload.filter()])?;
            printed.push(ns);
            counts[2] += events;
            counts[3] += lost;
            if let Some(tool) = commands.strace {
                let mut command = Command::new(tool);
                command
                    .args(["-f", "-o", "/dev/null"])
                    .arg(commands.workload);
                command.args([workload.name(), &STRACE_CALLS.to_string()]);
                strace.push(time(&mut command)?);
            }
        }
        let plain = median(&mut plain);
        let [recorded, printed, strace] =
            [recorded, printed, strace].map(|mut times| (median(&mut times) - plain).max(0.0));
        let ratio = |ours: f64| match strace > 0.0 && ours > 0.0 {
            true => format!("{:.0}x", strace / ours),
            false => "-".to_owned(),
        };
        cost.row([
            workload.name().to_owned(),
            format!("{plain:.0}"),
            format!("+{recorded:.0}"),
            format!("+{printed:.0}"),
            format!("+{strace:.0}"),
            ratio(recorded),
            ratio(printed),
        ]);
        let rounds = ROUNDS as u64;
        losses.row([
            workload.name().to_owned(),
            CALLS.to_string(),
            (counts[0] / rounds).to_string(),
            (counts[1] / rounds).to_string(),
            (counts[2] / rounds).to_string(),
            (counts[3] / rounds).to_string(),
        ]);
    }
    println!(
        "Cost per call; `+` is what tracing adds. Medians of {ROUNDS} runs taken in turn.\n\n{cost}"
    );
    println!(
        "Events per run (a start and an end for each call), and events lost on the whole machine.\n\n{losses}"
    );
    Ok(())
}

fn start(program: &Path, workload: Workload, calls: u64) -> Command {
    let mut command = Command::new(program);
    command.args([workload.name(), &calls.to_string()]);
    command
}

/// Runs a workload to its end: nanoseconds per call, by its own clock.
fn time(command: &mut Command) -> anyhow::Result<f64> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(calls)), Some(Ok(nanoseconds))) => Ok(nanoseconds / calls),
        _ => anyhow::bail!("{command:?} printed `{text}`"),
    }
}

/// Runs a workload under a live quarry: nanoseconds per call, events that passed, events lost.
fn traced(
    commands: &Commands<'_>,
    workload: Workload,
    arguments: &[&str],
) -> anyhow::Result<(f64, u64, u64)> {
    let capture = Live::start(arguments);
    let nanoseconds = time(&mut start(commands.workload, workload, CALLS))?;
    let run = capture.interrupt();
    ensure!(run.code() == 0, "{run}");
    let shown = run
        .stderr
        .split_once("Captured Events: ")
        .and_then(|(_, rest)| rest.split(',').next()?.parse().ok())
        .with_context(|| format!("no count of captured events\n{}", run.stderr))?;
    Ok((nanoseconds, shown, statistic(&run, "Driver Drops")))
}
