//! Options for recording.

use std::os::unix::fs::PermissionsExt;

use crate::{Folder, quarry, replay, sample};

/// Lines of the capture written, without the event numbers.
fn lines(path: &str) -> Vec<String> {
    let ran = quarry(&["-r", path]);
    ran.ok()
        .lines()
        .map(|line| line.split_once(' ').unwrap().1.to_owned())
        .collect()
}

#[test]
fn a_copy_shows_the_same_lines() {
    let folder = Folder::new();
    let copy = folder.text("copy.scap");
    assert_eq!(replay(&["-w", &copy]).ok(), "", "-w implies -q");
    assert_eq!(quarry(&["-r", &copy]).stdout, replay(&[]).stdout);
    let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(
        mode & 0o777,
        0o600,
        "captures hold what programs read and write"
    );
}

#[test]
fn compression_goes_by_option_or_name() {
    let folder = Folder::new();
    for (args, magic) in [
        (&["-z", "-w", "a.scap"][..], &[0x1f, 0x8b][..]),
        (&["--compress", "zstd", "-w", "b.scap"], &[0x28, 0xb5]),
        (&["--compress=gzip", "-w", "c.scap"], &[0x1f, 0x8b]),
        (&["-w", "d.scap.gz"], &[0x1f, 0x8b]),
        (&["-w", "e.scap.zst"], &[0x28, 0xb5]),
        (&["--compress=none", "-w", "f.scap.gz"], &[0x0a, 0x0d]),
    ] {
        let capture = sample::capture().to_str().unwrap();
        let output = crate::command(&[&["-r", capture], args].concat())
            .current_dir(folder.0.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let name = args.last().unwrap();
        let bytes = std::fs::read(folder.path(name)).unwrap();
        assert_eq!(&bytes[..2], magic, "{name}");
        assert_eq!(
            quarry(&["-r", &folder.text(name)]).stdout,
            replay(&[]).stdout
        );
    }
}

#[test]
fn a_filtered_copy_keeps_descriptor_names() {
    let folder = Folder::new();
    let copy = folder.text("copy.scap");
    replay(&["-w", &copy, "evt.type=read"]).ok();
    let ran = quarry(&["-r", &copy, "-p", "%evt.type %fd.name"]);
    assert_eq!(ran.ok(), "read /etc/passwd\nread /etc/passwd\n");
}

#[test]
fn an_exit_alone_brings_its_hidden_enter() {
    let folder = Folder::new();
    let copy = folder.text("copy.scap");
    replay(&["-w", &copy, "evt.type=read and evt.dir=<"]).ok();
    let ran = quarry(&["-r", &copy, "-p", "%evt.dir %fd.name %evt.latency"]);
    assert_eq!(ran.ok(), "< /etc/passwd 1000000\n");
}

#[test]
fn without_state_only_what_passes_is_written() {
    let folder = Folder::new();
    let (fat, thin) = (folder.text("fat.scap"), folder.text("thin.scap"));
    replay(&["-F", "-w", &fat, "evt.type=read"]).ok();
    replay(&["--no-fatfile", "-w", &thin, "evt.type=read"]).ok();
    let size = |path: &str| std::fs::metadata(path).unwrap().len();
    assert!(size(&thin) < size(&fat));
    assert_eq!(lines(&thin).len(), 2);
}

#[test]
fn standard_output_takes_a_capture() {
    let folder = Folder::new();
    let output = crate::command(&["-r", sample::capture().to_str().unwrap(), "-w", "-"])
        .output()
        .unwrap();
    std::fs::write(folder.path("copy.scap"), output.stdout).unwrap();
    let copy = folder.text("copy.scap");
    assert_eq!(quarry(&["-r", &copy]).stdout, replay(&[]).stdout);
}

#[test]
fn files_rotate_by_number_of_events() {
    let folder = Folder::new();
    replay(&["-e", "5", "-w", &folder.text("out.scap")]).ok();
    assert_eq!(
        folder.names(),
        ["out.00000.scap", "out.00001.scap", "out.00002.scap"]
    );
    let all: Vec<String> = folder
        .names()
        .iter()
        .flat_map(|name| lines(&folder.text(name)))
        .collect();
    let expected: Vec<String> = replay(&[])
        .lines()
        .iter()
        .map(|line| line.split_once(' ').unwrap().1.to_owned())
        .collect();
    assert_eq!(all, expected, "each file can be read by itself");
}

#[test]
fn a_limit_makes_a_ring() {
    let folder = Folder::new();
    replay(&["-e5", "-W2", "-w", &folder.text("out.scap")]).ok();
    assert_eq!(folder.names(), ["out.0.scap", "out.1.scap"]);
    assert_eq!(lines(&folder.text("out.0.scap")).len(), 3, "the newest");
}

#[test]
fn files_rotate_by_time_with_names_by_time() {
    let folder = Folder::new();
    replay(&["-G", "1", "-w", &folder.text("%H%M%S.scap")]).ok();
    assert_eq!(folder.names(), ["221320.scap", "221322.scap"]);
    let ring = Folder::new();
    replay(&["-G1", "-W", "1", "-w", &ring.text("%H%M%S.scap")]).ok();
    assert_eq!(ring.names(), ["221322.scap"]);
}

#[test]
fn files_rotate_by_size() {
    let folder = Folder::new();
    // The sample is far smaller than a million bytes: one file, with its counter.
    replay(&["-C", "1", "-w", &folder.text("out.scap")]).ok();
    assert_eq!(folder.names(), ["out.00000.scap"]);
}

#[test]
fn the_input_is_never_overwritten() {
    let folder = Folder::new();
    sample::write(&folder.path("in.scap"));
    let file = folder.text("in.scap");
    let ran = quarry(&["-r", &file, "-w", &file]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("this file is being read"), "{ran:?}");
    assert_eq!(lines(&file).len(), sample::SHOWN);
}

#[test]
fn rotation_needs_a_file() {
    for args in [&["-C1"][..], &["-G1"], &["-e1"], &["-W1"], &["-z"]] {
        let ran = replay(args);
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains("add -w FILE"), "{ran:?}");
    }
    assert_eq!(replay(&["-W1", "-w", "x"]).code, Some(2));
    assert_eq!(replay(&["-C1", "-w", "-"]).code, Some(2));
}
