//! Files are exchanged with Debian's sysdig without loss, in both directions.

mod common;

use std::path::Path;
use std::process::{Command, Output};

use capture_format::{Compression, EventBuf, EventBuilder, EventType, Profile, Writer};
use common::{Contents, captures, decompressed, read_all};

/// Wide enough that a wrong thread, descriptor, user or parameter shows.
const FIELDS: &str = "*%evt.num %evt.rawtime %evt.cpu %thread.tid %evt.type %evt.dir %evt.category \
    %evt.res %evt.rawarg.res %evt.args %fd.num %fd.typechar %fd.name %fd.l4proto %fd.uid \
    %proc.name %proc.exe %proc.cmdline %proc.pid %proc.ppid %proc.cwd %proc.env %proc.vmsize \
    %proc.fdlimit %thread.cgroups %thread.vtid %user.uid %user.name %user.homedir %group.gid \
    %group.name %proc.loginshellid %proc.duration %proc.tty";

/// Events of captures that are compared in both forms, compressed and not.
const SMALL: usize = 2_000;

fn has_sysdig() -> bool {
    let found = Command::new("sysdig").arg("--version").output().is_ok();
    if !found {
        println!("skipped: sysdig is not installed");
    }
    found
}

fn sysdig(file: &Path, arguments: &[&str]) -> Output {
    Command::new("sysdig")
        .env("TZ", "UTC")
        .arg("-r")
        .arg(file)
        .args(arguments)
        .output()
        .expect("sysdig runs")
}

