//! Real and made captures are read completely.

mod common;

use capture_format::{Item, SliceReader};
use common::{captures, decompressed, read_all, shared};

/// Names and event counts, from the table in the captures' README.
fn counts() -> Vec<(String, usize)> {
    let Some(root) = shared("fixtures/scap/public/README.md") else {
        return vec![];
    };
    let text = std::fs::read_to_string(root).expect("readable");
    text.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let name = cells.get(1)?.strip_suffix(".scap")?;
            Some((name.to_owned(), cells.get(7)?.parse().ok()?))
        })
        .collect()
}

#[test]
fn public_captures_have_the_documented_number_of_events() {
    let counts = counts();
    for (name, expected) in &counts {
        let path = shared(&format!("fixtures/scap/public/{name}.scap")).expect("listed");
        let contents = read_all(&std::fs::read(path).expect("readable"));
        assert_eq!(contents.gaps, [], "{name}");
        assert_eq!(contents.events.len(), *expected, "{name}");
        assert_eq!(contents.sections.len(), 1, "{name}");
        assert!(!contents.sections[0].threads.is_empty(), "{name}");
    }
    assert!(counts.is_empty() || counts.len() == 26);
}

#[test]
fn made_captures_are_whole() {
    for path in captures() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let contents = read_all(&std::fs::read(&path).expect("readable"));
        assert_eq!(contents.gaps, [], "{name}");
        let expected = match name.as_str() {
            "concatenated.scap" | "concatenated.scap.gz" => (51, 2),
            "portable-relaxed.scap" | "portable-relaxed.scap.gz" => (47, 1),
            "ev-v1.scap" | "evf-v1.scap" | "evf-state-only.scap" => (4, 1),
            "modern.scap" => (26, 1),
            _ => continue,
        };
        assert_eq!(
            (contents.events.len(), contents.sections.len()),
            expected,
            "{name}"
        );
    }
}

#[test]
fn stored_parameter_lengths_agree_with_the_event_table() {
    for path in captures() {
        let contents = read_all(&std::fs::read(&path).expect("readable"));
        for event in &contents.events {
            let event = event.as_event();
            let Some(info) = event.info() else { continue };
            assert!(
                event.nparams() <= info.params.len(),
                "{path:?} {}",
                info.symbol
            );
            for (param, bytes) in info.params.iter().zip(event.params()) {
                if let Some(size) = param.ty.fixed_size() {
                    assert!(
                        bytes.is_empty() || bytes.len() == size,
                        "{path:?} {}.{}: {} bytes",
                        info.symbol,
                        param.name,
                        bytes.len()
                    );
                }
            }
        }
    }
}

#[test]
fn slice_and_stream_read_the_same() {
    for path in captures() {
        let plain = decompressed(&path);
        let contents = read_all(&plain);
        let mut reader = SliceReader::open(&plain).unwrap();
        let mut events = contents.events.iter();
        while let Some(item) = reader.next_item().unwrap() {
            if let Item::Event(event) = item {
                assert_eq!(Some(&event.to_buf()), events.next(), "{path:?}");
            }
        }
        assert!(events.next().is_none(), "{path:?}");
        assert_eq!(reader.counters().bytes, plain.len() as u64, "{path:?}");
    }
}
