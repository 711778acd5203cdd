//! read, write, pread64, pwrite64, readv, writev, preadv, pwritev, lseek.

use crate::harness::{Expect, Scratch, names, record};

/// The snaplen of the tests' probe.
const SNAPLEN: usize = 80;
const BAD_FD: i64 = -1;

/// More than the snaplen, every byte different from its neighbours.
fn payload() -> Vec<u8> {
    (0..200).collect()
}

fn open(path: &std::ffi::CStr, flags: i32) -> i64 {
    let fd = sys!(SYS_open, path.as_ptr(), flags, 0);
    assert!(fd > 0, "open: {fd}");
    fd
}

fn parts(bytes: &[u8], at: usize) -> [libc::iovec; 2] {
    let (first, second) = bytes.split_at(at);
    [first, second].map(|part| libc::iovec {
        iov_base: part.as_ptr().cast_mut().cast(),
        iov_len: part.len(),
    })
}

#[test]
fn read_keeps_the_first_bytes_up_to_the_snaplen() {
    let scratch = Scratch::new();
    let path = scratch.file("data", &payload());
    let Some(run) = record(|| {
        let fd = open(&path, libc::O_RDONLY);
        let mut buffer = [0u8; 500];
        let long = sys!(SYS_read, fd, buffer.as_mut_ptr(), 190);
        let mut rest = [0u8; 500];
        let short = sys!(SYS_read, fd, rest.as_mut_ptr(), rest.len());
        let end = sys!(SYS_read, fd, rest.as_mut_ptr(), rest.len());
        (fd, long, short, end)
    }) else {
        return;
    };
    let (fd, ..) = run.value;
    assert_eq!(run.value, (fd, 190, 10, 0));
    let [long, short, end] = run.enters("read");
    expect!(long, fd, 190);
    expect!(short, fd, 500);
    expect!(end, fd, 500);
    let [long, short, end] = run.exits("read");
    expect!(long, 190, &payload()[..SNAPLEN], fd, 190);
    expect!(short, 10, &payload()[190..], fd, 500);
    expect!(end, 0, Expect::Nothing, fd, 500);
}

#[test]
fn read_that_fails_has_no_data() {
    let Some(run) = record(|| {
        let mut buffer = [0u8; 8];
        sys!(SYS_read, BAD_FD, buffer.as_mut_ptr(), buffer.len())
    }) else {
        return;
    };
    expect!(run.enter("read"), -1, 8);
    expect!(run.exit("read"), -libc::EBADF, Expect::Nothing, -1, 8);
}

#[test]
fn write_keeps_the_first_bytes_up_to_the_snaplen() {
    let scratch = Scratch::new();
    let path = scratch.file("data", b"");
    let bytes = payload();
    let Some(run) = record(|| {
        let fd = open(&path, libc::O_WRONLY);
        let long = sys!(SYS_write, fd, bytes.as_ptr(), bytes.len());
        let short = sys!(SYS_write, fd, bytes.as_ptr(), 5);
        (fd, long, short)
    }) else {
        return;
    };
    let (fd, ..) = run.value;
    let [long, short] = run.enters("write");
    expect!(long, fd, 200);
    expect!(short, fd, 5);
    let [long, short] = run.exits("write");
    expect!(long, 200, &bytes[..SNAPLEN], fd, 200);
    expect!(short, 5, &bytes[..5], fd, 5);
}

#[test]
fn write_that_fails_shows_what_was_offered() {
    let bytes = payload();
    let Some(run) = record(|| {
        let refused = sys!(SYS_write, BAD_FD, bytes.as_ptr(), bytes.len());
        let unreadable = sys!(SYS_write, BAD_FD, 16, 3);
        (refused, unreadable)
    }) else {
        return;
    };
    let [refused, unreadable] = run.exits("write");
    expect!(refused, -libc::EBADF, &bytes[..SNAPLEN], -1, 200);
    expect!(unreadable, -libc::EBADF, Expect::Nothing, -1, 3);
}

#[test]
fn pread_and_pwrite_have_a_position() {
    let scratch = Scratch::new();
    let path = scratch.file("data", &payload());
    let Some(run) = record(|| {
        let fd = open(&path, libc::O_RDWR);
        let mut buffer = [0u8; 20];
        let read = sys!(SYS_pread64, fd, buffer.as_mut_ptr(), buffer.len(), 150);
        let refused = sys!(SYS_pread64, fd, buffer.as_mut_ptr(), buffer.len(), -2);
        let written = sys!(SYS_pwrite64, fd, c"abc".as_ptr(), 3, 1_i64 << 33);
        let offered = sys!(SYS_pwrite64, BAD_FD, c"abc".as_ptr(), 3, 7);
        (fd, read, refused, written, offered)
    }) else {
        return;
    };
    let (fd, ..) = run.value;
    let [read, refused] = run.enters("pread64");
    expect!(read, fd, 20, 150);
    expect!(refused, fd, 20, u64::MAX - 1);
    let [read, refused] = run.exits("pread64");
    expect!(read, 20, &payload()[150..170], fd, 20, 150);
    expect!(
        refused,
        -libc::EINVAL,
        Expect::Nothing,
        fd,
        20,
        u64::MAX - 1
    );
    let [written, offered] = run.enters("pwrite64");
    expect!(written, fd, 3, 1_u64 << 33);
    expect!(offered, -1, 3, 7);
    let [written, offered] = run.exits("pwrite64");
    expect!(written, 3, b"abc", fd, 3, 1_u64 << 33);
    expect!(offered, -libc::EBADF, b"abc", -1, 3, 7);
}

