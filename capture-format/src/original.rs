//! The option that keeps an event's original form beside its portable one.
//!
//! It follows the padding of an event block, where other readers ignore options. A parameter that
//! the portable form holds unchanged is only referred to, so the option is small.

use crate::event::{Event, is_large};
use crate::table::EventType;

/// pcapng option code: local use, and a `Q`.
const CODE: u16 = 0x8051;
/// Marks the payload as ours; local codes belong to everybody.
const MAGIC: u8 = b'Q';
/// The event was made up for other readers and is to be dropped.
const SYNTHETIC: u8 = 0;
/// The original form follows.
const ORIGINAL: u8 = 1;
/// The same, in an event that other readers hide and ours shows.
const CARRIED: u8 = 2;
/// Parameter that is not in the portable form: u16 length and bytes follow.
const INLINE: u8 = 0xf0;
/// Parameter without bytes.
const NOTHING: u8 = 0xf1;

/// What the option says about its event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin<'a> {
    Synthetic,
    Original(Original<'a>),
}

/// The original form, still encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Original<'a> {
    ty: EventType,
    nparams: u16,
    params: &'a [u8],
    carried: bool,
}

/// Looks for the option among a block's options.
pub(crate) fn find(mut options: &[u8]) -> Option<Origin<'_>> {
    while options.len() >= 4 {
        let code = u16::from_le_bytes([options[0], options[1]]);
        let len = usize::from(u16::from_le_bytes([options[2], options[3]]));
        let value = options.get(4..4 + len)?;
        if code == CODE
            && let Some(origin) = parse(value)
        {
            return Some(origin);
        }
        options = options.get(4 + len.next_multiple_of(4)..)?;
    }
    None
}

fn parse(value: &[u8]) -> Option<Origin<'_>> {
    match value {
        [MAGIC, SYNTHETIC, ..] => Some(Origin::Synthetic),
        [
            MAGIC,
            form @ (ORIGINAL | CARRIED),
            t0,
            t1,
            n0,
            n1,
            params @ ..,
        ] => Some(Origin::Original(Original {
            ty: EventType(u16::from_le_bytes([*t0, *t1])),
            nparams: u16::from_le_bytes([*n0, *n1]),
            params,
            carried: *form == CARRIED,
        })),
        _ => None,
    }
}

impl Original<'_> {
    /// Type of the original.
    pub(crate) fn ty(&self) -> EventType {
        self.ty
    }

    /// Whether the block hides its event and the original is to be shown.
    pub(crate) fn is_carried(&self) -> bool {
        self.carried
    }

    /// Puts the original's lengths and values together and returns the number of parameters, or
    /// `None` when option and portable form do not belong together.
    pub(crate) fn restore(
        &self,
        portable: &Event<'_>,
        lengths: &mut Vec<u8>,
        values: &mut Vec<u8>,
    ) -> Option<u32> {
        lengths.clear();
        values.clear();
        let large = is_large(self.ty);
        let mut rest = self.params;
        for _ in 0..self.nparams {
            let (&op, after) = rest.split_first()?;
            rest = after;
            let bytes = match op {
                NOTHING => &[],
                INLINE => {
                    let (len, after) = rest.split_at_checked(2)?;
                    let len = usize::from(u16::from_le_bytes(len.try_into().ok()?));
                    let (bytes, after) = after.split_at_checked(len)?;
                    rest = after;
                    bytes
                }
                index => portable.param(usize::from(index))?,
            };
            if large {
                lengths.extend_from_slice(&u32::try_from(bytes.len()).ok()?.to_le_bytes());
            } else {
                lengths.extend_from_slice(&u16::try_from(bytes.len()).ok()?.to_le_bytes());
            }
            values.extend_from_slice(bytes);
        }
        Some(u32::from(self.nparams))
    }
}

/// Appends the option that keeps `original` beside `portable`.
///
/// `None`, with nothing appended, when it is too long for an option.
pub(crate) fn write_original(
    out: &mut Vec<u8>,
    original: &Event<'_>,
    portable: &Event<'_>,
    carried: bool,
) -> Option<()> {
    let nparams = u16::try_from(original.nparams()).ok()?;
    let mut value = vec![MAGIC, if carried { CARRIED } else { ORIGINAL }];
    value.extend_from_slice(&original.ty.0.to_le_bytes());
    value.extend_from_slice(&nparams.to_le_bytes());
    let kept: Vec<&[u8]> = portable.params().take(usize::from(INLINE)).collect();
    for (index, bytes) in original.params().enumerate() {
        // Usually at the same place; looking elsewhere finds those that moved.
        let same = kept.get(index).filter(|p| **p == bytes).map(|_| index);
        let found = same.or_else(|| kept.iter().position(|p| *p == bytes));
        match found {
            _ if bytes.is_empty() => value.push(NOTHING),
            Some(index) => value.push(index as u8),
            None => {
                value.push(INLINE);
                value.extend_from_slice(&u16::try_from(bytes.len()).ok()?.to_le_bytes());
                value.extend_from_slice(bytes);
            }
        }
    }
    write_option(out, &value)
}

/// Appends the option that marks an event as made up for other readers.
pub(crate) fn write_synthetic(out: &mut Vec<u8>) {
    // Two bytes always fit.
    let _ = write_option(out, &[MAGIC, SYNTHETIC]);
}

fn write_option(out: &mut Vec<u8>, value: &[u8]) -> Option<()> {
    let len = u16::try_from(value.len()).ok()?;
    out.extend_from_slice(&CODE.to_le_bytes());
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(value);
    out.resize(out.len().next_multiple_of(4), 0);
    // The end-of-options mark.
    out.extend_from_slice(&[0; 4]);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventBuilder;

    #[test]
    fn original_is_restored_from_portable_form_and_option() {
        let original = EventBuilder::new(EventType(365), 1, 1)
            .i64(7)
            .i64(3)
            .i64(7)
            .u32(4096)
            .build();
        let portable = EventBuilder::new(EventType(125), 1, 1).i64(7).build();
        let (original, portable) = (original.as_event(), portable.as_event());
        let mut option = Vec::new();
        write_original(&mut option, &original, &portable, false).unwrap();
        assert_eq!(option.len() % 4, 0);
        let Some(Origin::Original(found)) = find(&option) else {
            panic!("not found");
        };
        let (mut lengths, mut values) = (Vec::new(), Vec::new());
        assert_eq!(found.restore(&portable, &mut lengths, &mut values), Some(4));
        assert_eq!(found.ty(), original.ty);
        assert_eq!(lengths, original.raw_lengths());
        assert_eq!(values, original.raw_values());
    }

    #[test]
    fn other_options_are_passed_over() {
        let mut options = vec![1, 0, 3, 0, b'a', b'b', b'c', 0];
        write_synthetic(&mut options);
        assert_eq!(find(&options), Some(Origin::Synthetic));
        assert_eq!(find(&options[..8]), None);
        assert_eq!(find(&[0x51, 0x80, 2, 0, b'X', 0, 0, 0]), None);
        assert_eq!(find(&[0x51, 0x80, 0xff, 0xff]), None);
    }
}
