//! Damaged captures yield every whole block, in bounded time and memory.

mod common;

use capture_format::{Damage, Error, Item, Reader, SliceReader};
use common::{Contents, captures, decompressed, read_all};

/// Small captures of every shape, decompressed.
fn small_captures() -> Vec<(String, Vec<u8>)> {
    captures()
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("/made/"))
        .map(|path| (path.to_string_lossy().into_owned(), decompressed(&path)))
        .collect()
}

/// Type number, beginning and end of each block.
fn blocks(bytes: &[u8]) -> Vec<(u32, usize, usize)> {
    let mut at = 0;
    let mut blocks = Vec::new();
    while at < bytes.len() {
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let len = word(at + 4) as usize;
        blocks.push((word(at), at, at + len));
        at += len;
    }
    blocks
}

fn is_event(number: u32) -> bool {
    matches!(number, 0x204 | 0x208 | 0x216 | 0x217 | 0x221 | 0x222)
}

/// Reads what can be read, or nothing where that is an error.
fn read_slice(bytes: &[u8]) -> Contents {
    let mut contents = Contents::default();
    let Ok(mut reader) = SliceReader::open(bytes) else {
        return contents;
    };
    while let Some(item) = reader.next_item().expect("memory does not fail") {
        match item {
            Item::Section(snapshot) => contents.sections.push(*snapshot),
            Item::Event(event) => contents.events.push(event.to_buf()),
            Item::Gap(gap) => contents.gaps.push(gap),
        }
    }
    assert_eq!(reader.counters().bytes, bytes.len() as u64);
    contents
}

/// Cuts `bytes` and checks that exactly the whole blocks before the cut are read.
fn check_cut(
    name: &str,
    bytes: &[u8],
    whole: &Contents,
    blocks: &[(u32, usize, usize)],
    cut: usize,
) {
    let mut reader = match SliceReader::open(&bytes[..cut]) {
        Ok(reader) => reader,
        Err(Error::Empty) if cut == 0 => return,
        Err(Error::NotACapture { .. }) if cut < 28 => return,
        Err(error) => panic!("{name} cut at {cut}: {error}"),
    };
    let (mut events, mut gaps) = (0, vec![]);
    while let Some(item) = reader.next_item().unwrap() {
        match item {
            Item::Section(_) => {}
            Item::Event(event) => {
                assert_eq!(event.to_buf(), whole.events[events], "{name} cut at {cut}");
                events += 1;
            }
            Item::Gap(gap) => gaps.push(gap),
        }
    }
    let expected = blocks
        .iter()
        .filter(|(number, _, end)| is_event(*number) && *end <= cut)
        .count();
    assert_eq!(events, expected, "{name} cut at {cut}");
    let clean = cut == 0 || blocks.iter().any(|(_, _, end)| *end == cut);
    assert_eq!(
        gaps.len(),
        usize::from(!clean),
        "{name} cut at {cut}: {gaps:?}"
    );
    for gap in gaps {
        assert!(
            matches!(gap.damage, Damage::Truncated { .. } | Damage::SectionHeader),
            "{gap}"
        );
        assert_eq!(gap.offset + gap.bytes, cut as u64, "{gap}");
    }
}

#[test]
fn cut_anywhere_keeps_every_whole_block() {
    for (name, bytes) in small_captures() {
        let whole = read_slice(&bytes);
        let blocks = blocks(&bytes);
        for cut in 0..=bytes.len() {
            check_cut(&name, &bytes, &whole, &blocks, cut);
        }
    }
}

#[test]
fn cut_large_captures_keep_every_whole_block() {
    let mut random = Random(0x5ca9);
    for path in captures() {
        let bytes = decompressed(&path);
        let name = path.to_string_lossy();
        let whole = read_slice(&bytes);
        let blocks = blocks(&bytes);
        let last = (0..300).map(|n| bytes.len() - n * 3);
        let anywhere: Vec<usize> = (0..20).map(|_| random.below(bytes.len())).collect();
        for cut in last.take_while(|cut| *cut > 0).step_by(20).chain(anywhere) {
            check_cut(&name, &bytes, &whole, &blocks, cut);
        }
    }
}

