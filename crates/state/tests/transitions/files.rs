//! Files and other descriptors without a peer.

use crate::build::{World, ev, process, thread};
use state::FdKind;

fn world() -> World {
    World::new(&[process(10, 1, "sh")])
}

#[test]
fn names_start_from_the_directory() {
    let mut world = world();
    let applied = world.open(10, 3, "../etc/./x", 1);
    assert_eq!(applied.fd, Some(3));
    assert!(applied.fd_name_changed);
    assert_eq!(world.name(10, 3), "/etc/x");
    assert_eq!(world.fd(10, 3).unwrap().name_raw, b"../etc/./x");
    world.open(10, 4, "/var/lib", 0x400 | 1);
    assert_eq!(world.fd(10, 4).unwrap().kind, FdKind::Directory);
    let below = |dirfd: i64, fd: i64| {
        ev("SYSCALL_OPENAT_2_X", 10)
            .num("fd", fd)
            .num("dirfd", dirfd)
            .text("name", "dpkg")
            .num("flags", 1)
    };
    world.apply(below(4, 5));
    assert_eq!(world.name(10, 5), "/var/lib/dpkg");
    world.apply(below(99, 6));
    assert_eq!(world.name(10, 6), "<UNKNOWN>dpkg");
}

#[test]
fn an_open_that_fails_has_no_descriptor() {
    let mut world = world();
    let applied = world.open(10, -2, "nowhere", 1);
    assert_eq!(applied.fd, Some(-1));
    assert!(world.state.event_fd(&applied).is_none());
}

#[test]
fn the_name_asked_for_counts_and_the_exit_adds_what_it_learnt() {
    let mut world = world();
    let enter = ev("SYSCALL_OPEN_E", 10)
        .text("name", "/asked")
        .num("flags", 1);
    world.apply(enter);
    world.apply(
        ev("SYSCALL_OPEN_X", 10)
            .num("fd", 3)
            .text("name", "/swapped")
            .num("flags", 0x8001)
            .num("ino", 7),
    );
    assert_eq!(world.name(10, 3), "/asked");
    assert!(world.fd(10, 3).unwrap().is_upper_layer());
    assert_eq!(world.fd(10, 3).unwrap().ino, 7);
}

#[test]
fn old_openat_has_its_arguments_in_the_enter_event() {
    let mut world = world();
    let enter = ev("SYSCALL_OPENAT_E", 10).num("dirfd", -100);
    world.apply(enter.text("name", "x").num("flags", 1).num("mode", 0));
    world.apply(ev("SYSCALL_OPENAT_X", 10).num("fd", 3));
    assert_eq!(world.name(10, 3), "/home/x");
}

#[test]
fn a_closed_descriptor_is_known_until_the_next_event() {
    let mut world = world();
    world.open(10, 3, "x", 1);
    world.apply(ev("SYSCALL_CLOSE_E", 10).num("fd", 3));
    let applied = world.apply(ev("SYSCALL_CLOSE_X", 10).num("res", 0).cut(1));
    assert_eq!(applied.fd, Some(3));
    assert_eq!(world.state.event_fd(&applied).unwrap().name, b"/home/x");
    world.tick();
    assert!(world.fd(10, 3).is_none());
}

#[test]
fn a_close_that_fails_closes_nothing() {
    let mut world = world();
    world.open(10, 3, "x", 1);
    world.apply(ev("SYSCALL_CLOSE_X", 10).num("res", -9).num("fd", 3));
    world.tick();
    assert_eq!(world.name(10, 3), "/home/x");
}

#[test]
fn a_number_given_out_again_while_closing_stays_open() {
    let mut world = World::new(&[process(10, 1, "srv"), thread(11, 10)]);
    world.open(10, 3, "old", 1);
    world.apply(ev("SYSCALL_CLOSE_E", 10).num("fd", 3));
    world.open(11, 3, "new", 1);
    world.apply(ev("SYSCALL_CLOSE_X", 10).num("res", 0).num("fd", 3));
    world.tick();
    assert_eq!(world.name(10, 3), "/home/new");
}

#[test]
fn close_range_closes_or_marks() {
    let mut world = world();
    for fd in 3..9 {
        world.open(10, fd, "x", 1);
    }
    let range = |first, last, flags| {
        let event = ev("SYSCALL_CLOSE_RANGE_X", 10).num("res", 0);
        event
            .num("first", first)
            .num("last", last)
            .num("flags", flags)
    };
    world.apply(range(4, 5, 0));
    world.apply(range(7, 0xffff_ffff, 4));
    let fds: Vec<_> = world.state.fds(world.thread(10)).collect();
    let numbers: Vec<i64> = fds.iter().map(|(fd, _)| *fd).collect();
    let marked: Vec<i64> = fds
        .iter()
        .filter(|f| f.1.close_on_exec)
        .map(|f| f.0)
        .collect();
    assert_eq!((numbers, marked), (vec![3, 6, 7, 8], vec![7, 8]));
}

