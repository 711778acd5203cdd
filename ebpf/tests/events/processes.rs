//! clone, fork, vfork, clone3, execve, execveat, exit_group, procexit.

use std::ffi::{CStr, CString};
use std::os::unix::fs::MetadataExt;

use capture_format::EventBuf;

use crate::harness::{Expect, by_symbol, enter_type, exit_type, in_child, int, names, record};
use crate::harness::{text, wait_for};

/// Checks what clone-like events tell about the thread they belong to.
fn check_task(event: &EventBuf, res: i64, tid: i64, pid: i64, ptid: i64, flags: Expect) {
    let some = Expect::Something;
    let own_exe = std::env::args().next().expect("argv[0]");
    let mut rest = Vec::new();
    for arg in std::env::args().skip(1) {
        rest.extend_from_slice(arg.as_bytes());
        rest.push(0);
    }
    let (limit, _) = nofile();
    let comm = event.as_event().param(13).unwrap_or_default().to_vec();
    assert!(comm.ends_with(&[0]) && comm.len() <= 16, "comm: {comm:?}");
    let start = int(event, 21);
    assert_eq!(start > 0, res == 0, "start of the namespace: {start}");
    expect!(
        event,
        res,
        text(own_exe),
        &rest[..],
        tid,
        pid,
        ptid,
        Expect::Nothing,
        limit,
        some.clone(),
        some.clone(),
        some.clone(),
        some.clone(),
        some.clone(),
        &comm[..],
        cgroups(),
        flags,
        0,
        0,
        tid,
        pid,
        some,
    );
    assert!(
        int(event, 11) > int(event, 12),
        "more virtual than resident"
    );
    assert!(int(event, 12) > 0, "resident memory");
}

/// The soft and hard limits of open files.
fn nofile() -> (u64, u64) {
    let mut limit = [0u64; 2];
    assert_eq!(
        sys!(SYS_prlimit64, 0, libc::RLIMIT_NOFILE, 0, limit.as_mut_ptr()),
        0
    );
    (limit[0], limit[1])
}

/// The probe shows groups by controller; which there are depends on the machine.
fn cgroups() -> Expect {
    Expect::Something
}

/// Whether pids here are those of the first namespace, as the tests' comparisons need.
fn in_first_pid_namespace() -> bool {
    let here = std::fs::read_link("/proc/self/ns/pid").ok();
    // The inode number of the first one is fixed: PROC_PID_INIT_INO, include/linux/proc_ns.h.
    let first = here.is_some_and(|link| link.as_os_str() == "pid:[4026531836]");
    if !first {
        crate::harness::skipped("this is not the first pid namespace, ids differ from the probe's");
    }
    first
}

fn me() -> i64 {
    i64::from(std::process::id())
}

#[test]
fn fork_is_told_by_parent_and_child() {
    if !in_first_pid_namespace() {
        return;
    }
    let Some(run) = record(|| {
        let pid = sys!(SYS_fork);
        if pid == 0 {
            sys!(SYS_exit_group, 0);
        }
        assert_eq!(wait_for(pid), 0);
        pid
    }) else {
        return;
    };
    let child = run.value;
    check_task(
        run.exit("fork"),
        child,
        run.tid,
        me(),
        parent_of_me(),
        names(""),
    );
    let [event] = run.exactly(child, exit_type("fork"));
    check_task(event, 0, child, child, run.tid, names(""));
}

/// The thread that started this process: threads have their leader's parent.
fn parent_of_me() -> i64 {
    sys!(SYS_getppid)
}

#[test]
fn clone_has_flags_in_both_events() {
    if !in_first_pid_namespace() {
        return;
    }
    let Some(run) = record(|| {
        let flags = libc::CLONE_FS | libc::CLONE_FILES | libc::SIGCHLD;
        let pid = sys!(SYS_clone, flags, 0, 0, 0, 0);
        if pid == 0 {
            sys!(SYS_exit_group, 3);
        }
        assert_eq!(wait_for(pid), 3 << 8);
        pid
    }) else {
        return;
    };
    let flags = names("CLONE_FS|CLONE_FILES");
    let parent = run.exit("clone");
    check_task(
        parent,
        run.value,
        run.tid,
        me(),
        parent_of_me(),
        flags.clone(),
    );
    let [child] = run.exactly(run.value, exit_type("clone"));
    check_task(child, 0, run.value, run.value, run.tid, flags);
}