/// The complete form of the two tests above; minutes in a release build.
#[test]
#[ignore = "takes minutes; run in release mode"]
fn five_captures_cut_at_every_byte_of_their_last_64_kib() {
    let mut random = Random(0x5ca9);
    let names = [
        "falco-cat-write",
        "falco-syscall",
        "libs-unit-sample",
        "falco-empty.",
        "filesat",
    ];
    for path in captures() {
        let name = path.to_string_lossy();
        if !names.iter().any(|wanted| name.contains(wanted)) {
            continue;
        }
        let bytes = decompressed(&path);
        let whole = read_slice(&bytes);
        let blocks = blocks(&bytes);
        let from = bytes.len().saturating_sub(64 * 1024);
        let anywhere: Vec<usize> = (0..2_000).map(|_| random.below(bytes.len())).collect();
        for cut in (from..bytes.len()).chain(anywhere) {
            check_cut(&name, &bytes, &whole, &blocks, cut);
        }
    }
}

#[test]
fn flipped_bit_costs_no_more_than_its_block() {
    for (name, bytes) in small_captures() {
        // The larger ones have the same blocks, more often.
        if bytes.len() > 1_500 {
            continue;
        }
        let whole = read_slice(&bytes);
        let blocks = blocks(&bytes);
        for bit in 0..bytes.len() * 8 {
            let at = bit / 8;
            // A newer version is refused, whatever the reason for the number.
            if (12..14).contains(&at) {
                continue;
            }
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (bit % 8);
            let found = read_slice(&damaged);
            let count = |range: &dyn Fn(usize, usize) -> bool| {
                blocks
                    .iter()
                    .filter(|(number, begin, end)| is_event(*number) && range(*begin, *end))
                    .count()
            };
            let before = count(&|_, end| end <= at);
            let after = count(&|begin, _| begin > at);
            let intact = found.events.len() >= before + after
                && found.events[..before] == whole.events[..before]
                && found.events[found.events.len() - after..]
                    == whole.events[whole.events.len() - after..];
            assert!(intact, "{name} bit {bit}: {:?}", found.gaps);
        }
    }
}

#[test]
fn mutated_files_are_read_to_their_end() {
    let captures: Vec<Vec<u8>> = (small_captures().into_iter())
        .map(|(_, bytes)| bytes)
        .filter(|bytes| bytes.len() < 1_500)
        .collect();
    if captures.is_empty() {
        return;
    }
    let before = peak_memory_kib();
    let mut random = Random(1);
    for round in 0..100_000u32 {
        let mut bytes = captures[random.below(captures.len())].clone();
        for _ in 0..=random.below(4) {
            mutate(&mut bytes, &mut random);
        }
        let found = read_slice(&bytes);
        let kept: usize = found
            .events
            .iter()
            .map(|e| e.as_event().raw_values().len())
            .sum();
        assert!(kept <= bytes.len(), "round {round}");
        // Streams take another path through the same blocks; one in ten is enough.
        if round % 10 == 0
            && let Ok(mut reader) = Reader::open(bytes.as_slice())
        {
            let mut events = 0;
            while let Some(item) = reader.next_item().unwrap() {
                events += usize::from(matches!(item, Item::Event(_)));
            }
            assert_eq!(events, found.events.len(), "round {round}");
        }
    }
    if let (Some(before), Some(after)) = (before, peak_memory_kib()) {
        assert!(
            after < before + 64 * 1024,
            "{before} KiB before, {after} KiB after"
        );
    }
}

