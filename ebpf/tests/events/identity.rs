//! Users, groups, limits, sessions, namespaces, prctl, bpf, seccomp, pidfds.

use crate::harness::{Expect, exit_type, in_child, names, record};

#[test]
fn user_and_group_calls_of_root() {
    let Some(run) = record(|| {
        // The bare calls change this thread alone.
        let mut ids = [7u32; 3];
        let at = |ids: &mut [u32; 3], i: usize| &raw mut ids[i];
        sys!(SYS_setuid, 0);
        sys!(SYS_setgid, 0);
        sys!(SYS_setreuid, -1, 0);
        sys!(SYS_setregid, 0, -1);
        sys!(SYS_setresgid, -1, 0, -1);
        sys!(SYS_getuid);
        sys!(SYS_geteuid);
        sys!(SYS_getgid);
        sys!(SYS_getegid);
        let [a, b, c] = [0, 1, 2].map(|i| at(&mut ids, i));
        sys!(SYS_setresuid, 0, 12_345, -1);
        sys!(SYS_getresuid, a, b, c);
        sys!(SYS_getresgid, a, b, c);
        sys!(SYS_setuid, 54_321);
        sys!(SYS_setresuid, -1, 0, -1);
    }) else {
        return;
    };
    let keep = u32::MAX;
    let [own, other] = run.exits("setuid");
    expect!(own, 0, 0);
    expect!(other, -libc::EPERM, 54_321);
    expect!(run.exit("setgid"), 0, 0);
    expect!(run.exit("setreuid"), 0, keep, 0);
    expect!(run.exit("setregid"), 0, 0, keep);
    expect!(run.exit("setresgid"), 0, keep, 0, keep);
    for call in ["getuid", "geteuid", "getgid", "getegid"] {
        expect!(run.exit(call), 0);
    }
    let [drop, back] = run.exits("setresuid");
    expect!(drop, 0, 0, 12_345, keep);
    expect!(back, 0, keep, 0, keep);
    let [drop, _] = run.enters("setresuid");
    expect!(drop, 0, 12_345, keep);
    expect!(run.exit("getresuid"), 0, 0, 12_345, 0);
    expect!(run.exit("getresgid"), 0, 0, 0, 0);
}

#[test]
fn limits_are_signed_and_named() {
    let Some(run) = record(|| {
        let mut old = [0i64; 2];
        assert_eq!(sys!(SYS_getrlimit, libc::RLIMIT_CORE, old.as_mut_ptr()), 0);
        assert_eq!(sys!(SYS_setrlimit, libc::RLIMIT_CORE, old.as_ptr()), 0);
        let mut seen = [0i64; 2];
        sys!(SYS_prlimit64, 0, libc::RLIMIT_NOFILE, 0, seen.as_mut_ptr());
        let wrong = [5i64, 6];
        sys!(SYS_prlimit64, -1, libc::RLIMIT_CPU, wrong.as_ptr(), 0);
        sys!(SYS_getrlimit, 99, old.as_mut_ptr());
        (old, seen)
    }) else {
        return;
    };
    let ([soft, hard], [soft_files, hard_files]) = run.value;
    let [good, bad] = run.exits("getrlimit");
    expect!(good, 0, soft, hard, names("RLIMIT_CORE"));
    expect!(bad, -libc::EINVAL, -1, -1, names("RLIMIT_UNKNOWN"));
    expect!(run.exit("setrlimit"), 0, soft, hard, names("RLIMIT_CORE"));
    let [good, bad] = run.exits("prlimit64");
    expect!(
        good,
        0,
        0,
        0,
        soft_files,
        hard_files,
        0,
        names("RLIMIT_NOFILE")
    );
    expect!(bad, -libc::ESRCH, 5, 6, -1, -1, -1, names("RLIMIT_CPU"));
    let [good, bad] = run.enters("prlimit64");
    expect!(good, 0, names("RLIMIT_NOFILE"));
    expect!(bad, -1, names("RLIMIT_CPU"));
}

#[test]
fn sessions_and_groups_of_processes() {
    let Some(run) = record(|| {
        in_child(|| {
            sys!(SYS_setpgid, 0, 0);
            sys!(SYS_setsid);
            sys!(SYS_setpgid, -4, 3);
            0
        })
        .0
    }) else {
        return;
    };
    let pid = run.value;
    let [good, bad] = run.exactly(pid, exit_type("setpgid"));
    expect!(good, 0, 0, 0);
    expect!(bad, -libc::ESRCH, -4, 3);
    // A group leader cannot start a session.
    let [event] = run.exactly(pid, exit_type("setsid"));
    expect!(event, -libc::EPERM);
}

#[test]
fn prctl_has_text_or_number() {
    let Some(run) = record(|| {
        sys!(SYS_prctl, libc::PR_SET_NAME, c"renamed".as_ptr(), 0, 0, 0);
        let mut flag = 9i32;
        let at = &raw mut flag;
        sys!(SYS_prctl, libc::PR_GET_CHILD_SUBREAPER, at, 0, 0, 0);
        sys!(SYS_prctl, libc::PR_CAPBSET_READ, 999, 0, 0, 0);
        flag
    }) else {
        return;
    };
    let [name, reaper, bad] = run.exits("prctl");
    expect!(name, 0, names("PR_SET_NAME"), c"renamed", 0);
    let none = Expect::Nothing;
    expect!(
        reaper,
        0,
        names("PR_GET_CHILD_SUBREAPER"),
        none.clone(),
        run.value
    );
    expect!(bad, -libc::EINVAL, names("PR_CAPBSET_READ"), none, 999);
}

#[test]
fn namespaces_and_kernel_interfaces() {
    let Some(run) = record(|| {
        sys!(SYS_setns, -3, libc::CLONE_NEWNET);
        sys!(SYS_unshare, libc::CLONE_NEWUTS | libc::CLONE_NEWPID | 1);
        sys!(SYS_bpf, 9999, 0, 0);
        sys!(SYS_bpf, 1, 0, 0);
        sys!(SYS_seccomp, 77, 5, 0)
    }) else {
        return;
    };
    expect!(run.enter("setns"), -3, names("CLONE_NEWNET"));
    expect!(run.exit("setns"), -libc::EBADF, -3, names("CLONE_NEWNET"));
    let flags = names("CLONE_NEWUTS|CLONE_NEWPID");
    expect!(run.exit("unshare"), -libc::EINVAL, flags);
    let [unknown, lookup] = run.exits("bpf");
    expect!(unknown, -libc::EINVAL, 9999);
    expect!(lookup, -libc::EINVAL, names("BPF_MAP_LOOKUP_ELEM"));
    expect!(run.enter("seccomp"), 77, 5);
    expect!(run.exit("seccomp"), run.value, 77, 5);
}

#[test]
fn descriptors_of_processes() {
    let Some(run) = record(|| {
        let me = sys!(SYS_getpid);
        let fd = sys!(SYS_pidfd_open, me, libc::O_NONBLOCK);
        let copy = sys!(SYS_pidfd_getfd, fd, 2, 0);
        sys!(SYS_pidfd_open, -1, 0);
        sys!(SYS_pidfd_getfd, -1, 2, 0);
        (me, fd, copy)
    }) else {
        return;
    };
    let (me, fd, copy) = run.value;
    let [good, bad] = run.exits("pidfd_open");
    expect!(good, fd, me, names("PIDFD_NONBLOCK"));
    expect!(bad, -libc::EINVAL, -1, 0);
    let [good, bad] = run.exits("pidfd_getfd");
    expect!(good, copy, fd, 2, 0);
    expect!(bad, -libc::EBADF, -1, 2, 0);
}
