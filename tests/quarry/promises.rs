//! What the command promises while it captures.

use rustix::process::Signal;
use std::process::Command;
use testkit::live::{self, Live};
use testkit::run;

/// `NUMBER TIME CPU COMMAND (TID) DIRECTION TYPE ARGUMENTS`
fn is_well_formed(line: &str) -> bool {
    // A command name may contain blanks, so the line is taken apart from both sides of the thread id.
    let Some((before, after)) = line.split_once(" (") else {
        return false;
    };
    let mut before = before.splitn(4, ' ');
    let number = before.next().is_some_and(|n| n.parse::<u64>().is_ok());
    let time = before
        .next()
        .is_some_and(|t| t.len() == "00:00:00.000000000".len());
    let cpu = before.next().is_some_and(|c| c.parse::<u16>().is_ok());
    let Some((tid, rest)) = after.split_once(") ") else {
        return false;
    };
    let direction = rest.starts_with("> ") || rest.starts_with("< ");
    number && time && cpu && tid.parse::<i64>().is_ok() && direction
}

#[test]
fn two_hundred_lines_of_live_activity_are_well_formed() {
    let _alone = live::alone();
    if !live::possible("two hundred lines") {
        return;
    }
    let mut capture = Live::start(["-n", "200"]);
    // Something to see on an idle machine; it goes on until the capture has enough and ends.
    while !capture.has_ended() {
        let _ = Command::new("true").status();
    }
    let run = capture.finish().ok();
    let lines = run.lines();
    assert_eq!(lines.len(), 200, "{run}");
    for line in &lines {
        assert!(is_well_formed(line), "`{line}`");
    }
}

#[test]
fn a_killed_recording_is_read_to_its_last_whole_block() {
    let _alone = live::alone();
    if !live::possible("a killed recording") {
        return;
    }
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let file = folder.path().join("killed.scap");
    let name = file.to_str().expect("a plain name");
    let mut capture = Live::start(["-w", name, "proc.name=quarry-workload"]);
    // Long enough that blocks reach the file before the end of the recording.
    let status = Command::new(run::workload_path())
        .args(["open-close", "200000"])
        .stdout(std::process::Stdio::null())
        .status();
    assert!(status.expect("the workload runs").success());
    assert!(!capture.has_ended());
    let killed = capture.signal(Signal::KILL);
    assert_eq!(killed.code(), 128 + 9, "{killed}");

    let replay = run::quarry(["-r", name, "-p", "%evt.type", "evt.type in (openat, close)"]);
    // Cut in the middle of a block it is a damaged capture, and says so; cut between two it is whole.
    match replay.code() {
        0 => {}
        4 => assert!(!replay.stderr.is_empty()),
        _ => panic!("{replay}"),
    }
    assert!(
        replay.lines().len() > 1000,
        "{} lines",
        replay.lines().len()
    );
}
