//! Walks the blocks of a capture and finds the way again after damage.

use std::io;

use super::ReadCounters;
use super::input::Window;
use crate::blocks::event::{Located, claimed_len};
use crate::blocks::kind::{BlockKind, FRAME, HEADER, MAX_LEN, padded};
use crate::blocks::{Snapshot, fds, interfaces, machine, section, supplement, threads, users};
use crate::error::{Damage, Error, Gap};
use crate::event::{Event, STATE_ONLY};
use crate::original::{self, Origin};

/// What one step of the walk yields. Events lie in the window, or in the scanner when they had to
/// be put together.
#[derive(Debug)]
pub(crate) enum Step {
    Section(Box<Snapshot>),
    Event(Located),
    Restored(Located),
    Gap(Gap),
    End,
}

/// State of the walk.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    counters: ReadCounters,
    /// The section being read, until its first event.
    snapshot: Option<Box<Snapshot>>,
    /// Bytes of the window that the last step lent out.
    lent: usize,
    last_timestamp_ns: u64,
    /// Something was lost since the last section header or machine block: another header may be
    /// among it.
    lost: bool,
    /// The next block's frame was reported as wrong, but it is whole and this long.
    trusted: Option<usize>,
    lengths: Vec<u8>,
    values: Vec<u8>,
}

/// How far into the input a first block may lie, when the beginning is damaged.
const SEARCH_AT_START: usize = 64 * 1024;
/// Longest block that is believed when looking for the way. Event blocks of ordinary types are at
/// most 64 KiB, lists some 10 MiB.
const MAX_FOUND_LEN: usize = 1 << 26;
/// Options of an event are short; a block much longer than its event has a wrong length.
const MAX_OPTIONS: usize = 1 << 18;
/// Old events of two types claim three bytes more than they have, which padding can double.
const EXCESS: usize = 8;
/// Bytes searched before they are given up and released.
const SEARCH_CHUNK: usize = 1 << 16;

impl Scanner {
    /// Checks that the input can be a capture.
    pub(crate) fn open(window: &mut impl Window) -> Result<Self, Error> {
        let available = window.ensure(28)?;
        if available == 0 {
            return match window.failure() {
                Some(message) => Err(Error::Compression { message }),
                None => Err(Error::Empty),
            };
        }
        let bytes = window.bytes();
        if bytes.starts_with(&crate::blocks::kind::SECTION.to_le_bytes()) {
            match section::read(bytes.get(HEADER..).unwrap_or_default()) {
                section::Header::BigEndian => return Err(Error::BigEndian),
                section::Header::Newer { major } => return Err(Error::Version { major }),
                section::Header::Readable | section::Header::Malformed => {}
            }
        } else if search(window, 0, SEARCH_AT_START)?.is_none() {
            let found = &window.bytes()[..available.min(4)];
            return Err(Error::NotACapture {
                found: found.to_vec(),
            });
        }
        Ok(Scanner::default())
    }

    pub(crate) fn counters(&self) -> ReadCounters {
        self.counters
    }

