//! Snapshots in and out.

use crate::build::{World, ev, process, thread};
use capture_format::{FdEntry, FdEntryKind, Interface, Snapshot};
use state::{FdKind, SocketRole, State};
use std::net::{IpAddr, Ipv4Addr};

fn connection(fd: i64, local_port: u16) -> FdEntry {
    FdEntry {
        fd,
        ino: 5,
        kind: FdEntryKind::Ipv4 {
            src: Ipv4Addr::new(10, 0, 0, 5),
            dst: Ipv4Addr::new(1, 2, 3, 4),
            src_port: local_port,
            dst_port: 5000,
            l4: 2,
        },
    }
}

fn listener(fd: i64) -> FdEntry {
    FdEntry {
        fd,
        ino: 6,
        kind: FdEntryKind::Ipv4Server {
            ip: Ipv4Addr::UNSPECIFIED,
            port: 80,
            l4: 2,
        },
    }
}

#[test]
fn a_listening_port_tells_the_server() {
    let fds = [(
        10,
        vec![listener(3), connection(4, 80), connection(5, 44444)],
    )];
    let world = World::listed(&[process(10, 1, "nginx")], &fds);
    assert_eq!(world.name(10, 4), "1.2.3.4:5000->10.0.0.5:80");
    assert_eq!(world.fd(10, 4).unwrap().role(), SocketRole::Server);
    assert_eq!(world.name(10, 5), "10.0.0.5:44444->1.2.3.4:5000");
    assert_eq!(world.fd(10, 5).unwrap().role(), SocketRole::Client);
    assert_eq!(world.name(10, 3), "0.0.0.0:80");
}

#[test]
fn threads_without_a_list_share_their_leaders() {
    let file = FdEntry {
        fd: 3,
        ino: 1,
        kind: FdEntryKind::File {
            name: b"/x".to_vec(),
            open_flags: 1,
            dev: 0,
        },
    };
    // The thread comes before its leader: order in the list means nothing.
    let threads = [thread(11, 10), process(10, 1, "srv")];
    let mut world = World::listed(&threads, &[(11, vec![]), (10, vec![file])]);
    assert_eq!(world.name(11, 3), "/x");
    world.apply(ev("SYSCALL_CLOSE_X", 11).num("res", 0).num("fd", 3));
    world.tick();
    assert!(world.fd(10, 3).is_none());
    assert_eq!(world.thread(10).child_threads, 1);
}

#[test]
fn what_is_taken_out_loads_as_the_same() {
    let fds = [(
        10,
        vec![listener(3), connection(4, 80), connection(5, 44444)],
    )];
    let mut world = World::listed(&[process(10, 1, "nginx"), thread(11, 10)], &fds);
    world.open(10, 6, "sub/x", 1);
    let pipe = ev("SYSCALL_PIPE_X", 10)
        .num("res", 0)
        .num("fd1", 7)
        .num("fd2", 8);
    world.apply(pipe.num("ino", 9));
    world.apply(
        ev("SYSCALL_MEMFD_CREATE_X", 10)
            .num("fd", 9)
            .text("name", "m"),
    );
    let first = world.state.snapshot();
    let mut again = State::new();
    again.load(&first);
    assert_eq!(again.snapshot(), first);
    let thread = again.thread(10).unwrap();
    assert_eq!(again.fd(thread, 4).unwrap().role(), SocketRole::Server);
    assert_eq!(again.fd(thread, 9).unwrap().kind, FdKind::Memfd);
    assert_eq!(again.cwd(thread), b"/home/");
    assert_eq!(first.fds.iter().find(|list| list.0 == 11).unwrap().1, []);
}

#[test]
fn a_new_section_starts_over() {
    let mut world = World::new(&[process(10, 1, "sh")]);
    world.open(10, 3, "x", 1);
    world.state.load(&Snapshot::default());
    assert!(world.state.thread(10).is_none());
}

#[test]
fn unspecified_addresses_become_the_interfaces() {
    let mut world = World::new(&[process(10, 1, "dig")]);
    let interface = |name: &str, addr: [u8; 4], netmask: [u8; 4]| Interface::V4 {
        name: name.as_bytes().to_vec(),
        addr: addr.into(),
        netmask: netmask.into(),
        broadcast: Ipv4Addr::UNSPECIFIED,
        link_speed: 0,
    };
    world.state.load(&Snapshot {
        interfaces: vec![
            interface("lo", [127, 0, 0, 1], [255, 0, 0, 0]),
            interface("eth0", [10, 0, 0, 5], [255, 255, 255, 0]),
            interface("eth1", [172, 16, 0, 1], [255, 255, 0, 0]),
        ],
        threads: vec![process(10, 1, "dig")],
        ..Snapshot::default()
    });
    let send = |to: [u8; 4]| {
        ev("SOCKET_SENDTO_X", 10)
            .num("res", 4)
            .num("fd", 3)
            .bytes("tuple", &crate::build::tuple(([0; 4], 9), (to, 53)))
    };
    for (to, expected) in [
        ([8, 8, 8, 8], "10.0.0.5:9->8.8.8.8:53"),
        ([172, 16, 3, 3], "172.16.0.1:9->172.16.3.3:53"),
        ([127, 0, 0, 1], "127.0.0.1:9->127.0.0.1:53"),
    ] {
        world.apply(send(to));
        assert_eq!(world.name(10, 3), expected);
    }
    let here = IpAddr::V4(Ipv4Addr::new(172, 16, 0, 1));
    assert!(world.state.is_local_address(here, world.thread(10)));
}

#[test]
fn what_the_latest_event_ended_is_not_taken_out() {
    let mut world = World::new(&[process(10, 1, "sh"), process(20, 10, "ls")]);
    world.open(10, 3, "x", 1);
    world.apply(ev("SYSCALL_CLOSE_X", 10).num("res", 0).num("fd", 3));
    let list = &world.state.snapshot().fds;
    assert!(list.iter().all(|(_, fds)| fds.is_empty()));
    world.apply(ev("PROCEXIT_1_E", 20));
    let tids: Vec<i64> = world
        .state
        .snapshot()
        .threads
        .iter()
        .map(|t| t.tid)
        .collect();
    assert_eq!(tids, [10]);
}
