//! Records of all CPUs in one order, by time.
//!
//! Each ring is in order by itself. A record may be handed out once every other ring either shows
//! a later one or can be trusted to have nothing earlier: a ring seen empty at time T can only get
//! records that were begun after T minus the time a program runs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::ring::{Record, Ring};
use crate::sys::boot_time_ns;
use crate::wire::record;

/// Longest time between reading the clock in a program and the record being visible. Programs take
/// microseconds; a virtual CPU can lose a millisecond in the middle of one.
const SLACK_NS: u64 = 2_000_000;

/// The rings, and which record comes next.
#[derive(Debug)]
pub(crate) struct Merge {
    lanes: Vec<Lane>,
    /// Oldest record of each ring that has one.
    heads: BinaryHeap<Reverse<(u64, usize)>>,
    /// Rings without a known record.
    empty: Vec<usize>,
    /// Nothing older than this can appear any more on the rings in `empty`.
    safe_until: u64,
}

#[derive(Debug)]
struct Lane {
    cpu: u16,
    ring: Ring,
    head: Option<Record>,
}

/// What [`Merge::next`] found.
pub(crate) enum Next {
    /// The record of this lane is the oldest; it stays in place until [`Merge::consume`].
    Ready(usize),
    /// There is a record, but an older one may still appear.
    Held,
    /// All rings are empty.
    Empty,
}

impl Merge {
    pub(crate) fn new(rings: Vec<(u16, Ring)>) -> Merge {
        let lanes: Vec<Lane> = rings
            .into_iter()
            .map(|(cpu, ring)| Lane {
                cpu,
                ring,
                head: None,
            })
            .collect();
        Merge {
            empty: (0..lanes.len()).collect(),
            heads: BinaryHeap::with_capacity(lanes.len()),
            lanes,
            safe_until: 0,
        }
    }

    /// The oldest record, if it is certain to be the oldest. With `last` nothing new is expected
    /// and nothing held back.
    pub(crate) fn next(&mut self, last: bool) -> Next {
        if let Some(&Reverse((timestamp, lane))) = self.heads.peek()
            && (self.empty.is_empty() || timestamp <= self.safe_until)
        {
            return Next::Ready(lane);
        }
        // The clock must be read before the rings are looked at.
        let now = boot_time_ns();
        self.look();
        self.safe_until = if last {
            u64::MAX
        } else {
            now.saturating_sub(SLACK_NS)
        };
        match self.heads.peek() {
            None => Next::Empty,
            Some(&Reverse((timestamp, lane)))
                if self.empty.is_empty() || timestamp <= self.safe_until =>
            {
                Next::Ready(lane)
            }
            Some(_) => Next::Held,
        }
    }

    /// CPU and bytes of the record that `next` found ready.
    pub(crate) fn record(&self, lane: usize) -> (u16, &[u8]) {
        let lane = &self.lanes[lane];
        (
            lane.cpu,
            lane.head.map_or(&[], |record| lane.ring.bytes(record)),
        )
    }

    /// Frees the record that `next` found ready.
    pub(crate) fn consume(&mut self, index: usize) {
        let popped = self.heads.pop();
        debug_assert!(matches!(popped, Some(Reverse((_, lane))) if lane == index));
        let lane = &mut self.lanes[index];
        if let Some(record) = lane.head.take() {
            lane.ring.advance(record);
        }
        if !self.fill(index) {
            self.empty.push(index);
        }
    }

    /// CPU of the first ring.
    pub(crate) fn first_cpu(&self) -> u32 {
        self.lanes.first().map_or(0, |lane| lane.cpu.into())
    }

    /// Gives all room back before a sleep.
    pub(crate) fn release(&mut self) {
        for lane in &mut self.lanes {
            lane.ring.release();
        }
    }

    fn look(&mut self) {
        let mut empty = std::mem::take(&mut self.empty);
        empty.retain(|&index| !self.fill(index));
        self.empty = empty;
    }

    fn fill(&mut self, index: usize) -> bool {
        let lane = &mut self.lanes[index];
        lane.head = lane.ring.peek();
        let Some(head) = lane.head else {
            return false;
        };
        let timestamp = lane
            .ring
            .bytes(head)
            .get(record::TIMESTAMP..record::TID)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u64::from_le_bytes);
        self.heads.push(Reverse((timestamp, index)));
        true
    }
}
