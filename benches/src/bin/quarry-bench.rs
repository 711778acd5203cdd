//! `make bench`: cost per traced call and replay speed, as ratios to strace and sysdig.
//!
//! `quarry-bench live` and `quarry-bench replay` run one half.

use anyhow::{Context as _, ensure};
use benches::filter;
use benches::live::{self, Commands};
use benches::replay::{self, Input};
use benches::workload::Workload;
use std::path::Path;
use std::process::Command;
use testkit::live::Live;
use testkit::run::{quarry_path, workload_path};
use testkit::{fixtures, require};

/// Calls in the recording that is replayed.
const RECORDED_CALLS: u64 = 200_000;
/// Copies of the varied capture that make it long enough to time.
const COPIES: usize = 20;

fn main() -> anyhow::Result<()> {
    let scratch = std::env::temp_dir().join(format!("quarry-bench-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let result = run(quarry_path(), workload_path(), &scratch);
    std::fs::remove_dir_all(&scratch)?;
    result
}

fn run(quarry: &Path, workload: &Path, scratch: &Path) -> anyhow::Result<()> {
    let mut inputs = Vec::new();
    let half = std::env::args().nth(1);
    let wanted = |name: &str| half.as_deref().is_none_or(|half| half == name);
    let possible = testkit::live::possible("live tracing");
    if possible && wanted("live") {
        let strace = require("comparison with strace", "strace");
        live::compare(&Commands {
            workload,
            strace: strace.as_deref(),
        })?;
    }
    if !wanted("replay") {
        return Ok(());
    }
    if possible {
        inputs.push(record(workload, &scratch.join("recorded.scap"))?);
    }
    if let Some(public) = fixtures::captures_folder("replay of a varied capture", "public") {
        let capture = public.join("inspect-502Error.scap");
        inputs.push(replay::repeat(
            &capture,
            COPIES,
            &scratch.join("varied.scap"),
        )?);
    }
    if let Some(input) = inputs.last() {
        filter::measure(&input.file)?;
    }
    if let Some(sysdig) = require("comparison of replay", "sysdig") {
        for input in &inputs {
            replay::compare(input, quarry, &sysdig)?;
        }
    }
    Ok(())
}

/// Records the workloads' calls into a file.
fn record(workload: &Path, file: &Path) -> anyhow::Result<Input> {
    let name = file
        .to_str()
        .context("the scratch folder has a plain name")?;
    let capture = Live::start(["-w", name, "proc.name=quarry-workload"]);
    for kind in Workload::ALL {
        let calls = RECORDED_CALLS.to_string();
        let status = Command::new(workload)
            .args([kind.name(), &calls])
            .stdout(std::process::Stdio::null())
            .status()?;
        ensure!(status.success(), "the workload failed");
    }
    let run = capture.interrupt();
    ensure!(run.code() == 0, "{run}");
    Ok(Input {
        what: "a recording of getppid, read, write, openat and close".to_owned(),
        file: file.to_owned(),
    })
}
