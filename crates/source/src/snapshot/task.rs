//! One thread's entry in the process list.

use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use capture_format::ThreadEntry;

use super::{LIST_LIMIT_BYTES, Options, cgroups::Hierarchy, link};

/// `PPM_CL_CLONE_THREAD | PPM_CL_CLONE_FILES`: what any thread but the first is marked with.
const THREAD_FLAGS: u32 = 0x2000 | 0x1;

/// What all threads of a process have in common, read once.
#[derive(Debug)]
pub(super) struct Shared {
    exe: Vec<u8>,
    exe_path: Vec<u8>,
    args: Vec<Vec<u8>>,
    env: Vec<Vec<u8>>,
    cwd: Vec<u8>,
    root: Vec<u8>,
    fd_limit: i64,
    loginuid: u32,
    pidns_init_start_ns: u64,
    executable: Option<std::fs::Metadata>,
}

impl Shared {
    /// Reads a process directory; `None` for kernel threads, zombies and processes that are gone.
    pub(super) fn read(process: &Path, options: &Options) -> Option<Shared> {
        let cmdline = std::fs::read(process.join("cmdline")).ok()?;
        let exe_path = link(&process.join("exe"));
        if cmdline.is_empty() && exe_path.is_none() {
            return None;
        }
        let mut args = list(&cmdline, LIST_LIMIT_BYTES);
        let exe = if args.is_empty() {
            Vec::new()
        } else {
            args.remove(0)
        };
        let environ = std::fs::read(process.join("environ")).unwrap_or_default();
        let limits = std::fs::read_to_string(process.join("limits")).unwrap_or_default();
        let loginuid = std::fs::read_to_string(process.join("loginuid")).unwrap_or_default();
        let cwd = link(&process.join("cwd")).unwrap_or_default();
        Some(Shared {
            exe,
            exe_path: exe_path.unwrap_or_default(),
            args,
            env: list(&environ, options.env_limit_bytes),
            cwd: if cwd.is_empty() { b"/".to_vec() } else { cwd },
            root: link(&process.join("root")).unwrap_or_default(),
            fd_limit: open_files_limit(&limits),
            loginuid: loginuid.trim().parse().unwrap_or(u32::MAX),
            pidns_init_start_ns: std::fs::metadata(process.join("root/proc/1/cmdline"))
                .map_or(0, |m| time_ns(m.ctime(), m.ctime_nsec())),
            executable: std::fs::metadata(process.join("exe")).ok(),
        })
    }
}

/// Reads one task directory; `None` when the thread is gone.
pub(super) fn read(
    task: &Path,
    tid: i64,
    pid: i64,
    shared: &Shared,
    cgroups: &mut Hierarchy,
) -> Option<ThreadEntry> {
    let status = std::fs::read_to_string(task.join("status")).ok()?;
    let stat = std::fs::read_to_string(task.join("stat")).ok()?;
    let mut comm = std::fs::read(task.join("comm")).ok()?;
    if comm.last() == Some(&b'\n') {
        comm.pop();
    }
    let status = Status::parse(&status);
    let stat = Stat::parse(&stat)?;
    let uid = status.number("Uid", 1).unwrap_or(0) as u32;
    let gid = status.number("Gid", 1).unwrap_or(0) as u32;
    let kib = |key| status.number(key, 0).unwrap_or(0).min(u64::from(u32::MAX)) as u32;
    let nested = |key| status.number(key, 1).map(|n| n as i64);
    let mut entry = ThreadEntry {
        tid,
        pid,
        ptid: status.number("PPid", 0).map_or(-1, |n| n as i64),
        sid: stat.number(5) as i64,
        vpgid: nested("NSpgid").unwrap_or(0),
        pgid: stat.number(4) as i64,
        vtid: nested("NSpid").unwrap_or(tid),
        vpid: nested("NStgid").unwrap_or(pid),
        comm,
        exe: shared.exe.clone(),
        exe_path: shared.exe_path.clone(),
        args: shared.args.clone(),
        env: shared.env.clone(),
        cwd: shared.cwd.clone(),
        root: shared.root.clone(),
        cgroups: cgroups.of_task(task),
        fd_limit: shared.fd_limit,
        flags: if tid == pid { 0 } else { THREAD_FLAGS },
        uid,
        gid,
        loginuid: shared.loginuid,
        vm_size_kib: kib("VmSize"),
        vm_rss_kib: kib("VmRSS"),
        vm_swap_kib: kib("VmSwap"),
        pf_minor: stat.number(9),
        pf_major: stat.number(11),
        tty: stat.number(6) as u32,
        pidns_init_start_ns: shared.pidns_init_start_ns,
        exe_from_memfd: shared.exe_path.starts_with(b"/memfd:"),
        cap_inheritable: status.hex("CapInh"),
        cap_permitted: status.hex("CapPrm"),
        cap_effective: status.hex("CapEff"),
        ..ThreadEntry::default()
    };
    if let Some(file) = &shared.executable {
        entry.exe_ino = file.ino();
        entry.exe_ino_ctime_ns = time_ns(file.ctime(), file.ctime_nsec());
        entry.exe_ino_mtime_ns = time_ns(file.mtime(), file.mtime_nsec());
        entry.exe_writable = writable(file, uid, gid);
    }
    Some(entry)
}