#[test]
fn copies_have_the_name_and_their_own_mark() {
    let mut world = world();
    world.open(10, 3, "x", 0x1001);
    world.open(10, 5, "overwritten", 1);
    let applied = world.apply(ev("SYSCALL_DUP_1_X", 10).num("res", 4).num("oldfd", 3));
    assert_eq!(applied.fd, Some(4));
    assert!(!world.fd(10, 4).unwrap().close_on_exec);
    let dup3 = ev("SYSCALL_DUP3_X", 10).num("res", 5).num("oldfd", 3);
    world.apply(dup3.num("newfd", 5).num("flags", 0x1000));
    assert_eq!(world.name(10, 5), "/home/x");
    assert!(world.fd(10, 5).unwrap().close_on_exec);
    world.apply(ev("SYSCALL_FCNTL_E", 10).num("fd", 3).num("cmd", 1));
    world.apply(ev("SYSCALL_FCNTL_X", 10).num("res", 6).cut(1));
    assert_eq!(world.name(10, 6), "/home/x");
}

#[test]
fn old_dup2_knows_its_source_by_the_enter_event() {
    let mut world = world();
    world.open(10, 3, "x", 1);
    world.apply(ev("SYSCALL_DUP_E", 10).num("fd", 3));
    let applied = world.apply(ev("SYSCALL_DUP_X", 10).num("res", 1));
    assert_eq!(world.state.event_fd(&applied).unwrap().name, b"/home/x");
    assert_eq!(world.fd(10, 1).unwrap().fd, 1);
}

#[test]
fn both_ends_of_a_pipe_have_its_inode() {
    let mut world = world();
    let pipe = ev("SYSCALL_PIPE2_X", 10)
        .num("res", 0)
        .num("fd1", 3)
        .num("fd2", 4);
    let applied = world.apply(pipe.num("ino", 99).num("flags", 0x1000));
    assert_eq!(applied.fd, Some(4));
    for fd in [3, 4] {
        let info = world.fd(10, fd).unwrap();
        assert_eq!(
            (info.kind, info.ino, info.close_on_exec),
            (FdKind::Pipe, 99, true)
        );
    }
}

#[test]
fn nameless_descriptors_are_known_by_kind() {
    let cases: &[(&str, &str, FdKind)] = &[
        ("SYSCALL_EVENTFD_X", "res", FdKind::Event),
        ("SYSCALL_EVENTFD2_X", "res", FdKind::Event),
        ("SYSCALL_SIGNALFD_X", "res", FdKind::Signal),
        ("SYSCALL_SIGNALFD4_X", "res", FdKind::Signal),
        ("SYSCALL_TIMERFD_CREATE_X", "res", FdKind::Timer),
        ("SYSCALL_INOTIFY_INIT_X", "res", FdKind::Inotify),
        ("SYSCALL_INOTIFY_INIT1_X", "res", FdKind::Inotify),
        ("SYSCALL_EPOLL_CREATE_X", "res", FdKind::Epoll),
        ("SYSCALL_EPOLL_CREATE1_X", "res", FdKind::Epoll),
        ("SYSCALL_USERFAULTFD_X", "res", FdKind::Userfault),
        ("SYSCALL_IO_URING_SETUP_X", "res", FdKind::IoUring),
        ("SYSCALL_MEMFD_CREATE_X", "fd", FdKind::Memfd),
        ("SYSCALL_PIDFD_OPEN_X", "fd", FdKind::Pidfd),
    ];
    for (symbol, result, kind) in cases {
        let mut world = world();
        let applied = world.apply(ev(symbol, 10).num(result, 7));
        assert_eq!(applied.fd, Some(7), "{symbol}");
        assert_eq!(world.fd(10, 7).unwrap().kind, *kind, "{symbol}");
    }
}

#[test]
fn bpf_commands_return_descriptors_or_not() {
    let mut world = world();
    world.apply(ev("SYSCALL_BPF_2_X", 10).num("fd", 3).num("cmd", 5));
    world.apply(ev("SYSCALL_BPF_2_X", 10).num("fd", 0).num("cmd", 1));
    assert_eq!(world.fd(10, 3).unwrap().kind, FdKind::Bpf);
    assert!(world.fd(10, 0).is_none());
}

