//! Capturing on this machine. Needs root and a kernel that takes the probe; where it does not, each
//! test says that it is skipped.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::{Folder, quarry};

/// Whether this machine can be captured; says why when it cannot.
fn can_capture() -> bool {
    if cfg!(not(feature = "live")) {
        testkit::skip("a live capture", "this build reads captures only");
        return false;
    }
    testkit::live::possible("a live capture")
}

#[test]
fn without_the_feature_the_reason_is_given() {
    if cfg!(feature = "live") {
        return;
    }
    let ran = quarry(&["-n1"]);
    assert_eq!(ran.code, Some(3));
    assert!(
        ran.stderr.contains("this build reads captures only"),
        "{ran:?}"
    );
}

#[test]
fn a_command_is_traced_from_its_first_instruction() {
    if !can_capture() {
        return;
    }
    let ran = quarry(&[
        "run",
        "-p",
        "%evt.dir %evt.type %proc.name",
        "--",
        "/bin/true",
    ]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.lines()[0], "< execve true");
    assert!(
        ran.lines().iter().all(|line| line.ends_with(" true")),
        "{ran:?}"
    );
    assert!(ran.stdout.contains("exit_group"), "{ran:?}");
}

#[test]
fn descendants_of_a_command_are_traced() {
    if !can_capture() {
        return;
    }
    let ran = quarry(&[
        "run",
        "-p",
        "%proc.name",
        "evt.type=execve and evt.dir=<",
        "--",
        "sh",
        "-c",
        "/bin/true; (cat /dev/null); exit 7",
    ]);
    assert_eq!(ran.code, Some(7), "the command's own status: {ran:?}");
    assert_eq!(ran.lines(), ["sh", "true", "cat"]);
}

#[test]
fn the_status_of_a_command_is_passed_on() {
    if !can_capture() {
        return;
    }
    assert_eq!(
        quarry(&["run", "-q", "--", "sh", "-c", "kill -9 $$"]).code,
        Some(137)
    );
    assert_eq!(
        quarry(&["run", "-q", "--", "/no/such/command"]).code,
        Some(127)
    );
}

#[test]
fn a_recording_replays_with_the_same_lines() {
    if !can_capture() {
        return;
    }
    let folder = Folder::new();
    let file = folder.text("run.scap");
    quarry(&["run", "-w", &file, "--", "cat", "/etc/hostname"]).ok();
    let ran = quarry(&["-r", &file, "-p", "%evt.type %fd.name", "evt.type=read"]);
    assert!(ran.ok().contains("read /etc/hostname\n"), "{ran:?}");
}

#[test]
fn an_interrupted_recording_is_complete() {
    if !can_capture() {
        return;
    }
    let folder = Folder::new();
    let file = folder.text("cut.scap");
    let child = crate::command(&["--stats", "-w", &file, "-S"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The file appears with the first section, when the probe is running.
    while std::fs::metadata(&file).is_err() {
        std::thread::yield_now();
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ran = crate::finished(child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("#Calls"), "{ran:?}");
    assert!(ran.stderr.contains("Driver Events:"), "{ran:?}");
    let info = quarry(&["info", &file]);
    assert!(info.ok().contains("Damage      none"), "{info:?}");
}

#[test]
fn a_duration_ends_a_quiet_capture() {
    if !can_capture() {
        return;
    }
    let ran = quarry(&["--duration", "200ms", "proc.name=nobody-has-this-name"]);
    assert_eq!(ran.ok(), "");
}

#[test]
fn its_own_events_are_left_out() {
    if !can_capture() {
        return;
    }
    let mut child = crate::command(&["-p", "%proc.pid", "--duration", "300ms"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let own = child.id().to_string();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reported = out.lines().any(|line| line.unwrap() == own);
    child.wait().unwrap();
    assert!(!reported);
}

/// The lines of `--help` that begin with the command, without their explanations.
fn examples() -> Vec<String> {
    let help = quarry(&["--help"]);
    help.ok()
        .lines()
        .filter_map(|line| line.strip_prefix("  quarry"))
        .map(|rest| {
            let command = rest.split("   ").next().unwrap_or(rest).trim();
            format!("quarry {command}")
        })
        .collect()
}

#[test]
fn every_example_of_the_help_works() {
    let folder = Folder::new();
    crate::sample::write(&folder.path("web.scap"));
    std::fs::create_dir(folder.path("bin")).unwrap();
    std::os::unix::fs::symlink("/bin/true", folder.path("bin/make")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_quarry"), folder.path("bin/quarry")).unwrap();
    let examples = examples();
    assert!(examples.len() >= 7, "{examples:?}");
    let live = can_capture();
    for example in examples {
        let replays = example.contains(" -r ");
        if !replays && !live {
            continue;
        }
        // Examples that would run until they are interrupted get an end, and write elsewhere.
        let line = match example.as_str() {
            line if replays || line.starts_with("quarry run") => line.to_owned(),
            line => format!("{line} -n 1 --duration 1s").replace("-w web.scap", "-w new.scap"),
        };
        let output = std::process::Command::new("sh")
            .args(["-c", &line])
            .current_dir(folder.0.path())
            .env("PATH", format!("{}:/usr/bin:/bin", folder.text("bin")))
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let ran = crate::finished(output);
        assert_eq!(ran.code, Some(0), "{line}\n{ran:?}");
        assert!(!replays || !ran.stdout.is_empty(), "{line} prints nothing");
    }
}

#[test]
fn a_process_that_does_not_exist_is_named() {
    // Larger than any process id that Linux gives.
    let ran = quarry(&["--pid", "4194305", "-n1"]);
    if ran.code != Some(3) {
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(
            ran.stderr.contains("--pid 4194305: no such process"),
            "{ran:?}"
        );
    }
}
