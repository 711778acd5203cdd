//! Sockets: binding, connecting, accepting, datagrams.

use crate::build::{World, address, ev, process, tuple};
use state::{FdKind, SocketRole};

const HERE: [u8; 4] = [10, 0, 0, 5];
const THERE: [u8; 4] = [93, 184, 216, 34];
const AF_INET: i64 = 2;
const STREAM: i64 = 1;
const DGRAM: i64 = 2;

fn world_with_socket(ty: i64) -> World {
    let mut world = World::new(&[process(10, 1, "srv")]);
    let socket = ev("SOCKET_SOCKET_X", 10)
        .num("fd", 3)
        .num("domain", AF_INET);
    world.apply(socket.num("type", ty).num("proto", 0));
    world
}

fn role(world: &World, fd: i64) -> SocketRole {
    world.fd(10, fd).unwrap().role()
}

#[test]
fn a_new_socket_has_a_kind_and_no_transport_to_show() {
    let world = world_with_socket(STREAM);
    let info = world.fd(10, 3).unwrap();
    assert_eq!((info.kind, info.l4()), (FdKind::Ipv4, state::fd::l4::NA));
    assert_eq!(info.socket.as_ref().unwrap().l4, state::fd::l4::TCP);
}

#[test]
fn a_bound_socket_is_a_server() {
    let mut world = world_with_socket(STREAM);
    let bind = ev("SOCKET_BIND_X", 10).num("res", 0).num("fd", 3);
    let applied = world.apply(bind.bytes("addr", &address([0; 4], 8080)));
    assert!(applied.fd_name_changed);
    assert_eq!(world.name(10, 3), "0.0.0.0:8080");
    assert_eq!(world.fd(10, 3).unwrap().kind, FdKind::Ipv4Server);
    assert_eq!(world.fd(10, 3).unwrap().l4(), state::fd::l4::TCP);
}

#[test]
fn a_socket_bound_to_no_port_is_not_a_server() {
    let mut world = world_with_socket(STREAM);
    let bind = ev("SOCKET_BIND_X", 10).num("res", 0).num("fd", 3);
    world.apply(bind.bytes("addr", &address(HERE, 0)));
    assert_eq!(world.name(10, 3), "10.0.0.5:0");
    assert_eq!(world.fd(10, 3).unwrap().kind, FdKind::Ipv4);
}

#[test]
fn connecting_makes_a_client_also_while_in_progress() {
    for (result, connects) in [(0, true), (-115, true), (-111, false)] {
        let mut world = world_with_socket(STREAM);
        let enter = ev("SOCKET_CONNECT_E", 10).num("fd", 3);
        world.apply(enter.bytes("addr", &address(THERE, 80)));
        world.apply(
            ev("SOCKET_CONNECT_X", 10)
                .num("res", result)
                .bytes("tuple", &tuple((HERE, 4444), (THERE, 80)))
                .cut(2),
        );
        if connects {
            assert_eq!(world.name(10, 3), "10.0.0.5:4444->93.184.216.34:80");
            assert_eq!(role(&world, 3), SocketRole::Client);
        } else {
            assert_eq!(world.name(10, 3), "");
            assert_eq!(role(&world, 3), SocketRole::Unknown);
        }
    }
}

#[test]
fn an_accepted_socket_is_a_server() {
    let mut world = World::new(&[process(10, 1, "srv")]);
    let accept = ev("SOCKET_ACCEPT4_6_X", 10)
        .num("fd", 5)
        .num("flags", 0x1000);
    let applied = world.apply(accept.bytes("tuple", &tuple((THERE, 5000), (HERE, 80))));
    assert_eq!(applied.fd, Some(5));
    assert_eq!(world.name(10, 5), "93.184.216.34:5000->10.0.0.5:80");
    assert_eq!(role(&world, 5), SocketRole::Server);
    assert!(world.fd(10, 5).unwrap().close_on_exec);
}

#[test]
fn datagrams_name_the_socket_one_by_one() {
    let mut world = world_with_socket(DGRAM);
    let send = |to: [u8; 4]| {
        ev("SOCKET_SENDTO_X", 10)
            .num("res", 4)
            .num("fd", 3)
            .bytes("tuple", &tuple((HERE, 777), (to, 53)))
    };
    assert!(world.apply(send(THERE)).fd_name_changed);
    assert_eq!(world.name(10, 3), "10.0.0.5:777->93.184.216.34:53");
    assert!(!world.apply(send(THERE)).fd_name_changed);
    world.apply(send([1, 1, 1, 1]));
    assert_eq!(world.name(10, 3), "10.0.0.5:777->1.1.1.1:53");
    let receive = ev("SOCKET_RECVFROM_X", 10).num("res", 4).num("fd", 3);
    world.apply(receive.bytes("tuple", &tuple((THERE, 53), (HERE, 777))));
    assert_eq!(world.name(10, 3), "10.0.0.5:777->93.184.216.34:53");
    assert_eq!(role(&world, 3), SocketRole::Client);
}

