//! Clone, exit, and threads that were never seen starting.

use crate::build::{World, clone_exit, ev, process, thread};

const CLONE_FILES: i64 = 1;
const CLONE_NEWPID: i64 = 0x40;
const CLONE_THREAD: i64 = 0x2000;
const IN_PIDNS: i64 = 0x2000_0000;

#[test]
fn fork_copies_the_parent_and_its_descriptors() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.open(10, 3, "a", 1);
    world.apply(clone_exit(10, 20, 0));
    assert_eq!(world.thread(20).pid, 20);
    assert_eq!(world.thread(20).ptid, 10);
    assert_eq!(world.thread(20).comm, b"sh");
    assert_eq!(world.thread(20).clone_ts_ns, 1_000_003_000);
    assert_eq!(world.name(20, 3), "/home/a");
    world.open(20, 4, "b", 1);
    assert!(world.fd(10, 4).is_none());
}

#[test]
fn either_exit_of_clone_may_come_first() {
    for child_first in [true, false] {
        let mut world = World::new(&[process(10, 1, "sh")]);
        world.open(10, 3, "a", 1);
        let in_child = || clone_exit(20, 0, 0).num("ptid", 10);
        let in_parent = || clone_exit(10, 20, 0);
        if child_first {
            world.apply(in_child());
            world.open(20, 3, "mine", 1);
            world.apply(in_parent());
            assert_eq!(world.name(20, 3), "/home/mine");
        } else {
            world.apply(in_parent());
            world.apply(in_child());
            assert_eq!(world.name(20, 3), "/home/a");
        }
        assert_eq!(world.thread(20).ptid, 10, "child first: {child_first}");
        assert!(!world.thread(20).invented);
    }
}

#[test]
fn threads_share_descriptors_and_directory() {
    let mut world = World::new(&[process(10, 1, "srv")]);
    let flags = CLONE_THREAD | CLONE_FILES;
    world.apply(clone_exit(10, 11, flags));
    assert_eq!(world.thread(11).pid, 10);
    assert_eq!(world.thread(10).child_threads, 1);
    world.open(11, 5, "x", 1);
    assert_eq!(world.name(10, 5), "/home/x");
    world.apply(ev("SYSCALL_CHDIR_E", 11));
    world.apply(ev("SYSCALL_CHDIR_X", 11).num("res", 0).text("path", "/srv"));
    world.open(10, 6, "y", 1);
    assert_eq!(world.name(10, 6), "/srv/y");
}

#[test]
fn in_a_pid_namespace_only_the_child_knows_its_id() {
    let mut world = World::new(&[process(10, 1, "runc")]);
    world.apply(clone_exit(10, 7, IN_PIDNS).num("vtid", 3));
    assert!(world.state.thread(7).is_none());
    let child = clone_exit(20, 0, IN_PIDNS).num("ptid", 10);
    world.apply(child.num("vtid", 7).num("vpid", 7));
    assert_eq!(world.thread(20).vtid, 7);
    assert_eq!(world.thread(20).exe_path, world.thread(10).exe_path);
}

#[test]
fn a_new_namespace_numbers_from_one() {
    let mut world = World::new(&[process(10, 1, "runc")]);
    world.apply(clone_exit(10, 20, CLONE_NEWPID));
    assert_eq!((world.thread(20).vtid, world.thread(20).vpid), (1, 1));
}

#[test]
fn older_generations_of_clone_work_alike() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.apply(
        ev("SYSCALL_CLONE_11_X", 10)
            .num("res", 20)
            .text("exe", "sh")
            .num("fdlimit", 64)
            .num("flags", 0)
            .num("uid", 7)
            .num("gid", 8),
    );
    let child = world.thread(20);
    assert_eq!((child.uid, child.gid, child.fd_limit), (7, 8, 64));
    world.apply(ev("SYSCALL_VFORK_17_X", 10).num("res", 21).num("flags", 0));
    assert_eq!(world.thread(21).ptid, 10);
}

#[test]
fn a_failed_clone_changes_nothing() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.apply(clone_exit(10, -11, 0));
    assert_eq!(world.state.threads().count(), 1);
}

#[test]
fn a_thread_ends_after_its_last_event_was_seen() {
    let mut world = World::new(&[process(10, 1, "sh"), process(20, 10, "ls")]);
    let applied = world.apply(ev("PROCEXIT_1_E", 20).num("status", 0));
    assert_eq!(world.state.event_thread(&applied).unwrap().comm, b"ls");
    world.tick();
    assert!(world.state.thread(20).is_none());
}

#[test]
fn a_leader_stays_until_its_threads_have_ended() {
    let mut world = World::new(&[process(10, 1, "srv"), thread(11, 10)]);
    world.apply(ev("PROCEXIT_1_E", 10));
    world.tick();
    assert!(world.thread(10).exited);
    world.apply(ev("PROCEXIT_1_E", 11));
    world.tick();
    assert!(world.state.thread(10).is_none());
    assert!(world.state.thread(11).is_none());
}

#[test]
fn orphans_go_to_the_reaper() {
    let threads = [
        process(1, 0, "init"),
        process(10, 1, "sh"),
        process(20, 10, "ls"),
    ];
    let mut world = World::new(&threads);
    world.apply(ev("PROCEXIT_1_E", 10).num("reaper_tid", 1));
    assert_eq!(world.thread(20).ptid, 1);
}

