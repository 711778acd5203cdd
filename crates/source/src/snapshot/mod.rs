//! The first snapshot: what runs on the machine before the first event, read from `/proc`.
//!
//! Everything here may vanish while it is read: a process that ends half-way is left out, a value
//! that cannot be read takes the format's default. Nothing is an error. What each value is and where
//! it comes from follows section 7.3 and 8.2 of the format's description.

mod cgroups;
mod fds;
mod machine;
mod sockets;
mod task;
mod users;

use std::path::{Path, PathBuf};

use capture_format::{FdEntry, Snapshot};

/// What to read, and below which root.
#[derive(Clone, Debug)]
pub struct Options {
    /// Prefix of `/proc`, `/sys` and `/etc`, for a Quarry that runs in a container.
    pub root: PathBuf,
    /// Read users and groups.
    pub users: bool,
    /// Keep this many bytes of each environment.
    pub env_limit_bytes: usize,
}

impl Default for Options {
    /// Users included, root from the environment variable `HOST_ROOT` or `SYSDIG_HOST_ROOT`.
    fn default() -> Self {
        Options {
            root: ["HOST_ROOT", "SYSDIG_HOST_ROOT"]
                .into_iter()
                .find_map(std::env::var_os)
                .map_or_else(|| PathBuf::from("/"), PathBuf::from),
            users: true,
            env_limit_bytes: LIST_LIMIT_BYTES,
        }
    }
}

/// Longest argument or environment list that the format's readers accept.
pub const LIST_LIMIT_BYTES: usize = 4096;

/// Longest path or name in a thread or descriptor entry.
const NAME_LIMIT_BYTES: usize = 1023;

/// Reads the state of the machine.
pub fn take(options: &Options) -> Snapshot {
    let root = Root(options.root.clone());
    let mut snapshot = Snapshot {
        machine: Some(machine::read(&root)),
        interfaces: machine::interfaces(),
        ..Snapshot::default()
    };
    if options.users {
        (snapshot.users, snapshot.groups) = users::read(&root);
    }
    let mut cgroups = cgroups::Hierarchy::find(&root);
    let mut descriptors = fds::Scanner::new();
    for pid in numeric_entries(&root.proc("")) {
        let process = root.proc(&pid.to_string());
        let Some(shared) = task::Shared::read(&process, options) else {
            continue;
        };
        for tid in numeric_entries(&process.join("task")) {
            let dir = process.join("task").join(tid.to_string());
            let Some(entry) = task::read(&dir, tid, pid, &shared, &mut cgroups) else {
                continue;
            };
            snapshot.threads.push(entry);
            let fds = if tid == pid {
                descriptors.scan(&process)
            } else {
                Vec::new()
            };
            snapshot.fds.push((tid, fds));
        }
    }
    snapshot
}

/// What a descriptor of a thread is at this moment; `None` when it is not open.
pub fn descriptor(options: &Options, tid: i64, fd: i64) -> Option<FdEntry> {
    let process = Root(options.root.clone()).proc(&tid.to_string());
    fds::Scanner::new().look_up(&process, fd)
}

/// Whether a process of this id exists now.
pub fn has_process(options: &Options, pid: i64) -> bool {
    Root(options.root.clone())
        .proc(&pid.to_string())
        .join("status")
        .exists()
}

/// This process's id as the machine knows it, also when it runs in a pid namespace of its own.
///
/// The link is resolved by the `/proc` through which it is read, so a mounted `/proc` of the host
/// gives the host's number.
pub fn own_pid(options: &Options) -> u32 {
    std::fs::read_link(Root(options.root.clone()).proc("self"))
        .ok()
        .and_then(|target| target.to_str()?.parse().ok())
        .unwrap_or_else(std::process::id)
}

/// The root below which the machine's files lie.
#[derive(Clone, Debug)]
struct Root(PathBuf);

impl Root {
    fn path(&self, absolute: &str) -> PathBuf {
        self.0.join(absolute.trim_start_matches('/'))
    }

    fn proc(&self, below: &str) -> PathBuf {
        self.path("proc").join(below)
    }
}

/// Names of a directory that are numbers, ascending; none when it cannot be read.
fn numeric_entries(dir: &Path) -> Vec<i64> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut numbers: Vec<i64> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers
}

/// Target of a link as bytes.
fn link(path: &Path) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    let mut target = std::fs::read_link(path).ok()?.into_os_string().into_vec();
    target.truncate(NAME_LIMIT_BYTES);
    Some(target)
}

