//! Programs replaced by others.

use crate::build::{Ev, World, ev, process, thread};

const O_CLOEXEC: i64 = 0x1000;

fn exec(tid: i64, name: &str) -> Ev {
    ev("SYSCALL_EXECVE_19_X", tid)
        .num("res", 0)
        .text("exe", name)
        .bytes("args", b"-a\0b\0")
        .num("tid", tid)
        .num("pid", tid)
        .num("ptid", 1)
        .num("fdlimit", 4096)
        .text("comm", name)
        .bytes("env", b"A=1\0B=2\0")
        .num("tty", 34816)
        .num("vpgid", 5)
        .num("loginuid", 1000)
        .num("flags", 1)
        .num("uid", 0)
        .num("gid", 50)
}

#[test]
fn exec_makes_another_program_of_a_process() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.apply(ev("SYSCALL_EXECVE_19_E", 10).text("filename", "bin/cat"));
    let applied = world.apply(exec(10, "cat"));
    let thread = world.thread(10);
    assert_eq!(thread.comm, b"cat");
    assert_eq!(thread.exe_path, b"/home/bin/cat");
    assert_eq!(thread.args, [b"-a".to_vec(), b"b".to_vec()]);
    assert_eq!(thread.env.len(), 2);
    assert_eq!((thread.uid, thread.gid, thread.vpgid), (0, 50, 5));
    assert_eq!(thread.fd_limit, 4096);
    assert!(thread.exe_writable);
    assert_ne!(thread.last_exec_ts_ns, 0);
    assert!(applied.paired);
}

#[test]
fn the_kernels_own_path_is_better_than_the_callers() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.apply(exec(10, "sh").text("trusted_exepath", "/usr/bin/dash"));
    assert_eq!(world.thread(10).exe_path, b"/usr/bin/dash");
}

#[test]
fn a_failed_exec_changes_nothing() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.apply(exec(10, "cat").num("res", -2));
    assert_eq!(world.thread(10).comm, b"sh");
}

#[test]
fn the_oldest_exec_names_the_process_by_its_program() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.apply(
        ev("SYSCALL_EXECVE_8_X", 10)
            .num("res", 0)
            .text("exe", "cat")
            .num("tid", 10)
            .num("pid", 10),
    );
    assert_eq!(world.thread(10).comm, b"cat");
}

#[test]
fn exec_closes_what_was_marked() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.open(10, 3, "kept", 1);
    world.open(10, 4, "closed", 1 | O_CLOEXEC);
    world.open(10, 5, "marked later", 1);
    let fcntl = ev("SYSCALL_FCNTL_X", 10).num("res", 0).num("fd", 5);
    world.apply(fcntl.num("cmd", 3).num("arg", 1));
    world.open(10, 6, "perhaps unmarked", 1 | O_CLOEXEC);
    let fcntl = ev("SYSCALL_FCNTL_X", 10).num("res", 0).num("fd", 6);
    world.apply(fcntl.num("cmd", 3).cut(3));
    world.apply(exec(10, "cat"));
    let open: Vec<i64> = world
        .state
        .fds(world.thread(10))
        .map(|(fd, _)| fd)
        .collect();
    assert_eq!(open, [3, 6]);
}

#[test]
fn exec_of_a_secondary_thread_leaves_the_leader_alone() {
    let mut world = World::new(&[process(10, 1, "srv"), thread(11, 10), thread(12, 10)]);
    world.apply(ev("SYSCALL_EXECVE_19_E", 11).text("filename", "/bin/cat"));
    world.apply(ev("PROCEXIT_1_E", 12));
    world.apply(ev("PROCEXIT_1_E", 10));
    world.apply(exec(10, "cat"));
    world.tick();
    assert_eq!(world.thread(10).exe_path, b"/bin/cat");
    assert!(!world.thread(10).exited);
    assert_eq!(world.thread(10).child_threads, 0);
    assert!(world.state.thread(11).is_none() && world.state.thread(12).is_none());
}

#[test]
fn execveat_of_an_open_file_is_named_by_it() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.open(10, 3, "/opt/tool", 1);
    let enter = ev("SYSCALL_EXECVEAT_E", 10).num("dirfd", 3);
    world.apply(enter.text("pathname", "").num("flags", 1));
    let applied = ev("SYSCALL_EXECVEAT_X", 10).num("res", 0).num("pid", 10);
    world.apply(applied.text("comm", "tool"));
    assert_eq!(world.thread(10).exe_path, b"/opt/tool");
}

#[test]
fn cgroups_tell_the_container() {
    let id = "0123456789abcdef".repeat(4);
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.apply(exec(10, "cat").bytes(
        "cgroups",
        format!("cpuset=/docker/{id}\0io=/docker/{id}\0").as_bytes(),
    ));
    assert_eq!(world.thread(10).container_id, b"0123456789ab");
    assert!(world.thread(10).cgroups[1].starts_with(b"blkio=/docker"));
}
