//! What the writer writes, the reader reads back: every capture, every profile.

mod common;

use std::collections::HashMap;

use capture_format::{
    Compression, Event, EventBuf, EventBuilder, EventType, FdEntry, Profile, Snapshot, Writer,
};
use common::{Contents, captures, decompressed, read_all};

fn rewritten(contents: &Contents, profile: Profile, compression: Compression) -> Vec<u8> {
    let mut writer =
        Writer::create(Vec::new(), profile, compression, &contents.sections[0]).unwrap();
    for event in &contents.events {
        writer.event(&event.as_event()).unwrap();
    }
    writer.finish().unwrap()
}

/// Lists by thread; a thread without a list has an empty one.
fn lists(snapshot: &Snapshot) -> HashMap<i64, Vec<FdEntry>> {
    let mut lists: HashMap<i64, Vec<FdEntry>> = (snapshot.threads.iter())
        .map(|thread| (thread.tid, vec![]))
        .collect();
    for (tid, list) in &snapshot.fds {
        if let Some(entry) = lists.get_mut(tid) {
            entry.clone_from(list);
        }
    }
    lists
}

#[test]
fn rewritten_captures_say_the_same() {
    for path in captures() {
        let original = read_all(&decompressed(&path));
        if original.sections.len() != 1 {
            continue;
        }
        for profile in [Profile::PortableRelaxed, Profile::PortableStrict] {
            let bytes = rewritten(&original, profile, Compression::None);
            let back = read_all(&bytes);
            assert_eq!(back.gaps, [], "{path:?}");
            assert!(back.events == original.events, "{path:?} {profile:?}");
            let (old, new) = (&original.sections[0], &back.sections[0]);
            assert_eq!(new.machine, old.machine, "{path:?}");
            assert_eq!(new.threads, old.threads, "{path:?}");
            assert_eq!(new.users, old.users, "{path:?}");
            assert_eq!(new.groups, old.groups, "{path:?}");
            assert_eq!(new.interfaces.len(), old.interfaces.len(), "{path:?}");
            assert_eq!(lists(new), lists(old), "{path:?}");
            // And once more, byte for byte.
            assert!(
                rewritten(&back, profile, Compression::None) == bytes,
                "{path:?}"
            );
        }
    }
}

#[test]
fn compressed_files_hold_the_same_bytes() {
    for path in captures().into_iter().take(6) {
        let original = read_all(&decompressed(&path));
        let plain = read_all(&rewritten(&original, Profile::default(), Compression::None));
        for compression in [Compression::Gzip, Compression::Zstd] {
            let bytes = rewritten(&original, Profile::default(), compression);
            assert!(read_all(&bytes) == plain, "{path:?} {compression:?}");
        }
    }
}

fn written(profile: Profile, events: &[EventBuf]) -> Vec<u8> {
    let mut writer =
        Writer::create(Vec::new(), profile, Compression::None, &Snapshot::default()).unwrap();
    for event in events {
        writer.event(&event.as_event()).unwrap();
    }
    writer.finish().unwrap()
}

/// One event of every type, once filled and once with nothing collected.
fn every_type() -> Vec<EventBuf> {
    let mut events = Vec::new();
    for info in &capture_format::table::EVENTS {
        for filled in [true, false] {
            let mut builder = EventBuilder::new(info.id, 1_000 + u64::from(info.id.0), 7).cpu(1);
            for (n, param) in info.params.iter().enumerate() {
                let size = param.ty.fixed_size().unwrap_or(n + 3);
                builder = builder.param(&vec![n as u8; if filled { size } else { 0 }]);
            }
            events.push(builder.build());
        }
    }
    events
}

#[test]
fn events_of_every_type_survive_the_portable_profiles() {
    let events = every_type();
    for profile in [Profile::PortableRelaxed, Profile::PortableStrict] {
        let back = read_all(&written(profile, &events));
        assert_eq!(back.events.len(), events.len());
        for (new, old) in back.events.iter().zip(&events) {
            assert_eq!(new, old, "{profile:?}");
        }
    }
}

