//! Threads, file descriptors, users and containers, changed by events alone.
//!
//! No I/O, no clock, no rendering: the same snapshot and the same events in the same order give
//! the same state, live or years later.
//!
//! [`State::load`] takes a section's snapshot, [`State::apply`] one event after the other, each
//! answered by an [`Applied`] through which that event's thread, descriptor and enter event are
//! found. Handlers work on completed exits (see [`capture_format::convert`]), so events of every
//! age and events without enters take one path; which function handles which type says the table
//! in `handler.rs`. [`State::snapshot`] is the way back, for a recording that starts here.
//!
//! What cannot be known is made up as little as possible and counted in [`Counters`]: a thread
//! never seen starting is `<NA>` until an event describes it, a socket never seen being made is
//! named by what passes through it.

#![forbid(unsafe_code)]

mod access;
mod apply;
mod call;
pub mod container;
pub mod fd;
mod fd_table;
mod handler;
mod load;
pub mod path;
pub mod thread;
mod threads;
mod tuple;
mod users;

pub use container::{Container, Containers};
pub use fd::{FdInfo, FdKind, Socket, SocketRole};
pub use thread::{CpuSample, Thread};

use capture_format::{Event, Interface, MachineInfo, UserEntry};
use std::net::IpAddr;

/// Everything known at one point of the event stream.
#[derive(Debug)]
pub struct State {
    machine: Option<MachineInfo>,
    interfaces: Vec<Interface>,
    threads: threads::Threads,
    max_threads: usize,
    tables: fd_table::FdTables,
    users: users::Users,
    containers: Containers,
    /// Stands in as the thread of the latest container event.
    container_thread: Option<Box<Thread>>,
    kubernetes_json: Vec<u8>,
    mesos_json: Vec<u8>,
    counters: Counters,
    last_event_ns: u64,
    /// By CPU.
    last_switch_ns: Vec<u64>,
    deferred: apply::Deferred,
    /// Whether the event at hand has renamed its descriptor.
    name_changed: bool,
}

/// What one event touched; fields read it together with the [`State`].
///
/// Removals (of a closed descriptor, of an ended thread) take effect when the *next* event is
/// applied, so that the event which caused them can still be shown with its descriptor and thread.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// The thread of the event is in the table under this id. `None` for events that belong to no
    /// thread (drops, container events, …).
    pub tid: Option<i64>,
    /// The thread of the event had never been seen and was made up with this event.
    pub invented: bool,
    /// Number of the descriptor that the event works on: what it uses, or has created; -1 for
    /// the enter and the failed exit of a creating call. `None` when the event's type has no
    /// descriptor or its thread is unknown. Look it up with [`State::event_fd`].
    pub fd: Option<i64>,
    /// This event gave the descriptor another name (connect, bind, a datagram's new peer, …).
    pub fd_name_changed: bool,
    /// The enter event of this exit was seen: [`State::enter`] has it.
    pub paired: bool,
    /// Time since the matching enter event, when both were seen; 0 on enter events; on other
    /// events the thread's latest value.
    pub latency_ns: u64,
    /// Time since the previous event of any thread.
    pub delta_ns: u64,
    /// On a context switch: time since the previous switch on the same CPU.
    pub exec_time_ns: u64,
    slot: Option<threads::Slot>,
    /// The event has no thread but stands for a container.
    of_container: bool,
}

/// What the engine gave up, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Threads made up for events whose thread was never seen starting.
    pub invented_threads: u64,
    /// Threads forgotten because the table was full.
    pub evicted_threads: u64,
    /// Exits whose enter event was lost: the thread's earlier calls had theirs.
    pub unpaired_exits: u64,
    /// Events on descriptors that were never seen being opened.
    pub unknown_fds: u64,
    /// Parameters that should have changed the state and could not be read.
    pub malformed_params: u64,
}

impl Default for State {
    fn default() -> Self {
        State {
            machine: None,
            interfaces: Vec::new(),
            threads: threads::Threads::default(),
            max_threads: access::MAX_THREADS,
            tables: fd_table::FdTables::default(),
            users: users::Users::default(),
            containers: Containers::default(),
            container_thread: None,
            kubernetes_json: Vec::new(),
            mesos_json: Vec::new(),
            counters: Counters::default(),
            last_event_ns: 0,
            last_switch_ns: Vec::new(),
            deferred: apply::Deferred::default(),
            name_changed: false,
        }
    }
}

impl State {
    /// An empty state.
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes how many threads are kept at most; beyond, those quiet for longest are forgotten
    /// and counted.
    pub fn with_max_threads(mut self, max_threads: usize) -> Self {
        self.max_threads = max_threads.max(1);
        self
    }

    /// Applies one event and says what it touched.
    pub fn apply(&mut self, event: &Event<'_>) -> Applied {
        self.apply_event(event)
    }