/// Device number as the format encodes it.
fn device(major: u32, minor: u32) -> u32 {
    (minor & 0xff) | (major << 8) | ((minor & !0xff) << 12)
}

#[cfg(test)]
mod tests {
    use super::*;
    use capture_format::{FdEntryKind, ThreadEntry};
    use std::fs;
    use std::os::unix::fs::symlink;

    /// A machine with one process of two threads, a kernel thread and a half-vanished process.
    fn fake_root() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("proc/stat", "cpu  1 2 3\nbtime 1700000000\n");
        write("proc/meminfo", "MemTotal:       1000 kB\n");
        write("proc/sys/kernel/hostname", "mine\n");
        write("sys/devices/system/cpu/online", "0-1,3\n");
        write(
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nbroken\nweb:x:33:34::/srv:/bin/false\n",
        );
        write("etc/group", "root:x:0:\nweb:x:34:a,b\n");
        for task in ["proc/100", "proc/100/task/100", "proc/100/task/101"] {
            let tid = if task.ends_with("101") { 101 } else { 100 };
            write(&format!("{task}/comm"), "serve (a)\n");
            write(&format!("{task}/cmdline"), "/srv/web\0-x\0\0");
            write(&format!("{task}/environ"), "A=1\0B=2\0");
            write(
                &format!("{task}/stat"),
                &format!("{tid} (serve (a)) S 1 90 80 34816 0 0 7 0 9 0 0 0 0 0 20 0 1 0 5 0 0\n"),
            );
            write(
                &format!("{task}/status"),
                "Name:\tserve\nTgid:\t100\nPPid:\t1\nUid:\t5\t33\t5\t5\nGid:\t6\t34\t6\t6\n\
                 NStgid:\t100\t7\nNSpid:\t100\t8\nNSpgid:\t90\t9\nVmSize:\t  400 kB\n\
                 VmRSS:\t  30 kB\nVmSwap:\t  2 kB\nCapInh:\t00000000000000ff\n\
                 CapPrm:\t000001ffffffffff\nCapEff:\t0000000000000001\n",
            );
            write(
                &format!("{task}/limits"),
                "Limit  Soft Limit  Hard Limit  Units\nMax open files            64                 128               files\n",
            );
            write(&format!("{task}/loginuid"), "4294967295");
            write(
                &format!("{task}/cgroup"),
                "2:cpu,cpuacct:/a/b\n1:memory:/\n",
            );
            symlink("/srv/web", dir.path().join(task).join("exe")).unwrap();
            symlink("/srv", dir.path().join(task).join("cwd")).unwrap();
            symlink("/", dir.path().join(task).join("root")).unwrap();
        }
        write(
            "proc/100/net/tcp",
            "  sl  local_address rem_address   st\n   0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 555 1\n   \
             1: 0100007F:1F90 0200007F:C350 01 0:0 0:0 0 0 0 556 1\n",
        );
        write(
            "proc/100/net/unix",
            "Num RefCount\n00000000d235a133: 00000003 00000000 00000000 0001 03 777 /run/x y\n",
        );
        fs::create_dir_all(dir.path().join("proc/100/fd")).unwrap();
        for (fd, target) in [
            (3, "socket:[555]"),
            (4, "socket:[556]"),
            (5, "socket:[777]"),
            (6, "socket:[999]"),
            (7, "pipe:[12]"),
            (8, "anon_inode:[eventpoll]"),
            (9, "/memfd:x (deleted)"),
        ] {
            symlink(target, dir.path().join(format!("proc/100/fd/{fd}"))).unwrap();
        }
        // A kernel thread: no command line, no executable.
        write("proc/2/comm", "kthreadd\n");
        write("proc/2/cmdline", "");
        fs::create_dir_all(dir.path().join("proc/2/task/2")).unwrap();
        // A process that ended after its directory was listed.
        fs::create_dir_all(dir.path().join("proc/300/task/300")).unwrap();
        dir
    }

    fn fake() -> Snapshot {
        let dir = fake_root();
        take(&Options {
            root: dir.path().to_owned(),
            ..Options::default()
        })
    }

    #[test]
    fn machine_and_users_are_read() {
        let snapshot = fake();
        let machine = snapshot.machine.unwrap();
        assert_eq!(machine.num_cpus, 4, "ids reach 3");
        assert_eq!(machine.memory_bytes, 1_024_000);
        assert_eq!(machine.hostname, b"mine");
        assert_eq!(machine.boot_time_ns, 1_700_000_000_000_000_000);
        assert_eq!(snapshot.users.len(), 2);
        assert_eq!(snapshot.users[1].shell, b"/bin/false");
        assert_eq!(snapshot.groups[1].gid, 34);
    }

    #[test]
    fn threads_are_read_and_vanished_ones_left_out() {
        let snapshot = fake();
        let tids: Vec<i64> = snapshot.threads.iter().map(|t| t.tid).collect();
        assert_eq!(tids, [100, 101]);
        let expected = ThreadEntry {
            tid: 100,
            pid: 100,
            ptid: 1,
            sid: 80,
            vpgid: 9,
            pgid: 90,
            vtid: 8,
            vpid: 7,
            comm: b"serve (a)".to_vec(),
            exe: b"/srv/web".to_vec(),
            exe_path: b"/srv/web".to_vec(),
            args: vec![b"-x".to_vec(), b"".to_vec()],
            env: vec![b"A=1".to_vec(), b"B=2".to_vec()],
            cwd: b"/srv".to_vec(),
            root: b"/".to_vec(),
            cgroups: [&b"cpu=/a/b"[..], b"cpuacct=/a/b", b"memory=/"]
                .map(<[u8]>::to_vec)
                .to_vec(),
            fd_limit: 64,
            uid: 33,
            gid: 34,
            vm_size_kib: 400,
            vm_rss_kib: 30,
            vm_swap_kib: 2,
            pf_minor: 7,
            pf_major: 9,
            tty: 34816,
            cap_inheritable: 0xff,
            cap_permitted: 0x1ff_ffff_ffff,
            cap_effective: 1,
            ..ThreadEntry::default()
        };
        let mut got = snapshot.threads[0].clone();
        // The executable and the init process are looked up on the machine that runs the test.
        got.exe_ino = 0;
        got.exe_ino_ctime_ns = 0;
        got.exe_ino_mtime_ns = 0;
        got.pidns_init_start_ns = 0;
        got.exe_writable = false;
        assert_eq!(got, expected);
        assert_eq!(
            snapshot.threads[1].flags, 0x2001,
            "CLONE_THREAD and CLONE_FILES"
        );
    }

    #[test]
    fn descriptors_get_names_from_the_socket_tables() {
        let snapshot = fake();
        let fds = &snapshot.fds[0].1;
        let kinds: Vec<(i64, &FdEntryKind)> = fds.iter().map(|f| (f.fd, &f.kind)).collect();
        let local = std::net::Ipv4Addr::LOCALHOST;
        assert_eq!(
            kinds,
            [
                (
                    3,
                    &FdEntryKind::Ipv4Server {
                        ip: local,
                        port: 8080,
                        l4: 2
                    }
                ),
                (
                    4,
                    &FdEntryKind::Ipv4 {
                        src: local,
                        dst: std::net::Ipv4Addr::new(127, 0, 0, 2),
                        src_port: 8080,
                        dst_port: 50_000,
                        l4: 2
                    }
                ),
                (
                    5,
                    &FdEntryKind::Unix {
                        source: 0xd235_a133,
                        destination: 0,
                        path: b"/run/x y".to_vec()
                    }
                ),
                (
                    7,
                    &FdEntryKind::Named {
                        type_number: 7,
                        name: b"pipe:[12]".to_vec()
                    }
                ),
                (
                    8,
                    &FdEntryKind::Named {
                        type_number: 12,
                        name: vec![]
                    }
                ),
                (
                    9,
                    &FdEntryKind::Named {
                        type_number: 20,
                        name: b"/memfd:x (deleted)".to_vec()
                    }
                ),
            ],
            "the socket in no table is left out"
        );
        assert!(snapshot.fds[1].1.is_empty(), "threads share their leader's");
    }

    #[test]
    fn the_own_process_is_known_where_proc_is_not_ours() {
        assert_eq!(own_pid(&Options::default()), std::process::id());
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("proc")).unwrap();
        symlink("4242", dir.path().join("proc/self")).unwrap();
        let options = Options {
            root: dir.path().to_owned(),
            ..Options::default()
        };
        assert_eq!(own_pid(&options), 4242);
    }

    #[test]
    fn the_running_machine_can_be_read() {
        let snapshot = take(&Options::default());
        let own = i64::from(std::process::id());
        let me = snapshot.threads.iter().find(|t| t.tid == own).unwrap();
        assert_eq!(me.pid, own);
        assert!(!me.exe_path.is_empty());
        assert_eq!(snapshot.threads.len(), snapshot.fds.len());
    }
}