#[test]
fn clone_that_fails_has_no_arguments() {
    let Some(run) = record(|| sys!(SYS_clone, libc::CLONE_THREAD, 0, 0, 0, 0)) else {
        return;
    };
    let event = run.exit("clone");
    assert_eq!(int(event, 1), i128::from(-libc::EINVAL));
    let view = event.as_event();
    assert_eq!(
        (view.param(1), view.param(2)),
        (Some(&[][..]), Some(&[][..]))
    );
    assert_eq!(int(event, 16), 8192, "CLONE_THREAD");
}

#[test]
fn clone3_reads_its_flags_from_memory() {
    if !in_first_pid_namespace() {
        return;
    }
    let Some(run) = record(|| {
        // struct clone_args: flags first, the exit signal fifth.
        let mut args = [0u64; 8];
        args[0] = libc::CLONE_FS as u64;
        args[4] = libc::SIGCHLD as u64;
        let pid = sys!(SYS_clone3, args.as_ptr(), size_of_val(&args));
        if pid == 0 {
            sys!(SYS_exit_group, 0);
        }
        wait_for(pid);
        pid
    }) else {
        return;
    };
    let flags = names("CLONE_FS");
    let parent = run.exit("clone3");
    check_task(
        parent,
        run.value,
        run.tid,
        me(),
        parent_of_me(),
        flags.clone(),
    );
    let [child] = run.exactly(run.value, exit_type("clone3"));
    check_task(child, 0, run.value, run.value, run.tid, flags);
}

#[test]
fn ends_have_code_or_signal() {
    let Some(run) = record(|| {
        let (coded, _) = in_child(|| 42);
        let (killed, status) = in_child(|| {
            let me = sys!(SYS_getpid);
            sys!(SYS_kill, me, libc::SIGKILL);
            0
        });
        assert!(libc::WIFSIGNALED(status));
        (coded, killed)
    }) else {
        return;
    };
    let (coded, killed) = run.value;
    let end = by_symbol("PROCEXIT_1_E");
    let [coded] = run.exactly(coded, end);
    expect!(coded, 42 << 8, 42, 0, 0, 0);
    let [killed] = run.exactly(killed, end);
    expect!(killed, libc::SIGKILL, 0, libc::SIGKILL, 0, 0);
}

#[test]
fn exit_group_is_seen_when_it_starts() {
    let Some(run) = record(|| in_child(|| 9).0) else {
        return;
    };
    let [_] = run.generic(run.value, enter_type("exit_group"), "exit_group");
}

/// Arguments or environment as exec takes them.
///
/// On the heap, which a child shares with its parent at once. Constants lie in the executable, whose
/// pages a fresh child maps when it touches them, and the probe can read only what is mapped.
struct Strings {
    pointers: Vec<u64>,
    _texts: Vec<CString>,
}

impl Strings {
    fn new(list: &[&CStr]) -> Strings {
        let texts: Vec<CString> = list.iter().map(|&text| text.to_owned()).collect();
        let mut pointers: Vec<u64> = texts.iter().map(|text| text.as_ptr() as u64).collect();
        pointers.push(0);
        Strings {
            pointers,
            _texts: texts,
        }
    }

    fn at(&self) -> *const u64 {
        self.pointers.as_ptr()
    }
}

/// Checks the parameters of exec events from 4 on, as far as a test can know them.
fn check_image(event: &EventBuf, tid: i64, exe: &std::fs::Metadata, path: &str) {
    assert_eq!(int(event, 4), i128::from(tid), "tid");
    assert_eq!(int(event, 5), i128::from(tid), "pid");
    assert_eq!(event.as_event().param(6), Some(&[][..]), "cwd");
    assert_eq!(int(event, 8), i128::from(nofile().0), "fdlimit");
    // A new image has so few pages that the kernel's counters of resident memory may still be 0.
    assert!(int(event, 11) > 0, "vm_size");
    assert!(
        event
            .as_event()
            .param(14)
            .is_some_and(|groups| groups.starts_with(b"cpuset=/"))
    );
    assert_eq!(int(event, 20) & 1, 1, "root may write the file");
    assert!(
        int(event, 22) >= int(event, 23),
        "permitted covers effective"
    );
    assert_eq!(int(event, 24), i128::from(exe.ino()), "exe_ino");
    let ns = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
    assert_eq!(
        int(event, 25),
        ns(exe.ctime(), exe.ctime_nsec()),
        "exe_ino_ctime"
    );
    assert_eq!(
        int(event, 26),
        ns(exe.mtime(), exe.mtime_nsec()),
        "exe_ino_mtime"
    );
    assert_eq!((int(event, 27), int(event, 30)), (0, 0), "uid, gid");
    let stored = event.as_event().param(27).unwrap_or_default();
    let expected = CString::new(path).expect("no NUL");
    assert_eq!(stored, expected.as_bytes_with_nul(), "trusted_exepath");
    let group = sys!(SYS_getpgid, 0);
    assert_eq!(
        (int(event, 18), int(event, 29)),
        (group.into(), group.into()),
        "groups"
    );
}