#[test]
fn a_datagram_server_receives_first() {
    let mut world = world_with_socket(DGRAM);
    let receive = ev("SOCKET_RECVMSG_X", 10).num("res", 4).num("fd", 3);
    world.apply(receive.bytes("tuple", &tuple((THERE, 5000), (HERE, 53))));
    assert_eq!(role(&world, 3), SocketRole::Server);
    let send = ev("SOCKET_SENDMSG_X", 10).num("res", 4).num("fd", 3);
    world.apply(send.bytes("tuple", &tuple((HERE, 53), (THERE, 5000))));
    assert_eq!(world.name(10, 3), "93.184.216.34:5000->10.0.0.5:53");
}

#[test]
fn old_sendto_has_its_tuple_in_the_enter_event() {
    let mut world = World::new(&[process(10, 1, "dig")]);
    let enter = ev("SOCKET_SENDTO_E", 10).num("fd", 9).num("size", 4);
    world.apply(enter.bytes("tuple", &tuple((HERE, 777), (THERE, 53))));
    assert_eq!(world.fd(10, 9).unwrap().kind, FdKind::Ipv4);
    world.apply(ev("SOCKET_SENDTO_X", 10).num("res", 4).cut(2));
    assert_eq!(world.name(10, 9), "10.0.0.5:777->93.184.216.34:53");
}

#[test]
fn a_connected_stream_keeps_its_name() {
    let mut world = world_with_socket(STREAM);
    let connect = ev("SOCKET_CONNECT_X", 10).num("res", 0).num("fd", 3);
    world.apply(connect.bytes("tuple", &tuple((HERE, 4444), (THERE, 80))));
    let receive = ev("SOCKET_RECVFROM_X", 10).num("res", 4).num("fd", 3);
    world.apply(receive.bytes("tuple", &tuple(([0; 4], 0), (HERE, 4444))));
    assert_eq!(world.name(10, 3), "10.0.0.5:4444->93.184.216.34:80");
}

#[test]
fn a_connection_that_was_missed_is_named_by_what_is_sent() {
    let mut world = World::new(&[process(10, 1, "srv")]);
    let receive = ev("SOCKET_RECVFROM_X", 10).num("res", 4).num("fd", 8);
    world.apply(receive.bytes("tuple", &tuple((THERE, 5000), (HERE, 80))));
    assert_eq!(world.name(10, 8), "93.184.216.34:5000->10.0.0.5:80");
    assert!(world.fd(10, 8).unwrap().recovered);
    assert_eq!(world.state.counters().unknown_fds, 1);
}

#[test]
fn mapped_ipv6_is_ipv4() {
    let mut world = World::new(&[process(10, 1, "srv")]);
    let mapped = |last: u8| {
        let mut ip = [0u8; 16];
        ip[10] = 0xff;
        ip[11] = 0xff;
        ip[12] = 10;
        ip[15] = last;
        ip
    };
    let bytes = [&[10][..], &mapped(1), &[1, 0], &mapped(2), &[80, 0]].concat();
    let accept = ev("SOCKET_ACCEPT_5_X", 10).num("fd", 5);
    world.apply(accept.bytes("tuple", &bytes));
    assert_eq!(world.fd(10, 5).unwrap().kind, FdKind::Ipv4);
    assert_eq!(world.name(10, 5), "10.0.0.1:1->10.0.0.2:80");
}

#[test]
fn unix_sockets_are_named_by_addresses_and_path() {
    let mut world = World::new(&[process(10, 1, "srv")]);
    let socket = ev("SOCKET_SOCKET_X", 10).num("fd", 3).num("domain", 1);
    world.apply(socket.num("type", STREAM).num("proto", 0));
    let unix = [
        &[1][..],
        &0xa0u64.to_le_bytes(),
        &0xb0u64.to_le_bytes(),
        b"/run/x\0",
    ]
    .concat();
    let connect = ev("SOCKET_CONNECT_X", 10).num("res", 0).num("fd", 3);
    world.apply(connect.bytes("tuple", &unix));
    assert_eq!(world.name(10, 3), "a0->b0 /run/x");
    assert_eq!(
        world.fd(10, 3).unwrap().socket.as_ref().unwrap().unix,
        Some((0xa0, 0xb0))
    );
}

#[test]
fn socketpair_makes_two_of_a_kind() {
    let mut world = World::new(&[process(10, 1, "srv")]);
    let pair = ev("SOCKET_SOCKETPAIR_X", 10)
        .num("res", 0)
        .num("fd1", 3)
        .num("fd2", 4);
    let applied = world.apply(pair.num("source", 1).num("peer", 2).num("domain", 1));
    assert_eq!(applied.fd, Some(4));
    assert_eq!(world.fd(10, 3).unwrap().kind, FdKind::Unix);
}

#[test]
fn descriptors_received_replace_what_had_their_number() {
    let mut world = World::new(&[process(10, 1, "srv")]);
    world.open(10, 7, "stale", 1);
    let control = [
        &20u64.to_le_bytes()[..],
        &1u32.to_le_bytes(),
        &1u32.to_le_bytes(),
        &7i32.to_le_bytes(),
    ]
    .concat();
    world.open(10, 3, "socket", 1);
    let receive = ev("SOCKET_RECVMSG_X", 10).num("res", 1).num("fd", 3);
    world.apply(receive.bytes("msgcontrol", &control));
    assert!(world.fd(10, 7).is_none());
}