#[test]
fn a_reused_id_is_a_new_process() {
    let mut world = World::new(&[process(10, 1, "sh"), process(20, 1, "old")]);
    world.open(20, 3, "old", 1);
    world.apply(clone_exit(10, 20, 0));
    assert_eq!(world.thread(20).comm, b"sh");
    assert!(world.fd(20, 3).is_none());
}

#[test]
fn the_child_itself_shows_that_its_id_is_reused() {
    let mut world = World::new(&[process(10, 1, "sh"), process(20, 1, "old")]);
    world.apply(ev("SYSCALL_GETUID_X", 20).num("uid", 0));
    world.apply(clone_exit(20, 0, 0).num("ptid", 10));
    assert_eq!(world.thread(20).comm, b"sh");
}

#[test]
fn an_unknown_thread_is_made_up() {
    let mut world = World::new(&[]);
    let applied = world.apply(ev("SYSCALL_CLOSE_E", 77).num("fd", 3));
    assert!(applied.invented);
    assert_eq!(applied.tid, Some(77));
    let thread = world.thread(77);
    assert_eq!((thread.comm.as_slice(), thread.pid), (&b"<NA>"[..], 77));
    assert_eq!(world.state.counters().invented_threads, 1);
    let applied = world.apply(ev("SYSCALL_CLOSE_X", 77).num("res", 0).num("fd", 3));
    assert!(!applied.invented);
}

#[test]
fn kernel_threads_are_not_made_up_by_switches() {
    let mut world = World::new(&[]);
    let applied = world.apply(ev("SCHEDSWITCH_6_E", 0).num("next", 10));
    assert_eq!(applied.tid, None);
    assert_eq!(world.state.threads().count(), 0);
}

#[test]
fn a_child_of_an_unknown_parent_says_what_it_is() {
    let mut world = World::new(&[]);
    world.apply(clone_exit(20, 0, 0).num("ptid", 10).text("comm", "made"));
    assert_eq!(world.thread(20).comm, b"made");
    assert!(world.thread(10).invented);
}

#[test]
fn the_table_forgets_the_quietest_when_full() {
    let mut world = World::new(&[]);
    world.state = state::State::new().with_max_threads(16);
    for tid in 1..=40 {
        world.apply(ev("SYSCALL_CLOSE_E", tid).num("fd", 3));
    }
    assert!(world.state.threads().count() <= 16);
    assert!(world.state.thread(40).is_some());
    assert_eq!(world.state.counters().evicted_threads, 24);
}

#[test]
fn latency_runs_from_enter_to_exit() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    let enter = world.apply(ev("SYSCALL_READ_E", 10).num("fd", 3));
    assert_eq!((enter.latency_ns, enter.paired), (0, false));
    world.tick();
    let exit = world.apply(ev("SYSCALL_READ_X", 10).num("res", 1));
    assert_eq!((exit.latency_ns, exit.delta_ns), (2000, 1000));
    assert_eq!(world.state.enter(&exit).unwrap().ty.0, 6);
    let switch = world.apply(ev("SCHEDSWITCH_6_E", 10));
    assert_eq!(switch.latency_ns, 2000);
    let exit = world.apply(ev("SYSCALL_READ_X", 10).num("res", 1));
    assert!(!exit.paired && world.state.enter(&exit).is_none());
}

#[test]
fn time_on_the_cpu_is_summed_by_switches() {
    let mut world = World::new(&[process(10, 1, "a"), process(20, 1, "b")]);
    assert_eq!(world.apply(ev("SCHEDSWITCH_6_E", 10)).exec_time_ns, 0);
    assert_eq!(world.apply(ev("SCHEDSWITCH_6_E", 20)).exec_time_ns, 1000);
    assert_eq!(world.apply(ev("SCHEDSWITCH_6_E", 10)).exec_time_ns, 1000);
    assert_eq!(world.thread(20).cpu_time_ns, 1000);
}

#[test]
fn procinfo_keeps_two_samples() {
    let mut world = World::new(&[process(10, 1, "a")]);
    for ticks in [5, 9] {
        let sample = ev("PROCINFO_E", 10).num("cpu_usr", ticks).num("cpu_sys", 1);
        assert_eq!(world.apply(sample).tid, Some(10));
    }
    let [old, new] = world.thread(10).cpu_samples;
    assert_eq!((old.user_ticks, new.user_ticks), (5, 9));
}

#[test]
fn an_unknown_caller_is_described_by_its_own_event() {
    let mut world = World::new(&[process(10, 1, "srv")]);
    world.apply(ev("SYSCALL_CLONE_20_E", 11));
    assert!(world.thread(11).invented);
    let exit = clone_exit(11, 20, 0).num("pid", 10).num("ptid", 1);
    world.apply(exit.text("comm", "worker"));
    let caller = world.thread(11);
    assert_eq!((caller.comm.as_slice(), caller.pid), (&b"worker"[..], 10));
    assert!(!caller.invented);
    assert_eq!(world.thread(10).child_threads, 1);
    assert_eq!(world.thread(20).comm, b"worker");
}

#[test]
fn unshare_parts_a_thread_from_its_process_descriptors() {
    let mut world = World::new(&[process(10, 1, "srv"), thread(11, 10)]);
    world.open(10, 3, "shared", 1);
    world.apply(
        ev("SYSCALL_UNSHARE_X", 11)
            .num("res", 0)
            .num("flags", CLONE_FILES),
    );
    world.open(11, 4, "own", 1);
    assert_eq!(world.name(11, 3), "/home/shared");
    assert!(world.fd(10, 4).is_none());
}
