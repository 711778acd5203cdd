//! One thread as the engine knows it.

/// A thread. Ids are those of the root pid namespace unless the name starts with `v`.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Thread {
    pub tid: i64,
    pub pid: i64,
    /// Thread id of the real parent, 0 none, -1 unknown.
    pub ptid: i64,
    pub sid: i64,
    pub vpgid: i64,
    pub pgid: i64,
    pub vtid: i64,
    pub vpid: i64,
    /// Command name; `<NA>` for threads never seen starting.
    pub comm: Vec<u8>,
    pub exe: Vec<u8>,
    pub exe_path: Vec<u8>,
    pub args: Vec<Vec<u8>>,
    pub env: Vec<Vec<u8>>,
    pub cwd: Vec<u8>,
    pub root: Vec<u8>,
    /// `subsystem=path` items.
    pub cgroups: Vec<Vec<u8>>,
    /// Container id (short form) by the cgroups, empty on the host.
    pub container_id: Vec<u8>,
    pub fd_limit: i64,
    /// `PPM_CL_*` bits.
    pub flags: u32,
    pub uid: u32,
    pub gid: u32,
    pub loginuid: u32,
    pub vm_size_kib: u32,
    pub vm_rss_kib: u32,
    pub vm_swap_kib: u32,
    pub pf_major: u64,
    pub pf_minor: u64,
    pub tty: u32,
    pub clone_ts_ns: u64,
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
}
