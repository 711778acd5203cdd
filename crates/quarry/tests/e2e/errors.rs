//! Mistakes, and what is said about them.

use std::io::Read;
use std::process::Stdio;

use crate::{Folder, quarry, replay, sample};

#[track_caller]
fn check(args: &[&str], code: i32, parts: &[&str]) {
    let ran = quarry(args);
    assert_eq!(ran.code, Some(code), "{args:?}: {ran:?}");
    for part in parts {
        assert!(
            ran.stderr.contains(part),
            "{args:?}\nexpected {part:?}\nfound {}",
            ran.stderr
        );
    }
}

#[test]
fn a_missing_file_is_named() {
    check(
        &["-r", "nowhere.scap"],
        1,
        &["quarry: nowhere.scap: no such file"],
    );
}

#[test]
fn a_file_that_is_no_capture_is_named() {
    let folder = Folder::new();
    std::fs::write(folder.path("x"), "this is no capture at all").unwrap();
    std::fs::write(folder.path("empty"), "").unwrap();
    check(&["-r", &folder.text("x")], 1, &["not a capture"]);
    check(&["-r", &folder.text("empty")], 1, &["the capture is empty"]);
}

#[test]
fn a_wrong_filter_shows_the_place_and_the_nearest_name() {
    check(
        &["proc.nmae=web", "and", "fd.port=443"],
        2,
        &[
            "quarry: filter: unknown field `proc.nmae`\n",
            "  proc.nmae=web and fd.port=443\n",
            "  ^^^^^^^^^ did you mean `proc.name`?\n",
        ],
    );
    check(&["(evt.num=1"], 2, &["filter: ", "^"]);
    check(&["evt.num=one"], 2, &["filter: ", "^"]);
    check(&["evt.type=opne"], 2, &["did you mean `open`?"]);
}

#[test]
fn a_wrong_format_shows_the_place() {
    check(&["-p", "%evt.nmu"], 2, &["quarry: -p: ", "^"]);
    check(&["-p", "%fd.ip"], 2, &["-p: `fd.ip` works in filters only"]);
    check(&["-p", ""], 2, &["-p: "]);
}

#[test]
fn a_filter_file_is_named() {
    let folder = Folder::new();
    std::fs::write(folder.path("f"), "# x\nproc.nmae=1\n").unwrap();
    let file = folder.text("f");
    check(&["--filter-file", &file], 2, &["line 2", "did you mean"]);
    check(&["--filter-file", "nowhere"], 2, &["--filter-file nowhere"]);
}

#[test]
fn wrong_values_name_the_option_and_what_is_expected() {
    for (args, part) in [
        (&["-n", "0"][..], "--numevents"),
        (&["-n", "x"], "expected a number of events"),
        (&["-t", "x"], "expected h (time of day)"),
        (&["-s", "x"], "--snaplen"),
        (&["-s", "70000"], "--snaplen"),
        (&["-M", "x"], "-M"),
        (&["--duration", "soon"], "expected a time such as 10s"),
        (&["--from", "soon"], "expected a time such as"),
        (&["-C", "0"], "--file-size"),
        (&["-G", "x"], "--seconds"),
        (&["-e", "0"], "--event-limit"),
        (&["-W", "0"], "--limit"),
        (&["--color=pink"], "--color"),
        (&["--no-such-option"], "--no-such-option"),
        (&["-r"], "--readfile"),
    ] {
        check(args, 2, &[part]);
    }
}

#[test]
fn options_for_captures_are_refused_live() {
    for args in [&["--from", "+1s"][..], &["--to", "+1s"], &["-P"]] {
        check(args, 2, &["works on captures only"]);
    }
}

#[test]
fn former_options_say_what_replaces_them() {
    for args in [
        &["-c", "topprocs_cpu"][..],
        &["-cl"],
        &["--list-chisels"],
        &["-i", "spy_users"],
        &["-u"],
        &["-g", "x"],
        &["--gvisor-generate-config"],
        &["--gvisor-root", "x"],
        &["-H", "x"],
        &["-I", "x"],
        &["-Il"],
        &["--plugin-config-file", "x"],
        &["--plugin-info", "x"],
    ] {
        check(args, 2, &["quarry: "]);
    }
    for args in [
        &["-B"][..],
        &["-Bprobe.o"],
        &["--bpf=probe.o"],
        &["--cpus-for-each-buffer", "1"],
        &["-T"],
        &["--filter-proclist"],
        &["--log-level", "debug"],
    ] {
        let ran = replay(&[args, &["-n1"]].concat());
        assert_eq!(ran.lines().len(), 1, "{args:?}: {ran:?}");
        assert!(ran.stderr.contains("note: "), "{ran:?}");
    }
    for args in [&["--modern-bpf"][..], &["-d"], &["--displayflt"]] {
        let ran = replay(&[args, &["-n1"]].concat());
        assert_eq!(ran.lines().len(), 1);
        assert_eq!(ran.stderr, "");
    }
}

#[test]
fn a_damaged_capture_shows_what_is_whole() {
    let folder = Folder::new();
    let bytes = std::fs::read(sample::capture()).unwrap();
    std::fs::write(folder.path("cut.scap"), &bytes[..bytes.len() - 10]).unwrap();
    let ran = quarry(&["-r", &folder.text("cut.scap")]);
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert_eq!(ran.lines().len(), sample::SHOWN - 1);
    assert!(ran.stderr.contains("cut.scap: offset 0x"), "{ran:?}");
    assert!(
        ran.stderr
            .contains("the file ends early; the 12 events before this point are shown"),
        "{ran:?}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let capture = sample::capture().to_str().unwrap();
    // Enough copies that the pipe fills up.
    let mut args = Vec::new();
    for _ in 0..200 {
        args.extend(["-r", capture]);
    }
    let mut child = crate::command(&args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut some = [0; 10];
    out.read_exact(&mut some).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}