    /// What was given up so far.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Text of the latest Kubernetes event of old captures.
    pub fn kubernetes_json(&self) -> &[u8] {
        &self.kubernetes_json
    }

    /// Text of the latest Mesos event of old captures.
    pub fn mesos_json(&self) -> &[u8] {
        &self.mesos_json
    }

    /// The machine of the capture.
    pub fn machine(&self) -> Option<&MachineInfo> {
        self.machine.as_ref()
    }

    /// The machine's network interface addresses.
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// Whether an address belongs to the machine, seen from a thread: the container's own address
    /// counts for threads in a container.
    pub fn is_local_address(&self, address: IpAddr, thread: &Thread) -> bool {
        if let Some(container) = self.container(&thread.container_id)
            && container.ip.parse() == Ok(address)
        {
            return true;
        }
        self.interfaces.iter().any(|interface| match interface {
            Interface::V4 { addr, .. } => IpAddr::V4(*addr) == address,
            Interface::V6 { addr, .. } => IpAddr::V6(*addr) == address,
        })
    }

    /// The thread of an event that was just applied. A container's event has a stand-in with the
    /// container's id, so that it can be shown and filtered like those of its processes.
    pub fn event_thread(&self, applied: &Applied) -> Option<&Thread> {
        if applied.of_container {
            return self.container_thread.as_deref();
        }
        self.threads.at(applied.slot?)
    }

    /// The descriptor of an event that was just applied (for close the one closed, for dup and
    /// accept the new one).
    pub fn event_fd(&self, applied: &Applied) -> Option<&FdInfo> {
        self.fd(self.event_thread(applied)?, applied.fd?)
    }

    /// The enter event that belongs to the exit just applied, as it was stored.
    pub fn enter(&self, applied: &Applied) -> Option<Event<'_>> {
        if !applied.paired {
            return None;
        }
        let call = &self.event_thread(applied)?.call;
        Some(call.enter.as_ref()?.as_event())
    }

    /// A thread by id.
    pub fn thread(&self, tid: i64) -> Option<&Thread> {
        self.threads.get(tid)
    }

    /// The leader of a thread's process; the thread itself when it leads.
    pub fn leader<'a>(&'a self, thread: &'a Thread) -> Option<&'a Thread> {
        if thread.is_leader() {
            return Some(thread);
        }
        self.thread(thread.pid)
    }

    /// A thread's parent.
    pub fn parent(&self, thread: &Thread) -> Option<&Thread> {
        self.thread(thread.ptid)
    }

    /// A descriptor of a thread, looked up in the table that its process shares.
    pub fn fd(&self, thread: &Thread, fd: i64) -> Option<&FdInfo> {
        self.tables.get(thread.files)?.get(fd)
    }

    /// All descriptors of a thread's process by number.
    pub fn fds<'a>(&'a self, thread: &Thread) -> impl Iterator<Item = (i64, &'a FdInfo)> {
        self.tables
            .get(thread.files)
            .into_iter()
            .flat_map(|table| table.iter())
    }

    /// How many descriptors a thread's process has open, as far as known.
    pub fn fd_count(&self, thread: &Thread) -> usize {
        self.tables
            .get(thread.files)
            .map_or(0, fd_table::FdTable::len)
    }

    /// A thread's current directory with a trailing slash; empty when never learnt.
    pub fn cwd<'a>(&'a self, thread: &'a Thread) -> &'a [u8] {
        &self.leader(thread).unwrap_or(thread).cwd
    }

    /// The absolute path that `name` means for a thread, against its current directory
    /// (`dirfd` -100) or an open directory.
    pub fn resolve_path(&self, thread: &Thread, dirfd: i64, name: &[u8]) -> Vec<u8> {
        if name.first() == Some(&b'/') {
            return path::resolve(b"", name);
        }
        self.resolve_below(thread, dirfd, name)
    }

    /// All threads, in no particular order.
    pub fn threads(&self) -> impl Iterator<Item = &Thread> {
        self.threads.iter()
    }

    /// A container that a container event has described.
    pub fn container(&self, id: &[u8]) -> Option<&Container> {
        self.containers.get(std::str::from_utf8(id).ok()?)
    }

    /// All containers described so far.
    pub fn containers(&self) -> &Containers {
        &self.containers
    }

    /// A user, of a container or (empty id) of the host. A container about whose users the
    /// capture says nothing has the host's.
    pub fn user(&self, uid: u32, container_id: &[u8]) -> Option<&UserEntry> {
        self.users.user(uid, container_id)
    }

    /// Name of a user, as [`State::user`].
    pub fn user_name(&self, uid: u32, container_id: &[u8]) -> Option<&[u8]> {
        Some(&self.user(uid, container_id)?.name)
    }

    /// Name of a group, of the host or of a container.
    pub fn group_name(&self, gid: u32, container_id: &[u8]) -> Option<&[u8]> {
        Some(&self.users.group(gid, container_id)?.name)
    }
}