#[test]
fn readv_gathers_its_buffers() {
    let scratch = Scratch::new();
    let path = scratch.file("data", &payload());
    let Some(run) = record(|| {
        let fd = open(&path, libc::O_RDONLY);
        let buffer = [0u8; 150];
        let vector = parts(&buffer, 30);
        let read = sys!(SYS_readv, fd, vector.as_ptr(), 2);
        let failed = sys!(SYS_readv, BAD_FD, vector.as_ptr(), 2);
        (fd, read, failed)
    }) else {
        return;
    };
    let (fd, ..) = run.value;
    let [read, failed] = run.enters("readv");
    expect!(read, fd);
    expect!(failed, -1);
    let [read, failed] = run.exits("readv");
    expect!(read, 150, 150, &payload()[..SNAPLEN], fd);
    expect!(failed, -libc::EBADF, 0, Expect::Nothing, -1);
}

#[test]
fn writev_gathers_its_buffers_also_when_it_fails() {
    let scratch = Scratch::new();
    let path = scratch.file("data", b"");
    let bytes = payload();
    let Some(run) = record(|| {
        let fd = open(&path, libc::O_WRONLY);
        let short = parts(&bytes[..50], 20);
        let long = parts(&bytes, 70);
        let written = sys!(SYS_writev, fd, short.as_ptr(), 2);
        let failed = sys!(SYS_writev, BAD_FD, long.as_ptr(), 2);
        let unreadable = sys!(SYS_writev, BAD_FD, 16, 2);
        (fd, written, failed, unreadable)
    }) else {
        return;
    };
    let (fd, ..) = run.value;
    let [written, failed, unreadable] = run.enters("writev");
    expect!(written, fd, 50);
    expect!(failed, -1, 200);
    expect!(unreadable, -1, 0);
    let [written, failed, unreadable] = run.exits("writev");
    expect!(written, 50, &bytes[..50], fd, 50);
    expect!(failed, -libc::EBADF, &bytes[..SNAPLEN], -1, 200);
    expect!(unreadable, -libc::EBADF, Expect::Nothing, -1, 0);
}

#[test]
fn preadv_and_pwritev_have_a_position() {
    let scratch = Scratch::new();
    let path = scratch.file("data", &payload());
    let bytes = payload();
    let Some(run) = record(|| {
        let fd = open(&path, libc::O_RDWR);
        let buffer = [0u8; 40];
        let into = parts(&buffer, 15);
        let from = parts(&bytes[..9], 4);
        let read = sys!(SYS_preadv, fd, into.as_ptr(), 2, 100, 0);
        let no_read = sys!(SYS_preadv, BAD_FD, into.as_ptr(), 2, 3, 0);
        let written = sys!(SYS_pwritev, fd, from.as_ptr(), 2, 1000, 0);
        let not_written = sys!(SYS_pwritev, BAD_FD, from.as_ptr(), 2, 4, 0);
        (fd, read, no_read, written, not_written)
    }) else {
        return;
    };
    let (fd, ..) = run.value;
    let [read, failed] = run.enters("preadv");
    expect!(read, fd, 100);
    expect!(failed, -1, 3);
    let [read, failed] = run.exits("preadv");
    expect!(read, 40, 40, &bytes[100..140], fd, 100);
    expect!(failed, -libc::EBADF, 0, Expect::Nothing, -1, 3);
    let [written, failed] = run.enters("pwritev");
    expect!(written, fd, 9, 1000);
    expect!(failed, -1, 9, 4);
    let [written, failed] = run.exits("pwritev");
    expect!(written, 9, &bytes[..9], fd, 9, 1000);
    expect!(failed, -libc::EBADF, &bytes[..9], -1, 9, 4);
}

#[test]
fn lseek_keeps_negative_offsets() {
    let scratch = Scratch::new();
    let path = scratch.file("data", &payload());
    let Some(run) = record(|| {
        let fd = open(&path, libc::O_RDONLY);
        let moved = sys!(SYS_lseek, fd, -50, libc::SEEK_END);
        let failed = sys!(SYS_lseek, fd, -1, libc::SEEK_SET);
        (fd, moved, failed)
    }) else {
        return;
    };
    let (fd, ..) = run.value;
    let back = |by: i64| by.cast_unsigned();
    let [moved, failed] = run.enters("lseek");
    expect!(moved, fd, back(-50), names("SEEK_END"));
    expect!(failed, fd, back(-1), names("SEEK_SET"));
    let [moved, failed] = run.exits("lseek");
    expect!(moved, 150, fd, back(-50), names("SEEK_END"));
    expect!(failed, -libc::EINVAL, fd, back(-1), names("SEEK_SET"));
}
