//! sendmmsg and recvmmsg: one event per message.

use crate::harness::{Expect, record};

/// `struct mmsghdr`.
#[repr(C)]
struct Many {
    header: libc::msghdr,
    len: u32,
}

fn message(vector: &[libc::iovec]) -> Many {
    // SAFETY: all zeroes is a valid message header.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = vector.as_ptr().cast_mut();
    header.msg_iovlen = vector.len();
    Many { header, len: 0 }
}

fn part(bytes: &[u8]) -> libc::iovec {
    libc::iovec {
        iov_base: bytes.as_ptr().cast_mut().cast(),
        iov_len: bytes.len(),
    }
}

#[test]
fn every_message_has_an_event() {
    let Some(run) = record(|| {
        let mut fds = [0i32; 2];
        let pair = fds.as_mut_ptr();
        sys!(SYS_socketpair, libc::AF_UNIX, libc::SOCK_DGRAM, 0, pair);
        let one = [part(b"first")];
        let two = [part(b"sec"), part(b"ond one")];
        let mut out = [message(&one), message(&two)];
        assert_eq!(sys!(SYS_sendmmsg, fds[0], out.as_mut_ptr(), 2, 0), 2);
        let room = [0u8; 200];
        let one = [part(&room[..100])];
        let two = [part(&room[100..])];
        let mut into = [message(&one), message(&two)];
        assert_eq!(sys!(SYS_recvmmsg, fds[1], into.as_mut_ptr(), 2, 0, 0), 2);
        sys!(SYS_sendmmsg, -1, out.as_mut_ptr(), 2, 0);
        sys!(SYS_recvmmsg, -1, into.as_mut_ptr(), 2, 0, 0);
        fds
    }) else {
        return;
    };
    let [left, right] = run.value;
    let (some, none) = (Expect::Something, Expect::Nothing);
    let bad = -libc::EBADF;
    let [first, second, failed] = run.exits("sendmmsg");
    expect!(first, 5, left, 5, b"first", some.clone());
    expect!(second, 10, left, 10, b"second one", some.clone());
    expect!(failed, bad, -1, 5, b"first", none.clone());
    let [first, second, failed] = run.exits("recvmmsg");
    expect!(first, 5, right, 5, b"first", some.clone(), none.clone());
    expect!(second, 10, right, 10, b"second one", some, none.clone());
    expect!(failed, bad, -1, 0, none.clone(), none.clone(), none);
}
