//! One thread as the engine knows it.

use crate::fd_table::TableId;

/// A thread. Ids are those of the root pid namespace unless the name starts with `v`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Thread {
    pub tid: i64,
    /// Process id; -1 for an invented thread.
    pub pid: i64,
    /// Thread id of the real parent, 0 none, -1 unknown.
    pub ptid: i64,
    /// Session, -1 unknown.
    pub sid: i64,
    pub vpgid: i64,
    pub pgid: i64,
    pub vtid: i64,
    pub vpid: i64,
    /// Command name; `<NA>` for threads never seen starting.
    pub comm: Vec<u8>,
    pub exe: Vec<u8>,
    /// The program's file: as the kernel resolved it where that was recorded, else what was passed
    /// to exec, made absolute.
    pub exe_path: Vec<u8>,
    pub args: Vec<Vec<u8>>,
    /// Environment; threads other than the leader have an empty one of their own, ask the leader.
    pub env: Vec<Vec<u8>>,
    /// Current directory with a trailing slash; ask [`crate::State::cwd`], threads share it.
    pub cwd: Vec<u8>,
    pub root: Vec<u8>,
    /// `subsystem=path` items.
    pub cgroups: Vec<Vec<u8>>,
    /// Container id (short form) by the cgroups, empty on the host.
    pub container_id: Vec<u8>,
    pub fd_limit: i64,
    /// `PPM_CL_*` bits.
    pub flags: u32,
    /// Effective user, `u32::MAX` unknown.
    pub uid: u32,
    /// Effective group, `u32::MAX` unknown.
    pub gid: u32,
    /// Audit login user, `u32::MAX` unset.
    pub loginuid: u32,
    pub vm_size_kib: u32,
    pub vm_rss_kib: u32,
    pub vm_swap_kib: u32,
    pub pf_major: u64,
    pub pf_minor: u64,
    pub tty: u32,
    /// When it was seen being cloned, 0 unknown.
    pub clone_ts_ns: u64,
    /// When it was last seen executing a program, 0 never.
    pub last_exec_ts_ns: u64,
    pub pidns_init_start_ns: u64,
    pub exe_writable: bool,
    pub exe_upper_layer: bool,
    pub exe_lower_layer: bool,
    pub exe_from_memfd: bool,
    pub cap_inheritable: u64,
    pub cap_permitted: u64,
    pub cap_effective: u64,
    pub exe_ino: u64,
    pub exe_ino_ctime_ns: u64,
    pub exe_ino_mtime_ns: u64,
    /// The thread was made up for an event whose thread was never seen.
    pub invented: bool,
    /// It has exited; kept while other threads of the process live.
    pub exited: bool,
    /// Threads of this process other than the leader; counted on the leader's entry.
    pub child_threads: u64,
    /// CPU time on the CPU as seen by context switches, nanoseconds since the capture began.
    pub cpu_time_ns: u64,
    /// The two latest procinfo samples, newest last.
    pub cpu_samples: [CpuSample; 2],

    pub(crate) files: TableId,
    pub(crate) call: Call,
}

/// CPU time of a thread as a procinfo event reported it, in ticks of 10 ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct CpuSample {
    pub timestamp_ns: u64,
    pub user_ticks: u64,
    pub system_ticks: u64,
}

/// Where a thread is between the enter and the exit of a system call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    /// The latest enter event, kept until the next one replaces it. Its buffers are reused.
    pub(crate) enter: Option<capture_format::EventBuf>,
    /// The enter event has no exit yet.
    pub(crate) open: bool,
    /// The thread was seen doing something, if only returning from clone as the child.
    pub(crate) active: bool,
    /// Time of the latest enter event, 0 none.
    pub(crate) entered_ns: u64,
    /// Descriptor that the latest call worked on, -1 none.
    pub(crate) fd: i64,
    /// Result of the latest exit: time since its enter.
    pub(crate) latency_ns: u64,
}

impl Default for Thread {
    fn default() -> Self {
        Thread {
            tid: -1,
            pid: -1,
            ptid: -1,
            sid: -1,
            vpgid: -1,
            pgid: -1,
            vtid: -1,
            vpid: -1,
            comm: vec![],
            exe: vec![],
            exe_path: vec![],
            args: vec![],
            env: vec![],
            cwd: vec![],
            root: vec![],
            cgroups: vec![],
            container_id: vec![],
            fd_limit: -1,
            flags: 0,
            uid: u32::MAX,
            gid: u32::MAX,
            loginuid: u32::MAX,
            vm_size_kib: 0,
            vm_rss_kib: 0,
            vm_swap_kib: 0,
            pf_major: 0,
            pf_minor: 0,
            tty: 0,
            clone_ts_ns: 0,
            last_exec_ts_ns: 0,
            pidns_init_start_ns: 0,
            exe_writable: false,
            exe_upper_layer: false,
            exe_lower_layer: false,
            exe_from_memfd: false,
            cap_inheritable: 0,
            cap_permitted: 0,
            cap_effective: 0,
            exe_ino: 0,
            exe_ino_ctime_ns: 0,
            exe_ino_mtime_ns: 0,
            invented: false,
            exited: false,
            child_threads: 0,
            cpu_time_ns: 0,
            cpu_samples: [CpuSample::default(); 2],
            files: TableId::NONE,
            call: Call {
                fd: -1,
                ..Call::default()
            },
        }
    }
}

impl Thread {
    /// Whether it leads its process.
    pub fn is_leader(&self) -> bool {
        self.tid == self.pid
    }

    /// When it last did something, as far as was seen.
    pub(crate) fn last_seen_ns(&self) -> u64 {
        self.call
            .entered_ns
            .max(self.clone_ts_ns)
            .max(self.last_exec_ts_ns)
    }
}
