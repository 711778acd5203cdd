//! How handlers reach and change threads and descriptors.

use crate::State;
use crate::call::Call;
use crate::fd::FdInfo;
use crate::fd_table::FdTable;
use crate::thread::Thread;
use crate::threads::Slot;
use std::sync::Arc;

/// Threads kept at most, as in the original tool.
pub(crate) const MAX_THREADS: usize = 131_072;

impl State {
    /// Puts a thread in. When the table is full, those that were quiet for longest go.
    pub(crate) fn add_thread(&mut self, thread: Thread) -> Slot {
        if self.threads.len() >= self.max_threads {
            self.evict(thread.tid);
        }
        let (tid, pid) = (thread.tid, thread.pid);
        let (slot, old) = self.threads.insert(thread);
        if let Some(old) = old {
            self.tables.release(old.files);
        }
        if tid != pid
            && let Some(leader) = self.threads.get_mut(pid)
        {
            leader.child_threads += 1;
        }
        slot
    }

    /// Makes room for a sixteenth of the table at once, so that the search pays.
    fn evict(&mut self, spared: i64) {
        let mut quiet: Vec<(u64, i64)> = self
            .threads
            .iter()
            .filter(|thread| thread.tid != spared)
            .map(|thread| (thread.last_seen_ns(), thread.tid))
            .collect();
        let share = (self.max_threads / 16).max(1).min(quiet.len());
        if share == 0 {
            return;
        }
        quiet.select_nth_unstable(share - 1);
        for &(_, tid) in &quiet[..share] {
            self.remove_thread_and_all(tid);
        }
        self.counters.evicted_threads += share as u64;
    }

    /// Takes out a thread that has ended. A leader stays while other threads of its process live.
    pub(crate) fn remove_thread(&mut self, tid: i64) {
        let Some(thread) = self.threads.get(tid) else {
            return;
        };
        if thread.is_leader() && thread.child_threads > 0 {
            return;
        }
        self.remove_thread_and_all(tid);
    }

    /// Takes out a thread, whatever depends on it.
    pub(crate) fn remove_thread_and_all(&mut self, tid: i64) {
        let Some(thread) = self.threads.remove(tid) else {
            return;
        };
        self.tables.release(thread.files);
        if thread.is_leader() {
            return;
        }
        if let Some(leader) = self.threads.get_mut(thread.pid) {
            leader.child_threads = leader.child_threads.saturating_sub(1);
            if leader.exited && leader.child_threads == 0 {
                self.remove_thread_and_all(thread.pid);
            }
        }
    }

    /// Control groups decide which container a thread is in.
    pub(crate) fn set_cgroups(&mut self, slot: Slot, cgroups: Option<Vec<Vec<u8>>>) {
        let (Some(cgroups), Some(thread)) = (cgroups, self.threads.at_mut(slot)) else {
            return;
        };
        let cgroups = full_names(cgroups);
        if thread.cgroups == cgroups {
            return;
        }
        thread.container_id = container_of(&cgroups, &thread.root, &thread.env);
        thread.cgroups = cgroups;
    }

    /// The thread whose current directory is a thread's own: threads of a process share it.
    pub(crate) fn directory_owner(&self, slot: Slot) -> Option<i64> {
        let thread = self.threads.at(slot)?;
        Some(self.leader(thread).unwrap_or(thread).tid)
    }

    pub(crate) fn table_mut(&mut self, slot: Slot) -> Option<&mut FdTable> {
        let files = self.threads.at(slot)?.files;
        self.tables.get_mut(files)
    }

    pub(crate) fn fd_at(&self, slot: Slot, fd: i64) -> Option<&FdInfo> {
        self.tables.get(self.threads.at(slot)?.files)?.get(fd)
    }

    /// Says which descriptor the event is about.
    pub(crate) fn set_call_fd(&mut self, call: &Call<'_>, fd: i64) {
        if let Some(thread) = self.threads.at_mut(call.slot) {
            thread.call.fd = fd;
        }
    }

    /// Enters a new descriptor, which the event then is about.
    pub(crate) fn add_fd(&mut self, call: &Call<'_>, fd: i64, mut info: FdInfo) {
        info.fd = fd;
        self.name_changed = !info.name.is_empty();
        if let Some(table) = self.table_mut(call.slot) {
            table.insert(fd, Arc::new(info));
        }
        self.set_call_fd(call, fd);
    }

    /// A new descriptor of which nothing is known but that the old one with its number is gone.
    pub(crate) fn forget_fd(&mut self, call: &Call<'_>, fd: i64) {
        if let Some(table) = self.table_mut(call.slot) {
            table.remove(fd);
        }
    }

    /// Changes the descriptor that the event works on, if it is known.
    pub(crate) fn change_fd(&mut self, call: &Call<'_>, change: impl FnOnce(&mut FdInfo)) {
        let Some(info) = self
            .table_mut(call.slot)
            .and_then(|table| table.get_mut(call.fd))
        else {
            return;
        };
        let old_name = std::mem::take(&mut info.name);
        info.name.clone_from(&old_name);
        change(info);
        let changed = info.name != old_name;
        self.name_changed |= changed;
    }
}

/// Gives controllers the names that users know where probes abbreviate or extend them.
pub(crate) fn full_names(mut cgroups: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    const SUFFIX: &[u8] = b"_cgroup";
    const NAMES: [(&[u8], &[u8]); 3] = [
        (b"io", b"blkio"),
        (b"mem", b"memory"),
        (b"perf", b"perf_event"),
    ];
    for item in &mut cgroups {
        let Some(end) = item.iter().position(|&b| b == b'=') else {
            continue;
        };
        let name = item[..end].strip_suffix(SUFFIX).unwrap_or(&item[..end]);
        let full = NAMES.iter().find(|(short, _)| *short == name);
        let name = full.map_or(name, |(_, full)| full);
        if name != &item[..end] {
            let name = name.to_vec();
            item.splice(..end, name);
        }
    }
    cgroups
}

/// The container id of a thread's control groups, empty on the host. Only rkt shows in the root
/// directory and the environment instead.
pub(crate) fn container_of(cgroups: &[Vec<u8>], root: &[u8], env: &[Vec<u8>]) -> Vec<u8> {
    crate::container::recognize(cgroups.iter().map(Vec::as_slice))
        .or_else(|| crate::container::rkt(root, env))
        .map(|found| found.id.into_bytes())
        .unwrap_or_default()
}