/// Whether a user owns or may write a file, by its mode alone.
fn writable(file: &std::fs::Metadata, uid: u32, gid: u32) -> bool {
    uid == 0
        || file.uid() == uid
        || (file.gid() == gid && file.mode() & 0o020 != 0)
        || file.mode() & 0o002 != 0
}

/// NUL-ended strings of at most `limit` bytes in all, their NULs counted.
fn list(bytes: &[u8], limit: usize) -> Vec<Vec<u8>> {
    let bytes = &bytes[..bytes.len().min(limit)];
    if bytes.is_empty() {
        return Vec::new();
    }
    // The last byte stands for the NUL even where a process overwrote it or the list was cut.
    bytes[..bytes.len() - 1]
        .split(|&b| b == 0)
        .map(<[u8]>::to_vec)
        .collect()
}

fn open_files_limit(limits: &str) -> i64 {
    limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(-1)
}

fn time_ns(seconds: i64, nanoseconds: i64) -> u64 {
    u64::try_from(i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds)).unwrap_or(0)
}

/// The `Key: values` lines of a status file.
struct Status<'a>(HashMap<&'a str, &'a str>);

impl<'a> Status<'a> {
    fn parse(text: &'a str) -> Self {
        Status(text.lines().filter_map(|l| l.split_once(':')).collect())
    }

    fn word(&self, key: &str, index: usize) -> Option<&'a str> {
        self.0.get(key)?.split_whitespace().nth(index)
    }

    fn number(&self, key: &str, index: usize) -> Option<u64> {
        self.word(key, index)?.parse().ok()
    }

    fn hex(&self, key: &str) -> u64 {
        self.word(key, 0)
            .and_then(|word| u64::from_str_radix(word, 16).ok())
            .unwrap_or(0)
    }
}

/// The words of a stat file, numbered from 0 as in `proc_pid_stat(5)` minus one.
struct Stat<'a>(Vec<&'a str>);

impl<'a> Stat<'a> {
    /// Splits after the command, which may hold blanks and brackets.
    fn parse(text: &'a str) -> Option<Self> {
        let (_, rest) = text.rsplit_once(')')?;
        let mut words = vec!["", ""];
        words.extend(rest.split_whitespace());
        Some(Stat(words))
    }

    fn number(&self, index: usize) -> u64 {
        self.0.get(index).map_or(0, |word| {
            word.parse::<u64>()
                .or_else(|_| word.parse::<i64>().map(|n| n as u64))
                .unwrap_or(0)
        })
    }
}
