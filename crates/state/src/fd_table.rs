//! Descriptor tables, shared by the threads of a process.

use crate::fd::FdInfo;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which table of [`FdTables`] a thread uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TableId(u32);

impl TableId {
    /// No table: a thread outside the engine.
    pub(crate) const NONE: TableId = TableId(u32::MAX);
}

/// Descriptors below this number are found by index, the others by search.
const DENSE: usize = 1024;

/// The descriptors of one process. Entries are shared between tables until one side changes them,
/// so that a fork copies pointers.
#[derive(Clone, Debug, Default)]
pub(crate) struct FdTable {
    dense: Vec<Option<Arc<FdInfo>>>,
    sparse: BTreeMap<i64, Arc<FdInfo>>,
    count: usize,
    /// Numbers whose close has begun, and whether they were given out again since.
    closing: Vec<(i64, bool)>,
}

impl FdTable {
    pub(crate) fn get(&self, fd: i64) -> Option<&FdInfo> {
        match usize::try_from(fd) {
            Ok(index) if index < DENSE => self.dense.get(index)?.as_deref(),
            _ => self.sparse.get(&fd).map(|info| &**info),
        }
    }

    pub(crate) fn get_mut(&mut self, fd: i64) -> Option<&mut FdInfo> {
        let slot = match usize::try_from(fd) {
            Ok(index) if index < DENSE => self.dense.get_mut(index)?.as_mut(),
            _ => self.sparse.get_mut(&fd),
        };
        slot.map(Arc::make_mut)
    }

    pub(crate) fn insert(&mut self, fd: i64, info: Arc<FdInfo>) {
        let old = match usize::try_from(fd) {
            Ok(index) if index < DENSE => {
                if self.dense.len() <= index {
                    self.dense.resize(index + 1, None);
                }
                self.dense[index].replace(info)
            }
            _ => self.sparse.insert(fd, info),
        };
        self.count += usize::from(old.is_none());
        for (closing, taken_again) in &mut self.closing {
            *taken_again |= *closing == fd;
        }
    }

    /// A close of this number has begun.
    pub(crate) fn begin_close(&mut self, fd: i64) {
        match self.closing.iter_mut().find(|entry| entry.0 == fd) {
            Some(entry) => entry.1 = false,
            None => self.closing.push((fd, false)),
        }
    }

    /// The close has returned: whether another thread was given the number in between.
    pub(crate) fn end_close(&mut self, fd: i64) -> bool {
        let at = self.closing.iter().position(|entry| entry.0 == fd);
        at.is_some_and(|at| self.closing.swap_remove(at).1)
    }

    pub(crate) fn remove(&mut self, fd: i64) -> Option<Arc<FdInfo>> {
        let old = match usize::try_from(fd) {
            Ok(index) if index < DENSE => self.dense.get_mut(index)?.take(),
            _ => self.sparse.remove(&fd),
        };
        self.count -= usize::from(old.is_some());
        old
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// All entries by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, &FdInfo)> {
        let dense = (0i64..)
            .zip(&self.dense)
            .filter_map(|(fd, slot)| Some((fd, slot.as_deref()?)));
        let sparse = self.sparse.iter().map(|(fd, info)| (*fd, &**info));
        dense.chain(sparse)
    }

    /// Keeps the entries for which `keep` holds.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(i64, &FdInfo) -> bool) {
        for (fd, slot) in (0i64..).zip(&mut self.dense) {
            if slot.as_deref().is_some_and(|info| !keep(fd, info)) {
                *slot = None;
                self.count -= 1;
            }
        }
        let before = self.sparse.len();
        self.sparse.retain(|fd, info| keep(*fd, info));
        self.count -= before - self.sparse.len();
    }
}

/// All tables, counted by the threads that use them.
#[derive(Debug, Default)]
pub(crate) struct FdTables {
    tables: Vec<(u32, FdTable)>,
    free: Vec<u32>,
}

impl FdTables {
    /// A new table with one user.
    pub(crate) fn add(&mut self, table: FdTable) -> TableId {
        if let Some(id) = self.free.pop() {
            self.tables[id as usize] = (1, table);
            return TableId(id);
        }
        let Ok(id) = u32::try_from(self.tables.len()) else {
            return TableId::NONE;
        };
        self.tables.push((1, table));
        TableId(id)
    }

    /// One more user of a table.
    pub(crate) fn share(&mut self, id: TableId) -> TableId {
        if let Some(entry) = self.tables.get_mut(id.0 as usize) {
            entry.0 += 1;
        }
        id
    }

    /// One user less; the last one frees the table.
    pub(crate) fn release(&mut self, id: TableId) {
        if let Some(entry) = self.tables.get_mut(id.0 as usize) {
            entry.0 -= 1;
            if entry.0 == 0 {
                entry.1 = FdTable::default();
                self.free.push(id.0);
            }
        }
    }

    /// Gives a user of a shared table a copy of its own.
    pub(crate) fn unshare(&mut self, id: TableId) -> TableId {
        match self.tables.get_mut(id.0 as usize) {
            Some(entry) if entry.0 > 1 => {
                entry.0 -= 1;
                let copy = entry.1.clone();
                self.add(copy)
            }
            _ => id,
        }
    }

    pub(crate) fn get(&self, id: TableId) -> Option<&FdTable> {
        self.tables.get(id.0 as usize).map(|entry| &entry.1)
    }

    pub(crate) fn get_mut(&mut self, id: TableId) -> Option<&mut FdTable> {
        self.tables.get_mut(id.0 as usize).map(|entry| &mut entry.1)
    }
}
