//! What the tests of this folder share.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use capture_format::{EventBuf, Gap, Item, Reader, Snapshot};

/// A folder beside the workspace, or `None` after saying so.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)?
        .join("shared")
        .join(path);
    if found.exists() {
        return Some(found);
    }
    println!("skipped: ../shared/{path} not found");
    None
}

/// Every `.scap` and `.scap.gz` below the shared captures, sorted.
pub(crate) fn captures() -> Vec<PathBuf> {
    let Some(root) = shared("fixtures/scap") else {
        return vec![];
    };
    let mut files: Vec<PathBuf> = ["public", "made"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).into_iter().flatten())
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.to_string_lossy();
            name.ends_with(".scap") || name.ends_with(".scap.gz")
        })
        .collect();
    files.sort();
    files
}

/// Everything in a capture.
#[derive(Default, PartialEq, Debug)]
pub(crate) struct Contents {
    pub(crate) sections: Vec<Snapshot>,
    pub(crate) events: Vec<EventBuf>,
    pub(crate) gaps: Vec<Gap>,
}

/// Reads a capture to its end.
pub(crate) fn read_all(bytes: &[u8]) -> Contents {
    let mut contents = Contents::default();
    let mut reader = Reader::open(bytes).expect("a capture");
    while let Some(item) = reader.next_item().expect("memory does not fail") {
        match item {
            Item::Section(snapshot) => contents.sections.push(*snapshot),
            Item::Event(event) => contents.events.push(event.to_buf()),
            Item::Gap(gap) => contents.gaps.push(gap),
        }
    }
    contents
}

/// The bytes of a capture without its compression.
pub(crate) fn decompressed(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).expect("readable");
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        let mut decoder = flate2::read::MultiGzDecoder::new(bytes.as_slice());
        std::io::Read::read_to_end(&mut decoder, &mut plain).expect("whole");
        return plain;
    }
    bytes
}