fn write(contents: &Contents, compression: Compression) -> Vec<u8> {
    let snapshot = &contents.sections[0];
    let mut writer = Writer::create(Vec::new(), Profile::default(), compression, snapshot).unwrap();
    for event in &contents.events {
        writer.event(&event.as_event()).unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn sysdig_reads_our_files_like_the_originals() {
    if !has_sysdig() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for path in captures() {
        let original = read_all(&decompressed(&path));
        // Two sections would have to be written one by one; and where an enter event is missing
        // on purpose, ours adds it.
        if original.sections.len() != 1 || path.ends_with("execve-from-thread-unpaired.scap") {
            continue;
        }
        let expected = sysdig(&path, &["-p", FIELDS]);
        for (name, compression) in [
            ("a.scap", Compression::None),
            ("a.scap.gz", Compression::Gzip),
        ] {
            if compression == Compression::Gzip && original.events.len() > SMALL {
                continue;
            }
            let ours = folder.path().join(name);
            std::fs::write(&ours, write(&original, compression)).unwrap();
            let found = sysdig(&ours, &["-p", FIELDS]);
            assert!(found.status.success(), "{path:?}: {found:?}");
            assert!(found.stderr.is_empty(), "{path:?}: {found:?}");
            // Some files it refuses as they are, and reads once we have rewritten them.
            if expected.status.success() {
                assert_same_lines(&path, &original, &expected.stdout, &found.stdout);
                compared += 1;
            }
        }
    }
    println!("{compared} files compared");
}

#[test]
fn files_rewritten_by_sysdig_read_like_the_originals() {
    if !has_sysdig() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for path in captures() {
        let small = path.metadata().is_ok_and(|file| file.len() < 30_000);
        for flag in [None, Some("-z")].into_iter().take(1 + usize::from(small)) {
            let copy = folder.path().join("copy.scap");
            let mut arguments = vec!["-w", copy.to_str().unwrap()];
            arguments.extend(flag);
            if !sysdig(&path, &arguments).status.success() {
                continue;
            }
            let original = read_all(&decompressed(&path));
            let rewritten = read_all(&std::fs::read(&copy).unwrap());
            // From old interface lists it makes a block with a wrong length, at which it stops
            // itself; we tell, and read it.
            let readable = sysdig(&copy, &["-n", "1"]).status.success();
            assert_eq!(rewritten.gaps.len(), usize::from(!readable), "{path:?}");
            assert!(rewritten.gaps.iter().all(|gap| gap.bytes == 0), "{path:?}");
            for (new, old) in rewritten.sections.iter().zip(&original.sections) {
                assert_eq!(new.interfaces, old.interfaces, "{path:?}");
            }
            // It writes no event that it does not know or hides, and container events of its own
            // making.
            let known: Vec<&EventBuf> = (original.events.iter())
                .filter(|event| event.ty.0 < 336 && event.block_flags == 0 && !is_container(event))
                .collect();
            let found: Vec<&EventBuf> = (rewritten.events.iter())
                .filter(|event| !is_container(event))
                .collect();
            assert_eq!(found.len(), known.len(), "{path:?}");
            for (new, old) in found.iter().zip(&known) {
                assert_eq!(new, old, "{path:?}");
            }
            compared += 1;
        }
    }
    println!("{compared} files compared");
}

/// Events in the newest shape, as the probe sends them, for which old readers get another form.
fn newest_shapes() -> Vec<EventBuf> {
    let mut time = 1_700_000_000_000_000_000;
    let mut event = |ty: u16| {
        time += 1_000;
        EventBuilder::new(EventType(ty), time, 7)
    };
    let code = |name| capture_format::table::syscall_by_name(name).unwrap().code;
    let generic = |builder: EventBuilder, code: u16, native: u16| {
        builder
            .param(&code.to_le_bytes())
            .param(&native.to_le_bytes())
    };
    let tuple = [2, 127, 0, 0, 1, 0x39, 0x30, 127, 0, 0, 1, 80, 0];
    vec![
        // dup3(3, 9, O_CLOEXEC)
        event(364).i64(3).build(),
        event(365).i64(9).i64(3).i64(9).u32(4096).build(),
        // pipe2
        event(392).build(),
        event(393).i64(0).i64(4).i64(5).u64(99).u32(64).build(),
        // socket with flags
        event(18).u32(2).u32(1).u32(0).build(),
        event(19).i64(6).u32(2).u32(1).u32(0).u32(64).build(),
        // accept4
        event(388).u32(0).build(),
        event(389)
            .i64(8)
            .param(&tuple)
            .u8(0)
            .u32(0)
            .u32(5)
            .u32(0)
            .build(),
        // mseal, a call that 0.29.3 has no code for, with decoded arguments
        generic(event(0), code("mseal"), 462).build(),
        generic(event(1), code("mseal"), 462)
            .u64(4096)
            .text("flags")
            .build(),
        // exit_group, which it knows, with decoded arguments
        generic(event(0), code("exit_group"), 231).i64(1).build(),
        // prctl, an event type that it skips
        event(400).build(),
        // fcntl with the argument
        event(150).i64(9).u8(4).build(),
        event(151).i64(0).i64(9).u8(4).u64(7).build(),
        // Text that could not be read
        event(301).i64(-14).param(b"").build(),
    ]
}

#[test]
fn newest_shapes_are_portable_and_lose_nothing() {
    let events = newest_shapes();
    let machine = capture_format::MachineInfo {
        num_cpus: 1,
        ..Default::default()
    };
    let contents = Contents {
        sections: vec![capture_format::Snapshot {
            machine: Some(machine),
            ..Default::default()
        }],
        events: events.clone(),
        gaps: vec![],
    };
    let bytes = write(&contents, Compression::None);
    assert_eq!(read_all(&bytes).events, events);
    if !has_sysdig() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.scap");
    std::fs::write(&file, bytes).unwrap();
    let output = sysdig(&file, &["-p", "%evt.num %evt.dir %evt.type %evt.args"]);
    assert!(output.stderr.is_empty(), "{output:?}");
    let expected = "\
1 > dup fd=3
2 < dup res=9
3 > pipe
4 < pipe res=0 fd1=4(<p>) fd2=5(<p>) ino=99
5 > socket domain=2(AF_INET) type=1 proto=0
6 < socket fd=6(<4>)
7 > accept flags=0
8 < accept fd=8(<4t>127.0.0.1:12345->127.0.0.1:80) tuple=127.0.0.1:12345->127.0.0.1:80 queuepct=0 queuelen=0 queuemax=5
9 > <unknown>
10 < <unknown>
11 > exit_group
12 > fcntl fd=9 cmd=4(F_GETFL)
13 < fcntl res=0
14 < unlink res=-14(EFAULT) path=<NA>
";
    let found = String::from_utf8_lossy(&output.stdout);
    let trimmed: String = found
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    assert_eq!(trimmed, expected);
}

#[test]
fn recording_without_enter_events_keeps_its_descriptors_in_sysdig() {
    let Some(made) = common::shared("fixtures/scap/made").filter(|_| has_sysdig()) else {
        return;
    };
    let mut original = read_all(&std::fs::read(made.join("portable-exit-only.scap")).unwrap());
    // The file was made from events that said which descriptor was duplicated; as the probe does.
    for event in &mut original.events {
        if event.ty.0 == 125 {
            *event = EventBuilder::new(EventType(367), event.timestamp_ns, event.tid)
                .i64(7)
                .i64(3)
                .build();
        }
    }
    let mut writer = Writer::create(
        Vec::new(),
        Profile::default(),
        Compression::None,
        &original.sections[0],
    )
    .unwrap();
    writer.synthesize_enters(true);
    for event in &original.events {
        writer.event(&event.as_event()).unwrap();
    }
    let bytes = writer.finish().unwrap();
    assert_eq!(read_all(&bytes).events, original.events);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("exits.scap");
    std::fs::write(&file, bytes).unwrap();
    let exits = |file: &Path| {
        let output = sysdig(
            file,
            &["-p", "*%evt.type %fd.num %fd.name %evt.args", "evt.dir=<"],
        );
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(exits(&file), exits(&made.join("portable-relaxed.scap")));
}

#[test]
fn capture_without_events_is_accepted() {
    if !has_sysdig() {
        return;
    }
    for profile in [Profile::PortableRelaxed, Profile::PortableStrict] {
        let snapshot = Default::default();
        let writer = Writer::create(Vec::new(), profile, Compression::Gzip, &snapshot).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("empty.scap.gz");
        std::fs::write(&file, writer.finish().unwrap()).unwrap();
        let output = sysdig(&file, &[]);
        assert!(output.status.success(), "{output:?}");
        assert!(
            output.stdout.is_empty() && output.stderr.is_empty(),
            "{output:?}"
        );
    }
}

fn is_container(event: &EventBuf) -> bool {
    matches!(event.ty.0, 228 | 272 | 324)
}

fn assert_same_lines(path: &Path, original: &Contents, expected: &[u8], found: &[u8]) {
    let (expected, found) = (
        String::from_utf8_lossy(expected),
        String::from_utf8_lossy(found),
    );
    let misread = misread_numbers(original);
    for (old, new) in expected.lines().zip(found.lines()) {
        let number = old.split(' ').next().unwrap_or_default();
        if !misread.iter().any(|misread| misread == number) {
            assert_eq!(new, old, "{path:?}");
        }
    }
    assert_eq!(found.lines().count(), expected.lines().count(), "{path:?}");
}

/// Numbers of events with text of length 0, for which sysdig prints whatever lies there. In our
/// file it finds `<NA>`.
fn misread_numbers(contents: &Contents) -> Vec<String> {
    let known = contents.events.iter().filter(|event| event.ty.0 < 336);
    (1..)
        .zip(known)
        .filter(|(_, event)| {
            let event = event.as_event();
            let params = event.info().map_or(&[][..], |info| info.params);
            event.params().zip(params).any(|(bytes, param)| {
                use capture_format::ParamType::{CharBuf, FsPath, FsRelPath};
                bytes.is_empty() && matches!(param.ty, CharBuf | FsPath | FsRelPath)
            })
        })
        .map(|(number, _)| i32::to_string(&number))
        .collect()
}
