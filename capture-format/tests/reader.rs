//! What the reader makes of blocks that no capture at hand has.

mod common;

use capture_format::{EventType, Item, Reader};
use common::read_all;

/// Builds a capture block by block.
struct File(Vec<u8>);

impl File {
    fn new() -> Self {
        let mut body = 0x1A2B_3C4Du32.to_le_bytes().to_vec();
        body.extend([1, 0, 2, 0]);
        body.extend([0xff; 8]);
        File(vec![]).block(0x0A0D_0D0A, &body)
    }

    fn block(mut self, number: u32, body: &[u8]) -> Self {
        let padded = body.len().next_multiple_of(4);
        let total = (padded + 12) as u32;
        self.0.extend(number.to_le_bytes());
        self.0.extend(total.to_le_bytes());
        self.0.extend(body);
        self.0.resize(self.0.len() + padded - body.len(), 0);
        self.0.extend(total.to_le_bytes());
        self
    }

    /// An event with one parameter.
    fn event(self, number: u32, flags: Option<u32>, time: u64, ty: u16, param: &[u8]) -> Self {
        let large = EventType(ty)
            .info()
            .is_some_and(|info| info.flags & 2048 != 0);
        let width = if large { 4 } else { 2 };
        let mut body = vec![3, 0];
        if let Some(flags) = flags {
            body.extend(flags.to_le_bytes());
        }
        body.extend(time.to_le_bytes());
        body.extend(42i64.to_le_bytes());
        body.extend(((26 + width + param.len()) as u32).to_le_bytes());
        body.extend(ty.to_le_bytes());
        body.extend(1u32.to_le_bytes());
        body.extend(&(param.len() as u32).to_le_bytes()[..width]);
        body.extend(param);
        self.block(number, &body)
    }
}

#[test]
fn every_event_block_is_read() {
    let fd = 3i64.to_le_bytes();
    let long = vec![b'x'; 70_000];
    let file = File::new()
        .event(0x216, None, 1, 4, &fd)
        .event(0x217, Some(1), 2, 4, &fd)
        .event(0x221, None, 3, 324, &long)
        .event(0x222, Some(1), 4, 324, &long)
        // The type decides how wide lengths are, not the block.
        .event(0x216, None, 5, 324, &long);
    let contents = read_all(&file.0);
    assert_eq!(contents.gaps, []);
    let seen: Vec<(u64, u32, usize)> = (contents.events.iter())
        .map(|e| {
            (
                e.timestamp_ns,
                e.block_flags,
                e.as_event().param(0).unwrap().len(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (1, 0, 8),
            (2, 1, 8),
            (3, 0, 70_000),
            (4, 1, 70_000),
            (5, 0, 70_000)
        ]
    );
}

#[test]
fn unknown_blocks_and_events_are_counted_and_passed() {
    let fd = 3i64.to_le_bytes();
    let file = File::new()
        .block(0x777, b"before")
        .event(0x216, None, 1, 4, &fd)
        .block(0x778, b"between")
        .event(0x216, None, 2, 9_999, b"newer")
        .event(0x216, None, 3, 4, &fd);
    let mut reader = Reader::open(file.0.as_slice()).unwrap();
    let mut types = vec![];
    while let Some(item) = reader.next_item().unwrap() {
        match item {
            Item::Event(event) => types.push(event.ty.0),
            Item::Section(_) => {}
            Item::Gap(gap) => panic!("{gap}"),
        }
    }
    assert_eq!(types, [4, 9_999, 4]);
    let counters = reader.counters();
    assert_eq!((counters.unknown_blocks, counters.unknown_events), (2, 1));
    assert_eq!((counters.events, counters.blocks), (3, 6));
    assert_eq!(counters.bytes, file.0.len() as u64);
}

#[test]
fn unknown_time_is_that_of_the_event_before() {
    let fd = 3i64.to_le_bytes();
    let file = File::new()
        .event(0x216, None, 77, 4, &fd)
        .event(0x216, None, u64::MAX, 4, &fd);
    let times: Vec<u64> = (read_all(&file.0).events.iter())
        .map(|event| event.timestamp_ns)
        .collect();
    assert_eq!(times, [77, 77]);
}

#[test]
fn fields_of_newer_writers_are_skipped() {
    let entry = |fields: &[&[u8]], counts_itself: bool| {
        let fields = fields.concat();
        let len = fields.len() + if counts_itself { 4 } else { 0 } + 5;
        [&(len as u32).to_le_bytes()[..], &fields, b"newer"].concat()
    };
    let group = entry(&[&[1], &7u32.to_le_bytes(), &[1, 0], b"g"], true);
    let interface = entry(
        &[&[1, 0, 2, 0], &[127, 0, 0, 1], &[0; 8], &[0; 8], b"lo"],
        false,
    );
    let directory = entry(&[&4i64.to_le_bytes(), &[0; 8], &[2], &[1, 0], b"/"], true);
    let file = File::new()
        .block(0x219, &[&interface[..], &interface].concat())
        .block(0x220, &[&group[..], &group].concat())
        .block(
            0x218,
            &[&1i64.to_le_bytes()[..], &directory, &directory].concat(),
        )
        .event(0x216, None, 1, 4, &3i64.to_le_bytes());
    let contents = read_all(&file.0);
    assert_eq!(contents.gaps, []);
    let section = &contents.sections[0];
    assert_eq!((section.interfaces.len(), section.groups.len()), (2, 2));
    assert_eq!(section.fds[0].1.len(), 2);
}

#[test]
fn numbers_from_before_the_first_release_are_aliases() {
    let machine = [0; 180];
    let file = File::new()
        .block(0x8002_ABCD, &machine)
        .block(0x8001_ABCD, &1i64.to_le_bytes())
        .event(0x216, None, 1, 4, &3i64.to_le_bytes());
    let section = &read_all(&file.0).sections[0];
    assert!(section.machine.is_some());
    assert_eq!(section.fds, [(1, vec![])]);
}

#[test]
fn damaged_list_keeps_the_entries_before_and_tells() {
    let mut group = 14u32.to_le_bytes().to_vec();
    group.extend([1, 7, 0, 0, 0, 3, 0]);
    group.extend(b"adm");
    let mut longer = group.clone();
    longer[9] = 0xff;
    let file = File::new().block(0x220, &[group, longer].concat()).event(
        0x216,
        None,
        1,
        4,
        &3i64.to_le_bytes(),
    );
    let contents = read_all(&file.0);
    assert_eq!(contents.sections[0].groups.len(), 1);
    assert_eq!(contents.events.len(), 1);
    assert_eq!(
        contents.gaps[0].to_string(),
        "offset 0x1c: contents of metadata block 0x220 do not fit it"
    );
}

#[test]
fn lists_among_events_are_no_new_section() {
    let fd = 3i64.to_le_bytes();
    let file = File::new()
        .event(0x216, None, 1, 4, &fd)
        .block(0x220, &[])
        .event(0x216, None, 2, 4, &fd);
    let contents = read_all(&file.0);
    assert_eq!((contents.sections.len(), contents.events.len()), (1, 2));
    assert_eq!(contents.gaps.len(), 1);
}
