//! Ids, names, limits and memory.

use crate::build::{World, ev, process};

fn world() -> World {
    World::new(&[process(10, 1, "sh")])
}

#[test]
fn effective_ids_follow_the_calls() {
    let mut world = world();
    world.apply(ev("SYSCALL_SETUID_X", 10).num("res", 0).num("uid", 5));
    assert_eq!(world.thread(10).uid, 5);
    world.apply(
        ev("SYSCALL_SETRESUID_E", 10)
            .num("ruid", -1)
            .num("euid", 6)
            .num("suid", -1),
    );
    world.apply(ev("SYSCALL_SETRESUID_X", 10).num("res", 0).cut(1));
    assert_eq!(world.thread(10).uid, 6);
    world.apply(
        ev("SYSCALL_SETREUID_X", 10)
            .num("res", 0)
            .num("ruid", 0)
            .num("euid", -1),
    );
    assert_eq!(world.thread(10).uid, 6);
    world.apply(ev("SYSCALL_SETUID_X", 10).num("res", -1).num("uid", 0));
    assert_eq!(world.thread(10).uid, 6);
    world.apply(ev("SYSCALL_SETGID_X", 10).num("res", 0).num("gid", 7));
    world.apply(ev("SYSCALL_SETRESGID_X", 10).num("res", 0).num("egid", 8));
    assert_eq!(world.thread(10).gid, 8);
    world.apply(ev("SYSCALL_SETREGID_X", 10).num("res", 0).num("egid", 9));
    assert_eq!(world.thread(10).gid, 9);
}

#[test]
fn capabilities_follow_capset() {
    let mut world = world();
    let capset = ev("SYSCALL_CAPSET_X", 10)
        .num("res", 0)
        .num("cap_inheritable", 1);
    world.apply(capset.num("cap_permitted", 2).num("cap_effective", 3));
    let thread = world.thread(10);
    let caps = (
        thread.cap_inheritable,
        thread.cap_permitted,
        thread.cap_effective,
    );
    assert_eq!(caps, (1, 2, 3));
}

#[test]
fn a_new_session_is_a_new_group() {
    let mut world = world();
    world.apply(ev("SYSCALL_SETSID_X", 10).num("res", 10));
    let thread = world.thread(10);
    assert_eq!((thread.sid, thread.vpgid, thread.pgid), (10, 10, 10));
}

#[test]
fn process_groups_are_set_for_oneself_and_for_children() {
    let mut world = World::new(&[process(10, 1, "sh"), process(20, 10, "ls")]);
    let setpgid = |pid, pgid| {
        let event = ev("SYSCALL_SETPGID_X", 10).num("res", 0);
        event.num("pid", pid).num("pgid", pgid)
    };
    world.apply(setpgid(20, 20));
    assert_eq!(world.thread(20).pgid, 20);
    world.apply(setpgid(0, 7));
    assert_eq!((world.thread(10).vpgid, world.thread(10).pgid), (7, 7));
    world.apply(setpgid(0, 0));
    assert_eq!(world.thread(10).vpgid, 10);
}

#[test]
fn prctl_renames_the_thread() {
    let mut world = world();
    let prctl = ev("SYSCALL_PRCTL_X", 10).num("res", 0).num("option", 15);
    world.apply(prctl.text("arg2_str", "a name longer than fits"));
    assert_eq!(world.thread(10).comm, b"a name longer t");
    let prctl = ev("SYSCALL_PRCTL_X", 10).num("res", 0).num("option", 16);
    world.apply(prctl.text("arg2_str", "read"));
    assert_eq!(world.thread(10).comm, b"a name longer t");
}

#[test]
fn limits_follow_the_calls() {
    let mut world = World::new(&[process(10, 1, "sh"), process(20, 1, "srv")]);
    world.apply(ev("SYSCALL_SETRLIMIT_E", 10).num("resource", 7));
    world.apply(
        ev("SYSCALL_SETRLIMIT_X", 10)
            .num("res", 0)
            .num("cur", 64)
            .num("max", 64)
            .cut(3),
    );
    assert_eq!(world.thread(10).fd_limit, 64);
    let prlimit = ev("SYSCALL_PRLIMIT_X", 10).num("res", 0).num("newcur", 99);
    world.apply(prlimit.num("oldcur", 5).num("pid", 20).num("resource", 7));
    assert_eq!(world.thread(20).fd_limit, 99);
    world.apply(
        ev("SYSCALL_SETRLIMIT_X", 10)
            .num("res", 0)
            .num("cur", 1)
            .num("resource", 6),
    );
    assert_eq!(world.thread(10).fd_limit, 64);
}

#[test]
fn memory_is_as_last_reported() {
    let mut world = world();
    let brk = ev("SYSCALL_BRK_4_X", 10).num("res", 0).num("vm_size", 300);
    world.apply(brk.num("vm_rss", 20).num("vm_swap", 1));
    assert_eq!(world.thread(10).vm_rss_kib, 20);
    let switch = ev("SCHEDSWITCH_6_E", 10)
        .num("pgft_maj", 3)
        .num("pgft_min", 4);
    world.apply(
        switch
            .num("vm_size", 301)
            .num("vm_rss", 21)
            .num("vm_swap", 2),
    );
    let thread = world.thread(10);
    assert_eq!(
        (thread.pf_major, thread.vm_size_kib, thread.vm_swap_kib),
        (3, 301, 2)
    );
}

#[test]
fn users_and_groups_come_and_go_by_container() {
    let mut world = world();
    let user = |symbol: &str, uid: i64, name: &str, container: &str| {
        ev(symbol, -1)
            .num("uid", uid)
            .num("gid", uid)
            .text("name", name)
            .text("container_id", container)
    };
    world.apply(user("USER_ADDED_E", 7, "lp", ""));
    world.apply(user("USER_ADDED_E", 7, "www", "abc"));
    assert_eq!(world.state.user_name(7, b""), Some(&b"lp"[..]));
    assert_eq!(world.state.user_name(7, b"abc"), Some(&b"www"[..]));
    assert_eq!(world.state.user_name(7, b"other"), Some(&b"lp"[..]));
    world.apply(user("USER_DELETED_E", 7, "lp", ""));
    assert_eq!(world.state.user_name(7, b""), None);
    let group = |symbol: &str| ev(symbol, -1).num("gid", 4).text("name", "adm");
    world.apply(group("GROUP_ADDED_E").text("container_id", ""));
    assert_eq!(world.state.group_name(4, b""), Some(&b"adm"[..]));
    world.apply(group("GROUP_DELETED_E").text("container_id", ""));
    assert_eq!(world.state.group_name(4, b""), None);
}

#[test]
fn containers_come_by_events() {
    let mut world = world();
    let json = r#"{"container":{"id":"abc","name":"web","type":0}}"#;
    let applied = world.apply(ev("CONTAINER_JSON_2_E", -1).text("json", json));
    assert_eq!(applied.tid, None);
    assert_eq!(world.state.container(b"abc").unwrap().name, "web");
    let shown = world.state.event_thread(&applied).unwrap();
    assert_eq!(shown.comm, b"container:abc");
    world.apply(ev("CONTAINER_JSON_E", -1).text("json", "{broken"));
    assert_eq!(world.state.counters().malformed_params, 1);
}