#[test]
fn cut_and_flipped_compressed_files_keep_what_was_decompressed() {
    let Some(path) = captures()
        .into_iter()
        .find(|path| path.ends_with("falco-cat-write.scap"))
    else {
        return;
    };
    let bytes = std::fs::read(path).unwrap();
    let whole = read_all(&bytes);
    assert!(matches!(
        Reader::open(&bytes[..100]),
        Err(Error::Compression { .. })
    ));
    for cut in (4_000..bytes.len() - 1).step_by(997) {
        let found = read_all(&bytes[..cut]);
        assert!(whole.events.starts_with(&found.events), "{cut}");
        assert!(matches!(
            found.gaps.last().map(|gap| &gap.damage),
            Some(Damage::Compression { .. })
        ));
    }
    for at in (4_000..bytes.len()).step_by(1_009) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        assert!(!read_all(&damaged).gaps.is_empty(), "{at}");
    }
}

#[test]
fn things_that_are_no_captures_are_told_apart() {
    let error = |bytes: &[u8]| SliceReader::open(bytes).unwrap_err().to_string();
    assert_eq!(error(b""), "the capture is empty");
    assert_eq!(
        error(b"\x7fELF, and more that is no capture at all"),
        "not a capture: expected the bytes 0a 0d 0d 0a, found 7f 45 4c 46"
    );
    let mut header = vec![0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0];
    header.extend([0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 2]);
    header.extend([0xff; 8]);
    header.extend([28, 0, 0, 0]);
    assert!(error(&header).contains("big-endian"));
    header[8..16].copy_from_slice(&[0x4d, 0x3c, 0x2b, 0x1a, 2, 0, 0, 0]);
    assert_eq!(error(&header), "expected format version 1, found 2");
}

#[test]
fn capture_without_its_section_header_is_still_read() {
    for (_, bytes) in small_captures().into_iter().take(3) {
        let whole = read_slice(&bytes);
        let found = read_slice(&bytes[28..]);
        assert_eq!(found.events, whole.events);
        assert_eq!(found.sections, whole.sections);
    }
}

#[test]
fn second_capture_is_found_behind_a_cut_first_one() {
    for (_, bytes) in small_captures().into_iter().take(3) {
        let whole = read_slice(&bytes);
        let joined = [&bytes[..bytes.len() - 7], &bytes[..]].concat();
        let found = read_slice(&joined);
        assert_eq!(found.events.len(), whole.events.len() * 2 - 1);
        assert_eq!(found.sections.len(), whole.sections.len() * 2);
        assert_eq!(found.gaps.len(), 1);
    }
}

/// One of the things that happen to files, and some that only happen on purpose.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    const LENGTHS: [u32; 8] = [0, 4, 12, 13, 0xffff, 0x10_0000, 0x7fff_fffc, 0xffff_ffff];
    if bytes.len() < 8 {
        return;
    }
    let at = random.below(bytes.len());
    let aligned = at & !3;
    let some = random.below(64) + 1;
    match random.below(8) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = random.below(256) as u8,
        2 => {
            let word = LENGTHS[random.below(LENGTHS.len())].to_le_bytes();
            if let Some(place) = bytes.get_mut(aligned..aligned + 4) {
                place.copy_from_slice(&word);
            }
        }
        3 => bytes.truncate(at),
        4 => {
            bytes.drain(at..(at + some).min(bytes.len()));
        }
        5 => {
            let copy = bytes[at..(at + some).min(bytes.len())].to_vec();
            bytes.splice(at..at, copy);
        }
        6 => {
            let noise: Vec<u8> = (0..some).map(|_| random.below(256) as u8).collect();
            bytes.splice(at..at, noise);
        }
        _ => {
            let other = random.below(bytes.len()) & !3;
            if let Some(word) = bytes.get(other..other + 4).map(<[u8]>::to_vec)
                && let Some(place) = bytes.get_mut(aligned..aligned + 4)
            {
                place.copy_from_slice(&word);
            }
        }
    }
}

/// A small generator, so that every run sees the same files.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % limit.max(1)
    }
}

fn peak_memory_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
