//! Event blocks: where in a block the parts of its event lie.

use std::ops::Range;

use super::cursor::Cursor;
use super::kind::{self, BlockKind, FRAME, HEADER, begin, padded};
use crate::event::{Event, EventBuf, EventBuilder, is_large};
use crate::table::EventType;

/// An event inside a block; ranges count from the beginning of the block.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    pub(crate) timestamp_ns: u64,
    pub(crate) tid: i64,
    pub(crate) cpu: u16,
    pub(crate) block_flags: u32,
    pub(crate) ty: EventType,
    pub(crate) nparams: u32,
    pub(crate) lengths: Range<usize>,
    pub(crate) values: Range<usize>,
    /// Options between padding and trailer, usually none.
    pub(crate) options: Range<usize>,
}

/// What an event's length counts besides lengths and values.
const FIXED_LEN: usize = 26;
/// Parameters that a v1 event of an unknown type can have at most.
const MAX_UNKNOWN_PARAMS: usize = 64;

/// Finds the event in a whole block, or `None` when its lengths contradict each other.
pub(crate) fn locate(block: &[u8], counted: bool, flagged: bool) -> Option<Located> {
    let body_end = block.len().checked_sub(4)?;
    let mut fields = Cursor::new(block.get(HEADER..body_end)?);
    let cpu = fields.u16()?;
    let block_flags = if flagged { fields.u32()? } else { 0 };
    let timed_at = body_end - fields.remaining();
    let timestamp_ns = fields.u64()?;
    let tid = fields.i64()?;
    let len = usize::try_from(fields.u32()?).ok()?;
    let ty = EventType(fields.u16()?);
    let correction = if counted { 0 } else { excess(ty) };
    let end = timed_at.checked_add(len.checked_sub(correction)?)?;
    if end > body_end {
        return None;
    }
    let stored_count = if counted { Some(fields.u32()?) } else { None };
    let at = body_end - fields.remaining();
    let rest = block.get(at..end)?;
    let width = if is_large(ty) { 4 } else { 2 };
    let nparams = match stored_count {
        Some(count) => count,
        None => derived_count(rest, ty, width)?,
    };
    let values = at.checked_add(usize::try_from(nparams).ok()?.checked_mul(width)?)?;
    let located = Located {
        timestamp_ns,
        tid,
        cpu,
        block_flags,
        ty,
        nparams,
        lengths: at..values,
        values: values..end,
        options: padded(end).min(body_end)..body_end,
    };
    located.event(block, true)?;
    Some(located)
}

/// The total length that a block without options must have by what its event claims, from the
/// first bytes of the block.
///
/// Lets a reader see that a block's length is wrong before it waits for that many bytes.
pub(crate) fn claimed_len(head: &[u8], flagged: bool) -> Option<usize> {
    let before = HEADER + 2 + if flagged { 4 } else { 0 };
    let mut fields = Cursor::new(head.get(before + 16..)?);
    let end = before.checked_add(usize::try_from(fields.u32()?).ok()?)?;
    end.checked_next_multiple_of(4)?.checked_add(FRAME - HEADER)
}

impl Located {
    /// The event, borrowed from its block; checks lengths when asked to.
    pub(crate) fn event<'a>(&self, block: &'a [u8], check: bool) -> Option<Event<'a>> {
        let lengths = block.get(self.lengths.clone())?;
        let values = block.get(self.values.clone())?;
        if check {
            Event::from_parts(
                self.timestamp_ns,
                self.tid,
                self.cpu,
                self.block_flags,
                self.ty,
                self.nparams,
                lengths,
                values,
            )
        } else {
            Some(Event::from_checked_parts(self, lengths, values))
        }
    }
}

/// Two types were written with a length that counts three bytes too many, before counts existed.
fn excess(ty: EventType) -> usize {
    if matches!(ty.0, 280 | 286) { 3 } else { 0 }
}

/// The count for which lengths and values fill the event exactly. Larger counts need more bytes
/// than there are, so that the first match from above is the only one.
fn derived_count(rest: &[u8], ty: EventType, width: usize) -> Option<u32> {
    let most = ty
        .info()
        .map_or(MAX_UNKNOWN_PARAMS, |info| info.params.len());
    let len_at = |index: usize| -> Option<usize> {
        let bytes = rest.get(index * width..(index + 1) * width)?;
        crate::param::unsigned(bytes).and_then(|len| usize::try_from(len).ok())
    };
    let mut needed = 0usize;
    for count in 0..=most {
        if needed == rest.len() {
            return u32::try_from(count).ok();
        }
        needed = needed.checked_add(width)?.checked_add(len_at(count)?)?;
    }
    None
}

/// Begins the block of an event and writes the event, without padding.
pub(crate) fn begin_event(out: &mut Vec<u8>, event: &Event<'_>) -> usize {
    // Bit 4 only ever selected the block type inside writers.
    let flags = event.block_flags & !4;
    let large = is_large(event.ty);
    let at = begin(
        out,
        match (large, flags != 0) {
            (false, false) => kind::EVENT,
            (false, true) => kind::EVENT_FLAGGED,
            (true, false) => kind::EVENT_LARGE,
            (true, true) => kind::EVENT_FLAGGED_LARGE,
        },
    );
    out.extend_from_slice(&event.cpu.to_le_bytes());
    if flags != 0 {
        out.extend_from_slice(&flags.to_le_bytes());
    }
    let values: usize = event.params().map(<[u8]>::len).sum();
    let len = FIXED_LEN + event.raw_lengths().len() + values;
    out.extend_from_slice(&event.timestamp_ns.to_le_bytes());
    out.extend_from_slice(&event.tid.to_le_bytes());
    out.extend_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&event.ty.0.to_le_bytes());
    out.extend_from_slice(&(event.nparams() as u32).to_le_bytes());
    out.extend_from_slice(event.raw_lengths());
    out.extend_from_slice(event.raw_values().get(..values).unwrap_or_default());
    at
}

