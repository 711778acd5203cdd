//! sendto, recvfrom, sendmsg, recvmsg: payload, addresses, control data.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::harness::{Expect, record};
use crate::sockets::{Address, bind_anywhere, family, socket, tuple};

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

fn datagram_with_addresses(ip: IpAddr) {
    let payload: Vec<u8> = (0..150).collect();
    let Some(run) = record(|| {
        let server = socket(family(ip), libc::SOCK_DGRAM);
        let server_port = bind_anywhere(server, ip);
        let client = socket(family(ip), libc::SOCK_DGRAM);
        let client_port = bind_anywhere(client, ip);
        let to = Address::ip(ip, server_port);
        let (data, len) = (payload.as_ptr(), payload.len());
        assert_eq!(
            sys!(SYS_sendto, client, data, len, 0, to.at(), to.len()),
            150
        );
        let mut buffer = [0u8; 500];
        let mut from = [0u8; 128];
        let mut from_len = 128u32;
        let at = buffer.as_mut_ptr();
        let got = sys!(
            SYS_recvfrom,
            server,
            at,
            500,
            0,
            from.as_mut_ptr(),
            &raw mut from_len
        );
        assert_eq!(got, 150);
        let none = sys!(SYS_recvfrom, server, at, 500, libc::MSG_DONTWAIT, 0, 0);
        assert_eq!(none, -i64::from(libc::EAGAIN));
        sys!(SYS_sendto, -1, data, len, 0, 0, 0);
        (server, server_port, client, client_port)
    }) else {
        return;
    };
    let (server, server_port, client, client_port) = run.value;
    let flow = || tuple((ip, client_port), (ip, server_port));
    let [sent, bad] = run.enters("sendto");
    expect!(sent, client, 150, flow());
    expect!(bad, -1, 150, Expect::Nothing);
    let [sent, bad] = run.exits("sendto");
    expect!(sent, 150, &payload[..80], client, 150, flow());
    expect!(bad, -libc::EBADF, &payload[..80], -1, 150, Expect::Nothing);
    let [got, none] = run.enters("recvfrom");
    expect!(got, server, 500);
    expect!(none, server, 500);
    let [got, none] = run.exits("recvfrom");
    expect!(got, 150, &payload[..80], flow(), server, 500);
    let empty = Expect::Nothing;
    expect!(none, -libc::EAGAIN, empty.clone(), empty, server, 500);
}

#[test]
fn datagrams_over_ipv4() {
    datagram_with_addresses(V4);
}

#[test]
fn datagrams_over_ipv6() {
    datagram_with_addresses(V6);
}

fn message(vector: &[libc::iovec]) -> libc::msghdr {
    // SAFETY: all zeroes is a valid message header.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = vector.as_ptr().cast_mut();
    message.msg_iovlen = vector.len();
    message
}

fn part(bytes: &[u8]) -> libc::iovec {
    libc::iovec {
        iov_base: bytes.as_ptr().cast_mut().cast(),
        iov_len: bytes.len(),
    }
}

#[test]
fn messages_carry_vectors_and_passed_descriptors() {
    let Some(run) = record(|| {
        let mut fds = [0i32; 2];
        sys!(
            SYS_socketpair,
            libc::AF_UNIX,
            libc::SOCK_STREAM,
            0,
            fds.as_mut_ptr()
        );
        // Header of one control message: length, level, type; then one descriptor.
        let mut control = [0u64; 3];
        control[0] = 20;
        control[1] = u64::from(libc::SCM_RIGHTS as u32) << 32 | libc::SOL_SOCKET as u64;
        control[2] = 2;
        let out = [part(b"hello, "), part(b"peer")];
        let mut sent = message(&out);
        sent.msg_control = control.as_mut_ptr().cast();
        sent.msg_controllen = 20;
        assert_eq!(sys!(SYS_sendmsg, fds[0], &raw const sent, 0), 11);

        let buffer = [0u8; 64];
        let into = [part(&buffer[..4]), part(&buffer[4..])];
        let mut received = [0u64; 8];
        let mut got = message(&into);
        got.msg_control = received.as_mut_ptr().cast();
        got.msg_controllen = 64;
        assert_eq!(sys!(SYS_recvmsg, fds[1], &raw mut got, 0), 11);
        let passed = received[2] as u32;
        sys!(SYS_sendmsg, -1, &raw const sent, 0);
        sys!(SYS_sendmsg, -1, 16, 0);
        sys!(SYS_recvmsg, -1, &raw mut got, 0);
        (fds, passed)
    }) else {
        return;
    };
    let ([one, two], passed) = run.value;
    let some = Expect::Something;
    let none = Expect::Nothing;
    let [sent, bad, wild] = run.enters("sendmsg");
    expect!(sent, one, 11, some.clone());
    expect!(bad, -1, 11, none.clone());
    expect!(wild, -1, 0, none.clone());
    let [sent, bad, wild] = run.exits("sendmsg");
    expect!(sent, 11, b"hello, peer", one, 11, some.clone());
    expect!(bad, -libc::EBADF, b"hello, peer", -1, 11, none.clone());
    expect!(
        wild,
        -libc::EBADF,
        none.clone(),
        -1,
        none.clone(),
        none.clone()
    );
    let [got, bad] = run.enters("recvmsg");
    expect!(got, two);
    expect!(bad, -1);
    let mut control = vec![20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
    control.extend(passed.to_le_bytes());
    let [got, bad] = run.exits("recvmsg");
    let stored = got.as_event().param(4).unwrap_or_default().to_vec();
    assert_eq!(stored.get(..20), Some(&control[..]), "msgcontrol");
    expect!(got, 11, 11, b"hello, peer", some.clone(), some, two);
    expect!(bad, -libc::EBADF, 0, none.clone(), none.clone(), none, -1);
}
