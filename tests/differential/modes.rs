//! Output modes: times, payload renderings, JSON, summaries, compared line by line on a few captures.

use testkit::compare::differing_lines;
use testkit::{fixtures, require, run};

/// Captures whose event types sysdig 0.29.3 knows all of, so that both tools number alike.
const CAPTURES: [&str; 3] = [
    "libs-curl-google.scap",
    "sysflow-client-server-tcp-client-server.scap",
    "sysflow-files-files.scap",
];

/// `-S` is not among them: sysdig counts bookkeeping events that nobody sees, quarry what is shown.
const MODES: [&[&str]; 13] = [
    &[],
    &["-t", "a"],
    &["-t", "d"],
    &["-t", "D"],
    &["-t", "r"],
    &["-A"],
    &["-x"],
    &["-X"],
    &["-b"],
    &["-v"],
    &["-j"],
    &["-j", "-p", "%evt.num %fd.name %fd.sport %evt.buffer"],
    &["-p", "%evt.num %12proc.name|%fd.name"],
];

#[test]
fn every_mode_prints_what_sysdig_prints() {
    if require("comparison of modes", "sysdig").is_none() {
        return;
    }
    let Some(folder) = fixtures::captures_folder("comparison of modes", "public") else {
        return;
    };
    let mut report = String::new();
    for name in CAPTURES {
        let capture = folder.join(name);
        for mode in MODES {
            let mut arguments = vec!["-r".as_ref(), capture.as_os_str()];
            arguments.extend(mode.iter().map(std::ffi::OsStr::new));
            let theirs = run::sysdig(&arguments);
            let ours = run::quarry(&arguments);
            let differing = differing_lines(&comparable(&theirs, mode), &comparable(&ours, mode));
            if !differing.is_empty() {
                report += &format!("{name} {mode:?}: {} lines\n", differing.len());
                report += &differing[..differing.len().min(8)].join("\n");
                report.push('\n');
            }
        }
    }
    assert!(report.is_empty(), "`-` is sysdig, `+` quarry\n{report}");
}

/// What a run printed. With `-X`, sysdig's text column is out of line in a last row of odd length.
fn comparable(run: &run::Run, mode: &[&str]) -> String {
    match mode {
        ["-X"] => {
            let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
            run.lines().iter().map(|line| words(line) + "\n").collect()
        }
        _ => run.text(),
    }
}
