//! What a capture says before its first event: machine, interfaces, users, threads, descriptors.
//!
//! These are the contents of the metadata blocks, independent of the block version that stored
//! them. A live source fills the same structures from the kernel.

use std::net::{Ipv4Addr, Ipv6Addr};

pub(crate) mod cursor;
pub(crate) mod event;
pub(crate) mod fds;
pub(crate) mod interfaces;
pub(crate) mod kind;
pub(crate) mod machine;
pub(crate) mod section;
pub(crate) mod supplement;
pub(crate) mod threads;
pub(crate) mod users;

/// Readers refuse longer paths in lists.
pub(crate) const MAX_PATH: usize = 1024;
/// Readers refuse longer argument, environment and cgroup lists.
pub(crate) const MAX_LIST: usize = 4096;
/// Readers refuse longer user and group names.
pub(crate) const MAX_NAME: usize = 255;

/// The state of a machine at the beginning of a capture section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Machine, when the capture says (plugin captures do not).
    pub machine: Option<MachineInfo>,
    /// Network interface addresses.
    pub interfaces: Vec<Interface>,
    /// Users, in passwd order.
    pub users: Vec<UserEntry>,
    /// Groups, in group-file order.
    pub groups: Vec<GroupEntry>,
    /// One entry per thread.
    pub threads: Vec<ThreadEntry>,
    /// Descriptor lists by thread id, in file order; threads sharing a table have an empty list.
    pub fds: Vec<(i64, Vec<FdEntry>)>,
}

/// The machine on which events were recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineInfo {
    /// CPUs online.
    pub num_cpus: u32,
    /// Physical memory in bytes.
    pub memory_bytes: u64,
    /// Largest pid; 0 in every file seen.
    pub max_pid: u64,
    /// Host name, at most 128 bytes.
    pub hostname: Vec<u8>,
    /// Boot time in nanoseconds since the epoch, 0 when unknown.
    pub boot_time_ns: u64,
    /// Flags, 0 today.
    pub flags: u64,
}

/// One address of one network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Interface {
    V4 {
        name: Vec<u8>,
        addr: Ipv4Addr,
        netmask: Ipv4Addr,
        broadcast: Ipv4Addr,
        link_speed: u64,
    },
    V6 {
        name: Vec<u8>,
        addr: Ipv6Addr,
        netmask: Ipv6Addr,
        broadcast: Ipv6Addr,
        link_speed: u64,
    },
}

/// A user of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct UserEntry {
    pub uid: u32,
    pub gid: u32,
    pub name: Vec<u8>,
    pub home: Vec<u8>,
    pub shell: Vec<u8>,
}

/// A group of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct GroupEntry {
    pub gid: u32,
    pub name: Vec<u8>,
}

/// One thread of the process list. Defaults are those of the format for absent fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadEntry {
    /// Thread id.
    pub tid: i64,
    /// Process (thread group) id.
    pub pid: i64,
    /// Parent's id.
    pub ptid: i64,
    /// Session id.
    pub sid: i64,
    /// Process group in the innermost pid namespace.
    pub vpgid: i64,
    /// Process group in the root pid namespace, -1 unknown.
    pub pgid: i64,
    /// Thread id in the innermost pid namespace.
    pub vtid: i64,
    /// Process id in the innermost pid namespace.
    pub vpid: i64,
    /// Command name.
    pub comm: Vec<u8>,
    /// `argv[0]`.
    pub exe: Vec<u8>,
    /// Resolved path of the executable.
    pub exe_path: Vec<u8>,
    /// `argv[1..]`.
    pub args: Vec<Vec<u8>>,
    /// Environment, `NAME=value`.
    pub env: Vec<Vec<u8>>,
    /// Current directory.
    pub cwd: Vec<u8>,
    /// Root directory.
    pub root: Vec<u8>,
    /// `subsystem=path` items.
    pub cgroups: Vec<Vec<u8>>,
    /// Soft limit on descriptors, -1 unknown.
    pub fd_limit: i64,
    /// `PPM_CL_*` bits.
    pub flags: u32,
    /// Effective user.
    pub uid: u32,
    /// Effective group.
    pub gid: u32,
    /// Login user, `u32::MAX` when unset.
    pub loginuid: u32,
    /// Virtual memory in KiB.
    pub vm_size_kib: u32,
    /// Resident memory in KiB.
    pub vm_rss_kib: u32,
    /// Swapped memory in KiB.
    pub vm_swap_kib: u32,
    /// Major page faults.
    pub pf_major: u64,
    /// Minor page faults.
    pub pf_minor: u64,
    /// Controlling terminal, device number encoding of the format.
    pub tty: u32,
    /// Start of the pid namespace's init, ns since the epoch.
    pub pidns_init_start_ns: u64,
    /// The executable is writable by the user.
    pub exe_writable: bool,
    /// The executable lies in an overlay's upper layer.
    pub exe_upper_layer: bool,
    /// The executable lies in an overlay's lower layer.
    pub exe_lower_layer: bool,
    /// The executable is a memfd.
    pub exe_from_memfd: bool,
    /// Inheritable capabilities.
    pub cap_inheritable: u64,
    /// Permitted capabilities.
    pub cap_permitted: u64,
    /// Effective capabilities.
    pub cap_effective: u64,
    /// Inode of the executable.
    pub exe_ino: u64,
    /// Change time of that inode, ns since the epoch.
    pub exe_ino_ctime_ns: u64,
    /// Modification time of that inode, ns since the epoch.
    pub exe_ino_mtime_ns: u64,
}

impl Default for ThreadEntry {
    fn default() -> Self {
        ThreadEntry {
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
            fd_limit: -1,
            flags: 0,
            uid: 0,
            gid: 0,
            loginuid: u32::MAX,
            vm_size_kib: 0,
            vm_rss_kib: 0,
            vm_swap_kib: 0,
            pf_major: 0,
            pf_minor: 0,
            tty: 0,
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
        }
    }
}

/// One descriptor of a thread's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FdEntry {
    /// Descriptor number.
    pub fd: i64,
    /// Inode.
    pub ino: u64,
    /// What it is.
    pub kind: FdEntryKind,
}

/// What a listed descriptor refers to, with its number in the format.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FdEntryKind {
    /// Type 1 (no flags) and 16.
    File {
        name: Vec<u8>,
        open_flags: u32,
        dev: u32,
    },
    /// Type 2.
    Directory { name: Vec<u8> },
    /// Type 3: local side is stored as source.
    Ipv4 {
        src: Ipv4Addr,
        dst: Ipv4Addr,
        src_port: u16,
        dst_port: u16,
        l4: u8,
    },
    /// Type 4.
    Ipv6 {
        src: Ipv6Addr,
        dst: Ipv6Addr,
        src_port: u16,
        dst_port: u16,
        l4: u8,
    },
    /// Type 5.
    Ipv4Server { ip: Ipv4Addr, port: u16, l4: u8 },
    /// Type 6.
    Ipv6Server { ip: Ipv6Addr, port: u16, l4: u8 },
    /// Type 8.
    Unix {
        source: u64,
        destination: u64,
        path: Vec<u8>,
    },
    /// Types 7, 9–15, 17–21 and 10: a type number and a name.
    Named { type_number: u8, name: Vec<u8> },
}