#[test]
fn a_memfd_has_the_name_it_was_given() {
    let mut world = world();
    let event = ev("SYSCALL_MEMFD_CREATE_X", 10).num("fd", 3);
    world.apply(event.text("name", "shm").num("flags", 1));
    assert_eq!(world.name(10, 3), "shm");
    assert!(world.fd(10, 3).unwrap().close_on_exec);
}

#[test]
fn pidfd_getfd_takes_another_process_descriptor() {
    let mut world = World::new(&[process(10, 1, "gdb"), process(20, 1, "target")]);
    world.open(20, 8, "data", 1);
    world.apply(ev("SYSCALL_PIDFD_OPEN_X", 10).num("fd", 3).num("pid", 20));
    let event = ev("SYSCALL_PIDFD_GETFD_X", 10).num("fd", 4);
    world.apply(event.num("pid_fd", 3).num("target_fd", 8));
    assert_eq!(world.name(10, 4), "/home/data");
}

#[test]
fn directories_change_by_name_and_by_descriptor() {
    let mut world = world();
    let cwd =
        |world: &World| String::from_utf8_lossy(world.state.cwd(world.thread(10))).into_owned();
    world.apply(ev("SYSCALL_CHDIR_X", 10).num("res", 0).text("path", "sub"));
    assert_eq!(cwd(&world), "/home/sub/");
    world.apply(ev("SYSCALL_CHDIR_X", 10).num("res", -2).text("path", "/no"));
    assert_eq!(cwd(&world), "/home/sub/");
    world.open(10, 3, "/srv", 0x401);
    world.apply(ev("SYSCALL_FCHDIR_E", 10).num("fd", 3));
    world.apply(ev("SYSCALL_FCHDIR_X", 10).num("res", 0).cut(1));
    assert_eq!(cwd(&world), "/srv/");
    world.apply(
        ev("SYSCALL_GETCWD_X", 10)
            .num("res", 5)
            .text("path", "/real"),
    );
    assert_eq!(cwd(&world), "/real/");
    world.apply(
        ev("SYSCALL_CHROOT_X", 10)
            .num("res", 0)
            .text("path", "jail"),
    );
    assert_eq!(world.thread(10).root, b"/real/jail");
}

#[test]
fn exit_events_alone_name_their_descriptor() {
    let mut world = world();
    world.open(10, 3, "x", 1);
    let read = ev("SYSCALL_READ_X", 10).num("res", 0).num("fd", 3);
    let applied = world.apply(read.num("size", 10));
    assert_eq!(applied.fd, Some(3));
    assert!(!applied.paired);
    assert_eq!(world.state.event_fd(&applied).unwrap().name, b"/home/x");
}

#[test]
fn events_without_descriptor_have_none() {
    let mut world = world();
    assert_eq!(
        world.apply(ev("SYSCALL_GETUID_X", 10).num("uid", 0)).fd,
        None
    );
    assert_eq!(
        world.apply(ev("SYSCALL_OPEN_E", 10).text("name", "x")).fd,
        Some(-1)
    );
}

#[test]
fn iterator_events_name_what_no_call_told_of() {
    let mut world = world();
    let told = |symbol: &str, fd: i64| ev(symbol, 10).num("fd", fd).num("ino_num", 5);
    world.apply(told("ITER_TASK_FILE_REGULAR_E", 3).text("path", "/got"));
    world.apply(told("ITER_TASK_FILE_DIRECTORY_E", 4).text("path", "/dir"));
    world.apply(told("ITER_TASK_FILE_ANON_INODE_E", 5).num("fd_type", 2));
    let inet = told("ITER_TASK_FILE_SOCKET_INET_E", 6)
        .num("sk_type", 1)
        .num("sk_proto", 6);
    let inet = inet
        .bytes("local_ip", &[10, 0, 0, 1])
        .num("local_port", 4000);
    world.apply(
        inet.bytes("remote_ip", &[10, 0, 0, 2])
            .num("remote_port", 80),
    );
    world.apply(told("ITER_TASK_FILE_SOCKET_UNIX_E", 7).text("sun_path", "/run/x"));
    let names: Vec<_> = (3..8).map(|fd| world.name(10, fd)).collect();
    assert_eq!(
        names,
        ["/got", "/dir", "", "10.0.0.1:4000->10.0.0.2:80", "/run/x"]
    );
    assert_eq!(world.fd(10, 5).unwrap().kind, FdKind::Epoll);
    assert_eq!(world.fd(10, 3).unwrap().ino, 5);
}
