//! Entry points for fuzzers: any bytes, no panic, and what holds for all of them is checked.

use crate::event::EventBuilder;
use crate::param::Value;
use crate::reader::{Item, Reader, SliceReader};
use crate::table::{EVENTS, EventType};
use crate::writer::{Compression, Profile, Writer};
use crate::{Completed, Snapshot};

/// Reads bytes as a capture, from memory and as a stream, and completes every event.
pub fn read_capture(bytes: &[u8]) {
    let (mut in_memory, mut streamed) = (0u64, 0u64);
    if let Ok(mut reader) = SliceReader::open(bytes) {
        while let Ok(Some(item)) = reader.next_item() {
            if let Item::Event(event) = item {
                let completed = Completed::new(event, None);
                for index in 0..completed.nparams().min(64) {
                    let _ = completed.param(index);
                }
                in_memory += 1;
            }
        }
        assert_eq!(reader.counters().bytes, bytes.len() as u64);
    }
    let compressed = matches!(bytes, [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..]);
    if let Ok(mut reader) = Reader::open(bytes) {
        while let Ok(Some(item)) = reader.next_item() {
            streamed += u64::from(matches!(item, Item::Event(_)));
        }
        assert!(compressed || streamed == in_memory);
    }
}

/// Decodes bytes as a parameter of every type and encodes them again.
pub fn recode_params(bytes: &[u8]) {
    for param in EVENTS.iter().flat_map(|event| event.params) {
        assert_eq!(Value::decode(param.ty, bytes).encoded(param.ty), bytes);
    }
}

/// Makes an event of the bytes, writes it in every profile and reads it back.
///
/// The first two bytes are the type, then follow parameters, each after a length byte.
pub fn rewrite_event(bytes: &[u8]) {
    let Some(([low, high], mut rest)) = bytes.split_first_chunk::<2>() else {
        return;
    };
    let ty = EventType(u16::from_le_bytes([*low, *high]) % 500);
    let mut builder = EventBuilder::new(ty, 1, 1);
    while let Some((&len, after)) = rest.split_first() {
        let (param, after) = after.split_at(usize::from(len).min(after.len()));
        builder = builder.param(param);
        rest = after;
    }
    let event = builder.build();
    for profile in [Profile::PortableRelaxed, Profile::PortableStrict] {
        let written = Writer::create(Vec::new(), profile, Compression::None, &Snapshot::default())
            .and_then(|mut writer| {
                writer.event(&event.as_event())?;
                let cut = writer.counters().cut;
                Ok((writer.finish()?, cut))
            });
        let Ok((file, 0)) = written else { continue };
        let mut reader = SliceReader::open(&file).expect("we wrote it");
        let mut found = None;
        while let Ok(Some(item)) = reader.next_item() {
            if let Item::Event(event) = item {
                found = Some(event.to_buf());
            }
        }
        assert_eq!(found.as_ref(), Some(&event));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            read_capture(&bytes);
            recode_params(&bytes);
            rewrite_event(&bytes);
        }

        #[test]
        fn any_events_survive_writing(ty in 0u16..460, params in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..12), 0..40)) {
            let mut bytes = ty.to_le_bytes().to_vec();
            for param in params {
                bytes.push(param.len() as u8);
                bytes.extend(param);
            }
            rewrite_event(&bytes);
        }
    }
}