#[test]
fn modern_profile_keeps_exits_and_the_enters_that_current_readers_take() {
    let events = every_type();
    let back = read_all(&written(Profile::Modern, &events));
    let kept: Vec<&EventBuf> = (events.iter())
        .filter(|event| {
            let event = event.as_event();
            !event.info().is_some_and(|info| info.is_syscall())
                || event.ty.0 % 2 == 1
                || [2, 22, 58, 306, 326].contains(&event.ty.0)
        })
        .collect();
    assert!(back.events.iter().eq(kept));
}

#[test]
fn decoded_arguments_of_generic_events_survive() {
    let generic = EventBuilder::new(EventType(1), 1, 1)
        .param(&2u16.to_le_bytes())
        .param(&60u16.to_le_bytes())
        .text("status=3")
        .i64(-1)
        .build();
    let back = read_all(&written(Profile::default(), std::slice::from_ref(&generic)));
    assert_eq!(back.events, [generic]);
}

#[test]
fn enter_repeated_for_execve_of_a_thread_is_for_others_only() {
    let exec_exit = |tid| {
        let mut exit = EventBuilder::new(EventType(293), 4, tid).i64(0);
        for _ in 1..30 {
            exit = exit.param(b"");
        }
        exit.text("/bin/true").build()
    };
    let events = [
        EventBuilder::new(EventType(64), 1, 100)
            .u64(1)
            .param(&[0, 0])
            .u64(0)
            .build(),
        EventBuilder::new(EventType(292), 2, 101)
            .text("/bin/true")
            .build(),
        exec_exit(100),
    ];
    let bytes = written(Profile::default(), &events);
    let back = read_all(&bytes);
    assert_eq!(back.events, events);
    let blocks = bytes.windows(4).filter(|w| *w == [0x16, 2, 0, 0]).count();
    assert_eq!(blocks, 4);
}

#[test]
fn file_without_events_gets_one_that_is_hidden() {
    let bytes = written(Profile::default(), &[]);
    let back = read_all(&bytes);
    assert_eq!((back.events.len(), back.sections.len()), (0, 1));
    assert!(bytes.windows(4).any(|w| w == [0x17, 2, 0, 0]));
}

#[test]
fn sections_follow_each_other_and_each_has_its_lists() {
    let mut writer = Writer::create(
        Vec::new(),
        Profile::default(),
        Compression::Gzip,
        &Snapshot::default(),
    )
    .unwrap();
    let close = EventBuilder::new(EventType(4), 1, 1).i64(3).build();
    writer.event(&close.as_event()).unwrap();
    let second = Snapshot {
        threads: vec![Default::default()],
        ..Snapshot::default()
    };
    writer.section(&second).unwrap();
    writer.event(&close.as_event()).unwrap();
    let back = read_all(&writer.finish().unwrap());
    assert_eq!(back.events.len(), 2);
    assert_eq!(back.sections.len(), 2);
    assert_eq!(back.sections[1].threads.len(), 1);
}

#[test]
fn event_of_any_size_stays_within_a_block_and_the_cut_is_counted() {
    let write = EventBuilder::new(EventType(9), 1, 1)
        .i64(65_535)
        .param(&vec![b'x'; 65_535])
        .i64(1)
        .u32(65_535)
        .build();
    let mut writer = Writer::create(
        Vec::new(),
        Profile::default(),
        Compression::None,
        &Snapshot::default(),
    )
    .unwrap();
    writer.event(&write.as_event()).unwrap();
    assert_eq!(writer.counters().cut, 1);
    let bytes = writer.finish().unwrap();
    assert!(bytes.len() - 28 <= 65_536 + 8);
    let back = read_all(&bytes);
    assert!(back.events[0].as_event().param(1).unwrap().len() > 65_000);
}

#[test]
fn flushed_blocks_can_be_read_before_the_end() {
    struct Shared(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);
    impl std::io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
        let out = std::rc::Rc::default();
        let output = Shared(std::rc::Rc::clone(&out));
        let mut writer = Writer::create(
            output,
            Profile::default(),
            compression,
            &Snapshot::default(),
        )
        .unwrap();
        let close = EventBuilder::new(EventType(4), 1, 1).i64(3).build();
        let event: Event<'_> = close.as_event();
        for _ in 0..10 {
            writer.event(&event).unwrap();
        }
        writer.flush_blocks().unwrap();
        let so_far = out.borrow().clone();
        assert_eq!(read_all(&so_far).events.len(), 10, "{compression:?}");
    }
}
