//! Every capture of the collection opens, and those that sysdig reads have as many events.

use testkit::{fixtures, require, run};

/// Event types that sysdig 0.29.3 does not know and skips; it does not count those events.
const UNKNOWN_TO_SYSDIG: &str =
    "evt.type in (prctl, useradded, userdeleted, groupadded, groupdeleted)";

#[test]
fn every_capture_opens() {
    for set in ["public", "made"] {
        for capture in fixtures::captures("opening captures", set) {
            let run = run::quarry(["-r".as_ref(), capture.as_os_str()]);
            assert!(run.stderr.is_empty(), "{run}");
            run.ok();
        }
    }
}

#[test]
fn captures_that_sysdig_reads_have_as_many_events() {
    if require("numbers of events", "sysdig").is_none() {
        return;
    }
    let format: [&str; 2] = ["-p", "*%evt.num"];
    for set in ["public", "made"] {
        for capture in fixtures::captures("numbers of events", set) {
            let file = ["-r".as_ref(), capture.as_os_str()];
            let theirs = run::sysdig(file.into_iter().chain(format.map(str::as_ref)));
            if theirs.code() != 0 {
                continue;
            }
            let ours = run::quarry(file.into_iter().chain(format.map(str::as_ref))).ok();
            let more = format.into_iter().chain([UNKNOWN_TO_SYSDIG]);
            let more = run::quarry(file.into_iter().chain(more.map(str::as_ref))).ok();
            assert_eq!(
                ours.lines().len() - more.lines().len(),
                theirs.lines().len(),
                "{}",
                capture.display()
            );
        }
    }
}
