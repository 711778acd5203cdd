//! The thread table: a slab, an index by id, and the last thread looked up.

use crate::thread::Thread;
use rustc_hash::FxHashMap;

/// Where a thread lies in the table; valid until the next event is applied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Slot(u32);

impl Slot {
    /// No thread.
    pub(crate) const NONE: Slot = Slot(u32::MAX);
}

/// All threads by id.
#[derive(Debug, Default)]
pub(crate) struct Threads {
    slab: Vec<Option<Box<Thread>>>,
    free: Vec<u32>,
    by_tid: FxHashMap<i64, u32>,
    /// Most events come from the thread of the event before.
    last: Option<(i64, u32)>,
}

impl Threads {
    pub(crate) fn len(&self) -> usize {
        self.by_tid.len()
    }

    pub(crate) fn at(&self, slot: Slot) -> Option<&Thread> {
        self.slab.get(slot.0 as usize)?.as_deref()
    }

    pub(crate) fn at_mut(&mut self, slot: Slot) -> Option<&mut Thread> {
        self.slab.get_mut(slot.0 as usize)?.as_deref_mut()
    }

    pub(crate) fn get(&self, tid: i64) -> Option<&Thread> {
        let index = match self.last {
            Some((last, index)) if last == tid => index,
            _ => *self.by_tid.get(&tid)?,
        };
        self.slab.get(index as usize)?.as_deref()
    }

    pub(crate) fn get_mut(&mut self, tid: i64) -> Option<&mut Thread> {
        let slot = self.slot(tid)?;
        self.at_mut(slot)
    }

    pub(crate) fn slot(&mut self, tid: i64) -> Option<Slot> {
        if let Some((last, index)) = self.last
            && last == tid
        {
            return Some(Slot(index));
        }
        let index = *self.by_tid.get(&tid)?;
        self.last = Some((tid, index));
        Some(Slot(index))
    }

    /// Puts a thread in, in place of one with the same id, which is handed back.
    pub(crate) fn insert(&mut self, thread: Thread) -> (Slot, Option<Box<Thread>>) {
        let tid = thread.tid;
        let old = self.remove(tid);
        let index = match self.free.pop() {
            Some(index) => index,
            None => {
                self.slab.push(None);
                u32::try_from(self.slab.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.slab[index as usize] = Some(Box::new(thread));
        self.by_tid.insert(tid, index);
        (Slot(index), old)
    }

    pub(crate) fn remove(&mut self, tid: i64) -> Option<Box<Thread>> {
        self.last = None;
        let index = self.by_tid.remove(&tid)?;
        self.free.push(index);
        self.slab[index as usize].take()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Thread> {
        self.slab.iter_mut().filter_map(|slot| slot.as_deref_mut())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Thread> {
        self.slab.iter().filter_map(|slot| slot.as_deref())
    }
}
