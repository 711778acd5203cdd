//! Processes with all their descendants.

use std::collections::HashSet;

use capture_format::{Direction, Event};
use state::{State, Thread};

/// A set of processes that grows with their children.
///
/// A child belongs to the family from its first event on, when its parent is still the one that
/// made it. It stays a member when that parent ends and another process adopts it.
#[derive(Clone, Debug)]
pub struct Family {
    members: HashSet<i64>,
    /// Not a member of anything, as far as is known; asked again after an exec.
    strangers: HashSet<i64>,
    /// Nothing passes before this process has executed a program.
    awaiting_exec: Option<i64>,
}

impl Family {
    /// These processes and whatever they start or have started.
    pub fn new(pids: impl IntoIterator<Item = i64>) -> Self {
        Family {
            members: pids.into_iter().collect(),
            strangers: HashSet::new(),
            awaiting_exec: None,
        }
    }

    /// A process that is about to execute a command: only what follows belongs to the family.
    pub fn from_exec(pid: i64) -> Self {
        Family {
            awaiting_exec: Some(pid),
            ..Family::new([pid])
        }
    }

    /// Whether an event of this thread belongs to the family. `state` is the one after the event.
    pub fn admits(&mut self, event: &Event<'_>, thread: &Thread, state: &State) -> bool {
        if let Some(pid) = self.awaiting_exec {
            // The exec's own exit is the first event of the new program.
            let executed = event
                .info()
                .is_some_and(|info| matches!(info.name, "execve" | "execveat"))
                && event.ty.direction() == Direction::Exit
                && event.param(0).is_some_and(|res| res == 0i64.to_le_bytes());
            if thread.pid != pid || !executed {
                return false;
            }
            self.awaiting_exec = None;
        }
        let admitted = self.contains(thread, state);
        if let Some(info) = event.info() {
            match info.name {
                "clone" | "clone3" | "fork" | "vfork" if admitted => self.adopt(event, state),
                "procexit" if thread.tid == thread.pid => self.forget(thread.pid),
                _ => {}
            }
        }
        admitted
    }

    /// A member has made a child: it belongs to the family even if it is first seen when its
    /// parent has ended.
    fn adopt(&mut self, event: &Event<'_>, state: &State) {
        let child = event
            .param(0)
            .filter(|_| event.ty.direction() == Direction::Exit)
            .and_then(|res| Some(i64::from_le_bytes(res.try_into().ok()?)));
        if let Some(tid) = child.filter(|&tid| tid > 0) {
            let pid = state.thread(tid).map_or(tid, |thread| thread.pid);
            self.strangers.remove(&pid);
            self.members.insert(pid);
        }
    }

    /// A process has ended: its id can mean another one from now on.
    fn forget(&mut self, pid: i64) {
        self.strangers.remove(&pid);
        self.members.remove(&pid);
    }

    fn contains(&mut self, thread: &Thread, state: &State) -> bool {
        if self.members.contains(&thread.pid) {
            return true;
        }
        if self.strangers.contains(&thread.pid) {
            return false;
        }
        // Walk up until a known process. The chain is short, and a cycle cannot hold it up.
        let mut seen = vec![thread.pid];
        let mut current = thread.ptid;
        let found = loop {
            let pid = state.thread(current).map_or(current, |t| t.pid);
            if self.members.contains(&pid) {
                break true;
            }
            let Some(next) = state.thread(current) else {
                break false;
            };
            if seen.contains(&pid) || self.strangers.contains(&pid) {
                break false;
            }
            seen.push(pid);
            current = next.ptid;
        };
        if found {
            self.members.extend(seen);
        } else {
            self.strangers.insert(thread.pid);
        }
        found
    }
}
