//! A workload of a known number of calls is delivered or counted as lost, to the last call.

use std::process::Command;
use testkit::live::{self, Live, statistic};
use testkit::run;

const CALLS: usize = 1_000_000;

#[test]
fn a_million_calls_are_delivered_or_counted_as_lost() {
    let _alone = live::alone();
    if !live::possible("a million known calls") {
        return;
    }
    let capture = Live::start([
        "-p",
        "*%evt.type",
        "proc.name=quarry-workload and evt.type=getppid and evt.dir=<",
    ]);
    let workload = Command::new(run::workload_path())
        .args(["getppid", &CALLS.to_string()])
        .output()
        .expect("the workload runs");
    let made = String::from_utf8_lossy(&workload.stdout);
    assert!(made.starts_with(&format!("{CALLS} ")), "{made}");
    let run = capture.interrupt().ok();
    let delivered = run.stdout.iter().filter(|byte| **byte == b'\n').count();
    // What else was lost on the machine meanwhile is in the same counter.
    let lost = statistic(&run, "Driver Drops") as usize;
    assert!(delivered <= CALLS, "{delivered} events of {CALLS} calls");
    assert!(
        delivered + lost >= CALLS,
        "{delivered} delivered and {lost} lost of {CALLS} calls\n{}",
        run.stderr
    );
    if lost == 0 {
        assert_eq!(delivered, CALLS);
    }
}