/// A copy of an event whose longest parameter of variable size is cut until its block fits.
pub(crate) fn cut_to_fit(event: &Event<'_>, limit: usize) -> EventBuf {
    let mut params: Vec<&[u8]> = event.params().collect();
    let size = |params: &[&[u8]]| {
        let values: usize = params.iter().map(|p| p.len()).sum();
        // CPU, flags, padding and trailer, generously.
        FIXED_LEN + 2 * params.len() + values + 2 + 4 + 3 + 4
    };
    while size(&params) > limit {
        let excess = size(&params) - limit;
        let Some(longest) = params.iter_mut().max_by_key(|p| p.len()) else {
            break;
        };
        if longest.is_empty() {
            break;
        }
        *longest = &longest[..longest.len().saturating_sub(excess)];
    }
    let mut builder = EventBuilder::new(event.ty, event.timestamp_ns, event.tid).cpu(event.cpu);
    for bytes in params {
        builder = builder.param(bytes);
    }
    let mut buf = builder.build();
    buf.block_flags = event.block_flags;
    buf
}

impl BlockKind {
    /// [`locate`] for event blocks.
    pub(crate) fn locate(self, block: &[u8]) -> Option<Located> {
        match self {
            BlockKind::Event { counted, flagged } => locate(block, counted, flagged),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::finish;
    use super::*;

    /// The worked example of the format description: exit of a read.
    fn read_exit() -> Vec<u8> {
        let mut out = Vec::new();
        let at = begin(&mut out, 0x216);
        out.extend_from_slice(&[1, 0]);
        out.extend_from_slice(&1_700_000_100_000_000_000u64.to_le_bytes());
        out.extend_from_slice(&200i64.to_le_bytes());
        out.extend_from_slice(&60u32.to_le_bytes());
        out.extend_from_slice(&[7, 0, 4, 0, 0, 0]);
        out.extend_from_slice(&[8, 0, 6, 0, 8, 0, 4, 0]);
        out.extend_from_slice(&6i64.to_le_bytes());
        out.extend_from_slice(b"root:x");
        out.extend_from_slice(&3i64.to_le_bytes());
        out.extend_from_slice(&4096u32.to_le_bytes());
        finish(&mut out, at);
        out
    }

    #[test]
    fn documented_example_is_found_in_its_block() {
        let block = read_exit();
        assert_eq!(block.len(), 76);
        let located = locate(&block, true, false).unwrap();
        let event = located.event(&block, true).unwrap();
        assert_eq!((event.cpu, event.tid, event.ty.0), (1, 200, 7));
        assert_eq!(event.param(1), Some(&b"root:x"[..]));
        assert_eq!(event.param(3), Some(&4096u32.to_le_bytes()[..]));
        assert!(located.options.is_empty());
        assert_eq!(claimed_len(&block, false), Some(76));
    }

    #[test]
    fn length_beyond_the_block_is_refused() {
        let mut block = read_exit();
        block[26] = 200;
        assert!(locate(&block, true, false).is_none());
        let mut block = read_exit();
        block[32] = 200;
        assert!(locate(&block, true, false).is_none());
    }

    #[test]
    fn count_of_old_events_follows_from_their_length() {
        // read exit with the two parameters it had in 2016.
        let mut out = Vec::new();
        let at = begin(&mut out, 0x204);
        out.extend_from_slice(&[1, 0]);
        out.extend_from_slice(&[0; 16]);
        out.extend_from_slice(&(22u32 + 4 + 8 + 2).to_le_bytes());
        out.extend_from_slice(&[7, 0, 8, 0, 2, 0]);
        out.extend_from_slice(&2i64.to_le_bytes());
        out.extend_from_slice(b"hi");
        finish(&mut out, at);
        let located = locate(&out, false, false).unwrap();
        assert_eq!(located.nparams, 2);
        let event = located.event(&out, true).unwrap();
        assert_eq!(event.param(1), Some(&b"hi"[..]));
    }

    #[test]
    fn old_notifications_count_three_bytes_too_many() {
        let mut out = Vec::new();
        let at = begin(&mut out, 0x204);
        out.extend_from_slice(&[0; 18]);
        out.extend_from_slice(&(22u32 + 4 + 3 + 3 + 3).to_le_bytes());
        out.extend_from_slice(&280u16.to_le_bytes());
        out.extend_from_slice(&[3, 0, 3, 0]);
        out.extend_from_slice(b"id\0ds\0");
        out.extend_from_slice(&[0; 3]);
        finish(&mut out, at);
        let located = locate(&out, false, false).unwrap();
        let event = located.event(&out, true).unwrap();
        assert_eq!(event.nparams(), 2);
        assert_eq!(event.param(1), Some(&b"ds\0"[..]));
    }
}