fn param(event: &EventBuf, number: usize) -> Vec<u8> {
    event
        .as_event()
        .param(number - 1)
        .unwrap_or_default()
        .to_vec()
}

const TRUE: &CStr = c"/bin/true";

#[test]
fn execve_describes_the_new_program() {
    if !in_first_pid_namespace() {
        return;
    }
    let argv = Strings::new(&[c"called", c"one", c"", c"two words"]);
    let envp = Strings::new(&[c"A=1", c"B=two"]);
    let (argv, envp, program) = (&argv, &envp, &TRUE.to_owned());
    let Some(run) = record(|| {
        let (pid, status) = in_child(|| {
            sys!(SYS_execve, program.as_ptr(), argv.at(), envp.at());
            1
        });
        assert_eq!(status, 0);
        pid
    }) else {
        return;
    };
    let [enter] = run.exactly(run.value, enter_type("execve"));
    expect!(enter, TRUE);
    let [event] = run.exactly(run.value, exit_type("execve"));
    assert_eq!(event.as_event().nparams(), 31);
    assert_eq!(int(event, 1), 0);
    assert_eq!(param(event, 2), b"called\0");
    assert_eq!(param(event, 3), b"one\0\0two words\0");
    assert_eq!(int(event, 6), i128::from(run.tid), "ptid");
    assert_eq!(param(event, 14), b"true\0", "comm");
    assert_eq!(param(event, 16), b"A=1\0B=two\0", "env");
    assert_eq!(param(event, 31), TRUE.to_bytes_with_nul(), "filename");
    let path = std::fs::canonicalize("/bin/true").expect("true exists");
    let exe = std::fs::metadata(&path).expect("true exists");
    check_image(event, run.value, &exe, path.to_str().expect("plain path"));
}

#[test]
fn execve_that_fails_shows_what_was_asked() {
    if !in_first_pid_namespace() {
        return;
    }
    let argv = Strings::new(&[c"name", c"argument"]);
    let envp = Strings::new(&[c"X=y"]);
    let (argv, envp) = (&argv, &envp);
    let missing = &c"/missing/program".to_owned();
    let Some(run) = record(|| {
        in_child(|| {
            sys!(SYS_execve, missing.as_ptr(), argv.at(), envp.at());
            sys!(SYS_execve, missing.as_ptr(), 0, 0);
            let flags = libc::AT_EMPTY_PATH;
            sys!(
                SYS_execveat,
                libc::AT_FDCWD,
                missing.as_ptr(),
                argv.at(),
                envp.at(),
                flags
            );
            0
        })
        .0
    }) else {
        return;
    };
    let [event, null] = run.exactly(run.value, exit_type("execve"));
    let [at] = run.exactly(run.value, exit_type("execveat"));
    let own = std::fs::canonicalize("/proc/self/exe").expect("the test runs");
    let exe = std::fs::metadata(&own).expect("the test runs");
    for event in [event, null, at] {
        assert_eq!(int(event, 1), i128::from(-libc::ENOENT));
        check_image(event, run.value, &exe, own.to_str().expect("plain path"));
    }
    for event in [event, at] {
        assert_eq!(param(event, 2), b"name\0");
        assert_eq!(param(event, 3), b"argument\0");
        assert_eq!(param(event, 16), b"X=y\0");
    }
    assert_eq!((param(null, 2), param(null, 3)), (vec![0], vec![]));
    assert_eq!(param(event, 31), missing.to_bytes_with_nul());
    assert_eq!(at.as_event().nparams(), 30);
    let [enter] = run.exactly(run.value, enter_type("execveat"));
    expect!(enter, -100, missing, names("AT_EMPTY_PATH"));
}

#[test]
fn execveat_that_succeeds_is_an_execve() {
    let argv = Strings::new(&[c"by descriptor"]);
    let argv = &argv;
    let Some(run) = record(|| {
        let (pid, status) = in_child(|| {
            let fd = sys!(SYS_open, TRUE.as_ptr(), libc::O_RDONLY, 0);
            sys!(
                SYS_execveat,
                fd,
                c"".as_ptr(),
                argv.at(),
                0,
                libc::AT_EMPTY_PATH
            );
            1
        });
        assert_eq!(status, 0);
        pid
    }) else {
        return;
    };
    let [event] = run.exactly(run.value, exit_type("execve"));
    assert_eq!(param(event, 2), b"by descriptor\0");
    assert!(param(event, 31).starts_with(b"/dev/fd/"));
    let [] = run.exactly(run.value, exit_type("execveat"));
}
