//! Threads, file descriptors, users and containers, changed by events alone.
//!
//! No I/O, no clock, no rendering: the same snapshot and the same events in the same order give
//! the same state, live or years later.

#![forbid(unsafe_code)]

pub mod container;
pub mod fd;
pub mod thread;

pub use fd::{FdInfo, FdKind, SocketRole};
pub use thread::Thread;

use capture_format::{Event, MachineInfo, Snapshot};

/// Everything known at one point of the event stream.
#[derive(Debug, Default)]
pub struct State {
    machine: Option<MachineInfo>,
}

/// What one event touched; fields read it together with the [`State`].
///
/// Removals (of a closed descriptor, of an ended thread) take effect when the *next* event is
/// applied, so that the event which caused them can still be shown with its descriptor and thread.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// The thread of the event is in the table under this id.
    pub tid: Option<i64>,
    /// Number of the descriptor that the event works on.
    pub fd: Option<i64>,
    /// Time since the matching enter event, when both were seen.
    pub latency_ns: Option<u64>,
    /// The enter event that belongs to this exit, when it was seen (bytes as stored).
    pub enter: Option<std::sync::Arc<capture_format::EventBuf>>,
    /// Time since the previous event of any thread.
    pub delta_ns: u64,
}

impl State {
    /// An empty state.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces everything by the contents of a section's metadata blocks.
    pub fn load(&mut self, snapshot: &Snapshot) {
        self.machine = snapshot.machine.clone();
    }

    /// Takes everything out again, for writing a new section that starts here.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::default()
    }

    /// Applies one event and says what it touched.
    pub fn apply(&mut self, event: &Event<'_>) -> Applied {
        let _ = event;
        Applied::default()
    }

    /// The machine of the capture.
    pub fn machine(&self) -> Option<&MachineInfo> {
        self.machine.as_ref()
    }

    /// A thread by id.
    pub fn thread(&self, tid: i64) -> Option<&Thread> {
        let _ = tid;
        None
    }

    /// The leader of a thread's process; the thread itself when it leads.
    pub fn leader<'a>(&'a self, thread: &'a Thread) -> Option<&'a Thread> {
        self.thread(thread.pid)
    }

    /// A thread's parent.
    pub fn parent(&self, thread: &Thread) -> Option<&Thread> {
        self.thread(thread.ptid)
    }

    /// A descriptor of a thread, looked up in the table that its process shares.
    pub fn fd(&self, thread: &Thread, fd: i64) -> Option<&FdInfo> {
        let _ = (thread, fd);
        None
    }

    /// All threads, in no particular order.
    pub fn threads(&self) -> impl Iterator<Item = &Thread> {
        std::iter::empty()
    }

    /// Name of a user, of the host or of a container.
    pub fn user_name(&self, uid: u32, container_id: &[u8]) -> Option<&[u8]> {
        let _ = (uid, container_id);
        None
    }

    /// Name of a group, of the host or of a container.
    pub fn group_name(&self, gid: u32, container_id: &[u8]) -> Option<&[u8]> {
        let _ = (gid, container_id);
        None
    }
}