    /// The parts of a restored event.
    pub(crate) fn restored<'a>(&'a self, located: &Located) -> Event<'a> {
        Event::from_checked_parts(located, &self.lengths, &self.values)
    }

    /// Goes on to the next thing worth telling.
    pub(crate) fn step(&mut self, window: &mut impl Window) -> Result<Step, Error> {
        loop {
            let lent = std::mem::take(&mut self.lent);
            self.consume(window, lent);
            if window.ensure(HEADER)? == 0 {
                return Ok(self.end(window));
            }
            let step = match self.block(window)? {
                Ok(step) => step,
                Err(damage) => Some(self.salvage(window, damage)?),
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    fn end(&mut self, window: &mut impl Window) -> Step {
        if let Some(message) = window.failure() {
            return self.gap(0, Damage::Compression { message });
        }
        match self.snapshot.take() {
            Some(snapshot) => Step::Section(snapshot),
            None => Step::End,
        }
    }

    fn consume(&mut self, window: &mut impl Window, count: usize) {
        window.consume(count);
        self.counters.bytes += count as u64;
    }

    fn gap(&mut self, bytes: usize, damage: Damage) -> Step {
        self.counters.gaps += 1;
        Step::Gap(Gap {
            offset: self.counters.bytes,
            bytes: bytes as u64,
            damage,
        })
    }

    /// Reads the block at the position. `None` when there is nothing to tell about it.
    fn block(&mut self, window: &mut impl Window) -> io::Result<Result<Option<Step>, Damage>> {
        let (kind, number, len) = match (self.trusted.take(), frame(window, 0)?) {
            (_, Ok(frame)) => frame,
            (Some(len), Err(_)) => {
                let (number, _) = head(window.bytes()).unwrap_or_default();
                (BlockKind::of(number), number, len)
            }
            // The block can be whole even if one of its lengths is not.
            (None, Err(damage @ Damage::Trailer { expected, found })) => {
                self.trusted = whole_len(window, expected as usize, found as usize)?;
                if self.trusted.is_none() {
                    return Ok(Err(damage));
                }
                return Ok(Ok(Some(self.gap(0, damage))));
            }
            (None, Err(damage)) => return Ok(Err(damage)),
        };
        if kind.is_event() {
            return Ok(self.event(window, kind, len));
        }
        Ok(self.metadata(window, kind, number, len))
    }

    fn event(
        &mut self,
        window: &mut impl Window,
        kind: BlockKind,
        len: usize,
    ) -> Result<Option<Step>, Damage> {
        // The section is told about before its first event, which is read again after that.
        if let Some(snapshot) = self.snapshot.take() {
            return Ok(Some(Step::Section(snapshot)));
        }
        if self.counters.sections == 0 {
            self.counters.sections = 1;
            return Ok(Some(Step::Section(Box::default())));
        }
        let block = &window.bytes()[..len];
        let mut located = kind.locate(block).ok_or(Damage::Event)?;
        if located.timestamp_ns == u64::MAX {
            located.timestamp_ns = self.last_timestamp_ns;
        }
        self.last_timestamp_ns = located.timestamp_ns;
        self.lent = len;
        self.counters.blocks += 1;
        let origin = match located.options.is_empty() {
            true => None,
            false => block.get(located.options.clone()).and_then(original::find),
        };
        if origin == Some(Origin::Synthetic) {
            return Ok(None);
        }
        self.counters.events += 1;
        if let Some(Origin::Original(original)) = origin
            && let Some(portable) = located.event(block, false)
            && let Some(nparams) = original.restore(&portable, &mut self.lengths, &mut self.values)
        {
            if original.is_carried() {
                located.block_flags &= !STATE_ONLY;
            }
            located.ty = original.ty();
            located.nparams = nparams;
            self.count_type(&located);
            return Ok(Some(Step::Restored(located)));
        }
        self.count_type(&located);
        Ok(Some(Step::Event(located)))
    }

    fn count_type(&mut self, located: &Located) {
        self.counters.unknown_events += u64::from(located.ty.info().is_none());
    }

    fn metadata(
        &mut self,
        window: &mut impl Window,
        kind: BlockKind,
        number: u32,
        len: usize,
    ) -> Result<Option<Step>, Damage> {
        match kind {
            BlockKind::Section => {
                // A section without events is told about as well.
                if let Some(snapshot) = self.snapshot.take() {
                    return Ok(Some(Step::Section(snapshot)));
                }
                let body = &window.bytes()[HEADER..len - 4];
                if section::read(body) != section::Header::Readable {
                    return Err(Damage::SectionHeader);
                }
                self.begin_section();
            }
            BlockKind::Unknown => self.counters.unknown_blocks += 1,
            kind => {
                // Metadata among events: the header before it can be what was lost.
                if self.snapshot.is_none() {
                    let begins = self.counters.sections == 0 || self.lost;
                    if !begins || (kind != BlockKind::Machine && self.counters.sections > 0) {
                        return Err(Damage::Misplaced { block: number });
                    }
                    self.begin_section();
                }
                let snapshot = self.snapshot.get_or_insert_default();
                let body = &window.bytes()[HEADER..len - 4];
                if read_metadata(kind, body, snapshot).is_none() {
                    self.counters.blocks += 1;
                    self.lent = len;
                    return Ok(Some(self.gap(0, Damage::Metadata { block: number })));
                }
            }
        }
        self.counters.blocks += 1;
        self.lent = len;
        Ok(None)
    }

    fn begin_section(&mut self) {
        self.snapshot = Some(Box::default());
        self.counters.sections += 1;
        self.lost = false;
    }

    /// Skips to the next believable block, or to the end.
    fn salvage(&mut self, window: &mut impl Window, damage: Damage) -> Result<Step, Error> {
        let offset = self.counters.bytes;
        self.lost = true;
        let mut at = 1;
        let found = loop {
            match search(window, at, SEARCH_CHUNK)? {
                Some(found) => break Some(found),
                None => {
                    let available = window.ensure(at + SEARCH_CHUNK)?;
                    if available < at + SEARCH_CHUNK {
                        break None;
                    }
                    self.consume(window, at + SEARCH_CHUNK - 1);
                    at = 1;
                }
            }
        };
        let damage = match (found, damage) {
            // More follows, so that the length was wrong and not the end of the file.
            (Some(_), Damage::Truncated { expected, .. }) => Damage::BlockLength {
                length: expected as u32,
            },
            (_, damage) => damage,
        };
        let skipped = found.unwrap_or_else(|| window.bytes().len());
        self.consume(window, skipped);
        self.counters.gaps += 1;
        Ok(Step::Gap(Gap {
            offset,
            bytes: self.counters.bytes - offset,
            damage,
        }))
    }
}

fn read_metadata(kind: BlockKind, body: &[u8], snapshot: &mut Snapshot) -> Option<()> {
    match kind {
        BlockKind::Machine => {
            snapshot.machine = Some(machine::read(body)?);
            Some(())
        }
        BlockKind::Threads(version) => threads::read(body, version, &mut snapshot.threads),
        BlockKind::Fds(version) => {
            let (tid, list, whole) = fds::read(body, version)?;
            snapshot.fds.push((tid, list));
            whole.then_some(())
        }
        BlockKind::Interfaces(version) => interfaces::read(body, version, &mut snapshot.interfaces),
        BlockKind::Users(version) => users::read(body, version, snapshot),
        BlockKind::Supplement => supplement::read(body, snapshot),
        BlockKind::Section | BlockKind::Event { .. } | BlockKind::Unknown => Some(()),
    }
}

/// Type number and length of a block.
fn head(bytes: &[u8]) -> Option<(u32, u32)> {
    Some((word(bytes, 0)?, word(bytes, 4)?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn possible(len: u32) -> bool {
    len.is_multiple_of(4) && (FRAME..=MAX_LEN).contains(&(len as usize))
}

/// Checks the frame of the block at `at` and waits for all of it.
fn frame(
    window: &mut impl Window,
    at: usize,
) -> io::Result<Result<(BlockKind, u32, usize), Damage>> {
    let available = window.ensure(at + HEADER)?;
    let Some((number, len)) = window.bytes().get(at..).and_then(head) else {
        return Ok(Err(Damage::Truncated {
            expected: 0,
            found: (available - at) as u64,
        }));
    };
    if !possible(len) {
        return Ok(Err(Damage::BlockLength { length: len }));
    }
    let kind = BlockKind::of(number);
    let total = len as usize;
    if let BlockKind::Event { flagged, .. } = kind {
        // An event says its length once more: a wrong one is seen before waiting for its bytes.
        window.ensure(at + total.min(64))?;
        if let Some(exact) = claimed_len(&window.bytes()[at..], flagged)
            && exact != total
        {
            window.ensure(at.saturating_add(exact.min(MAX_FOUND_LEN)))?;
            if word(window.bytes(), (at + exact).saturating_sub(4)) == u32::try_from(exact).ok() {
                return Ok(Err(Damage::Trailer {
                    expected: len,
                    found: exact as u32,
                }));
            }
            if exact > total + EXCESS || exact + MAX_OPTIONS < total {
                return Ok(Err(Damage::Event));
            }
        }
    }
    let available = window.ensure(at + total)?;
    if available < at + total {
        return Ok(Err(Damage::Truncated {
            expected: total as u64,
            found: (available - at) as u64,
        }));
    }
    let trailer = word(window.bytes(), at + total - 4).unwrap_or_default();
    Ok(if trailer == len {
        Ok((kind, number, total))
    } else {
        Err(Damage::Trailer {
            expected: len,
            found: trailer,
        })
    })
}

/// The true length of a block whose lengths differ: the one that its event claims and its trailer
/// confirms, or the leading one when the contents agree with it.
fn whole_len(
    window: &mut impl Window,
    leading: usize,
    trailing: usize,
) -> io::Result<Option<usize>> {
    if let Some((number, _)) = head(window.bytes())
        && let BlockKind::Event { flagged, .. } = BlockKind::of(number)
        && claimed_len(window.bytes(), flagged) == Some(trailing)
        && window.ensure(trailing)? >= trailing
        && word(window.bytes(), trailing - 4) == u32::try_from(trailing).ok()
        && contents_hold(window, trailing)?
    {
        return Ok(Some(trailing));
    }
    if let Some((number, _)) = head(window.bytes())
        && BlockKind::of(number) == BlockKind::Interfaces(2)
        && let Some(len) = interfaces_len(window, leading)?
        && contents_hold(window, len)?
    {
        return Ok(Some(len));
    }
    let there = window.ensure(leading)? >= leading;
    Ok((there && contents_hold(window, leading)?).then_some(leading))
}

/// The true length of an interface list by its entries.
///
/// When sysdig 0.29.3 rewrites a capture with an old list, it forgets to count the entries' length
/// fields, at both ends of the block, and then cannot read its own file.
fn interfaces_len(window: &mut impl Window, leading: usize) -> io::Result<Option<usize>> {
    const MAX_ENTRY: usize = 2048;
    let mut at = HEADER;
    // Four bytes are missing for each entry, and none is shorter than 24.
    while at < leading + leading / 4 {
        window.ensure(at + MAX_ENTRY)?;
        let trailer = padded(at);
        if at + 4 > leading && word(window.bytes(), trailer) == u32::try_from(leading).ok() {
            return Ok(Some(trailer + 4));
        }
        match word(window.bytes(), at) {
            Some(len) if len as usize <= MAX_ENTRY => at += 4 + len as usize,
            _ => break,
        }
    }
    Ok(None)
}

/// Whether the contents of a block agree with its length, and another block or the end follows.
fn contents_hold(window: &mut impl Window, len: usize) -> io::Result<bool> {
    let followed = followed(window, len)?;
    let block = &window.bytes()[..len];
    let Some((number, _)) = head(block) else {
        return Ok(false);
    };
    let body = &block[HEADER..len - 4];
    Ok(followed
        && match BlockKind::of(number) {
            BlockKind::Unknown => false,
            // A length that swallows the blocks behind is wrong even if it ends before another.
            BlockKind::Section => {
                len == section::BLOCK_LEN && section::read(body) == section::Header::Readable
            }
            BlockKind::Machine => len == machine::BLOCK_LEN,
            kind @ BlockKind::Event { .. } => kind
                .locate(block)
                .is_some_and(|located| located.options.is_empty()),
            kind => read_metadata(kind, body, &mut Snapshot::default()).is_some(),
        })
}

/// Whether the end or something like a known block is at `at`.
fn followed(window: &mut impl Window, at: usize) -> io::Result<bool> {
    if window.ensure(at + HEADER)? < at + HEADER {
        return Ok(true);
    }
    Ok(window
        .bytes()
        .get(at..)
        .and_then(head)
        .is_some_and(|(number, len)| possible(len) && BlockKind::of(number) != BlockKind::Unknown))
}

/// Looks for a block that must be one, in `limit` bytes from `from` on.
fn search(window: &mut impl Window, from: usize, limit: usize) -> io::Result<Option<usize>> {
    let available = window.ensure(from + limit + HEADER)?;
    let end = available.saturating_sub(FRAME).min(from + limit);
    let mut at = from;
    while at < end {
        // Blocks may begin anywhere: files are concatenated after having been cut.
        let candidate = window.bytes().get(at..).and_then(head);
        if let Some((number, len)) = candidate
            && BlockKind::of(number) != BlockKind::Unknown
            && possible(len)
            && len as usize <= MAX_FOUND_LEN
            && believable(window, at)?
        {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

fn believable(window: &mut impl Window, at: usize) -> io::Result<bool> {
    let Ok((kind, _, len)) = frame(window, at)? else {
        return Ok(false);
    };
    if !followed(window, at + len)? {
        return Ok(false);
    }
    let block = &window.bytes()[at..at + len];
    Ok(match kind {
        BlockKind::Section => section::read(&block[HEADER..len - 4]) == section::Header::Readable,
        BlockKind::Machine => len == machine::BLOCK_LEN,
        kind if kind.is_event() => kind.locate(block).is_some(),
        _ => true,
    })
}
