//! A small capture with something for every option.

use std::fs::File;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::OnceLock;

use capture_format::table::EVENTS;
use capture_format::writer::{Compression, Profile, Writer};
use capture_format::{
    EventBuf, EventBuilder, EventType, FdEntry, FdEntryKind, GroupEntry, MachineInfo, Snapshot,
    ThreadEntry, UserEntry,
};

/// 2023-11-14 22:13:20 UTC.
pub(crate) const START_NS: u64 = 1_700_000_000_000_000_000;

/// Events that the default output shows.
pub(crate) const SHOWN: usize = 12;

/// The capture, written once per run of the tests.
pub(crate) fn capture() -> &'static PathBuf {
    static CAPTURE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = CAPTURE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("sample.scap");
        write(&path);
        (folder, path)
    });
    path
}

/// Writes the capture to a file.
pub(crate) fn write(path: &std::path::Path) {
    let file = File::create(path).expect("the file can be made");
    let mut writer = Writer::create(file, Profile::default(), Compression::None, &snapshot())
        .expect("the file can be written");
    for event in events() {
        writer
            .event(&event.as_event())
            .expect("the file can be written");
    }
    writer.finish().expect("the file can be written");
}

fn snapshot() -> Snapshot {
    let thread = |tid: i64, ptid: i64, comm: &[u8], uid: u32| ThreadEntry {
        tid,
        pid: tid,
        ptid,
        sid: 100,
        vtid: tid,
        vpid: tid,
        comm: comm.to_vec(),
        exe: comm.to_vec(),
        exe_path: [b"/bin/", comm].concat(),
        cwd: b"/srv".to_vec(),
        root: b"/".to_vec(),
        uid,
        gid: uid,
        ..ThreadEntry::default()
    };
    Snapshot {
        machine: Some(MachineInfo {
            num_cpus: 2,
            memory_bytes: 1 << 30,
            hostname: b"sample".to_vec(),
            ..MachineInfo::default()
        }),
        interfaces: vec![],
        users: vec![UserEntry {
            uid: 33,
            gid: 33,
            name: b"www".to_vec(),
            home: b"/srv".to_vec(),
            shell: b"/bin/sh".to_vec(),
        }],
        groups: vec![GroupEntry {
            gid: 33,
            name: b"www".to_vec(),
        }],
        threads: vec![
            thread(100, 1, b"bash", 0),
            thread(200, 100, b"web", 33),
            thread(300, 1, b"cron", 0),
        ],
        fds: vec![
            (100, vec![]),
            (
                200,
                vec![FdEntry {
                    fd: 5,
                    ino: 77,
                    kind: FdEntryKind::Ipv4 {
                        src: Ipv4Addr::new(10, 0, 0, 1),
                        dst: Ipv4Addr::new(10, 0, 0, 2),
                        src_port: 40_000,
                        dst_port: 53,
                        l4: 3,
                    },
                }],
            ),
            (300, vec![]),
        ],
    }
}

/// Type of an event by its symbol.
fn ty(symbol: &str) -> EventType {
    EVENTS
        .iter()
        .find(|info| info.symbol == symbol)
        .unwrap_or_else(|| panic!("no event {symbol}"))
        .id
}

/// Events one millisecond apart; the last two come two seconds later.
fn events() -> Vec<EventBuf> {
    let payload = payload();
    let at = |symbol: &str, ms: u64, tid: i64| {
        EventBuilder::new(ty(symbol), START_NS + ms * 1_000_000, tid).cpu((ms % 2) as u16)
    };
    vec![
        at("PROCINFO_E", 0, 200).u64(1).u64(2).build(),
        at("SYSCALL_OPEN_E", 1, 200)
            .text("/etc/passwd")
            .u32(1)
            .u32(0)
            .build(),
        at("SYSCALL_OPEN_X", 2, 200)
            .i64(3)
            .text("/etc/passwd")
            .u32(1)
            .u32(0)
            .u32(0)
            .u64(0)
            .build(),
        at("SYSCALL_READ_E", 3, 200).i64(3).u32(4096).build(),
        at("SYSCALL_READ_X", 4, 200)
            .i64(payload.len() as i64)
            .param(&payload)
            .i64(3)
            .u32(4096)
            .build(),
        at("SYSCALL_CLOSE_E", 5, 200).i64(3).build(),
        at("SYSCALL_CLOSE_X", 6, 200).i64(0).i64(3).build(),
        at("SYSCALL_WRITE_E", 7, 200).i64(5).u32(2).build(),
        at("SYSCALL_WRITE_X", 8, 200)
            .i64(2)
            .param(b"ok")
            .i64(5)
            .u32(2)
            .build(),
        at("SYSCALL_OPEN_E", 9, 300)
            .text("/nowhere")
            .u32(1)
            .u32(0)
            .build(),
        at("SYSCALL_OPEN_X", 10, 300)
            .i64(-2)
            .text("/nowhere")
            .u32(1)
            .u32(0)
            .u32(0)
            .u64(0)
            .build(),
        at("SYSCALL_OPEN_E", 2000, 300)
            .text(b"/bad\x1b[2J\xff")
            .u32(1)
            .u32(0)
            .build(),
        at("SYSCALL_OPEN_X", 2001, 300)
            .i64(-2)
            .text(b"/bad\x1b[2J\xff")
            .u32(1)
            .u32(0)
            .u32(0)
            .u64(0)
            .build(),
    ]
}

/// A hundred bytes with a line break and a control character near the start.
fn payload() -> Vec<u8> {
    let mut bytes = b"GET / HTTP/1.0\r\n\x1bx".to_vec();
    bytes.resize(100, b'a');
    bytes
}
