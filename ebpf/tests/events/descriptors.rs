//! dup, dup2, dup3, fcntl, ioctl, flock, pipe, pipe2, memfd_create, and files copied by the kernel.

use crate::harness::{Expect, Scratch, dev_ino, int, names, record};

#[test]
fn dup_copies_or_fails() {
    let Some(run) = record(|| (sys!(SYS_dup, 2), sys!(SYS_dup, -3))) else {
        return;
    };
    let [good, bad] = run.exits("dup");
    expect!(good, run.value.0, 2);
    expect!(bad, -libc::EBADF, -3);
}

#[test]
fn dup2_names_the_new_descriptor() {
    let Some(run) = record(|| (sys!(SYS_dup2, 2, 777), sys!(SYS_dup2, -3, 778))) else {
        return;
    };
    assert_eq!(run.value, (777, -9));
    let [good, bad] = run.exits("dup2");
    expect!(good, 777, 2, 777);
    expect!(bad, -libc::EBADF, -3, 778);
    sys!(SYS_close, 777);
}

#[test]
fn dup3_has_flags() {
    let Some(run) = record(|| {
        let good = sys!(SYS_dup3, 2, 779, libc::O_CLOEXEC);
        let same = sys!(SYS_dup3, 2, 2, 0);
        (good, same)
    }) else {
        return;
    };
    let [good, same] = run.exits("dup3");
    expect!(good, 779, 2, 779, names("O_CLOEXEC"));
    expect!(same, -libc::EINVAL, 2, 2, 0);
    sys!(SYS_close, 779);
}

#[test]
fn fcntl_has_command_and_argument() {
    let Some(run) = record(|| {
        let copy = sys!(SYS_fcntl, 2, libc::F_DUPFD_CLOEXEC, 800);
        let set = sys!(SYS_fcntl, copy, libc::F_SETFD, libc::FD_CLOEXEC);
        let bad = sys!(SYS_fcntl, -1, libc::F_GETFL, 0);
        (copy, set, bad)
    }) else {
        return;
    };
    let copy = run.value.0;
    assert!(copy >= 800);
    let [dup, set, bad] = run.enters("fcntl");
    expect!(dup, 2, names("F_DUPFD_CLOEXEC"));
    expect!(set, copy, names("F_SETFD"));
    expect!(bad, -1, names("F_GETFL"));
    let [dup, set, bad] = run.exits("fcntl");
    expect!(dup, copy, 2, names("F_DUPFD_CLOEXEC"), 800);
    expect!(set, 0, copy, names("F_SETFD"), 1);
    expect!(bad, -libc::EBADF, -1, names("F_GETFL"), 0);
    sys!(SYS_close, copy);
}

#[test]
fn ioctl_has_raw_request_and_argument() {
    let Some(run) = record(|| {
        let mut fds = [0i32; 2];
        assert_eq!(sys!(SYS_pipe2, fds.as_mut_ptr(), 0), 0);
        let mut waiting = -1i32;
        let at = &raw mut waiting as u64;
        let good = sys!(SYS_ioctl, fds[0], libc::FIONREAD, at);
        let bad = sys!(SYS_ioctl, -1, 0x1234_5678, 0x1_0000_0001_i64);
        (fds[0], at, good, bad)
    }) else {
        return;
    };
    let (fd, at, ..) = run.value;
    let [good, bad] = run.enters("ioctl");
    expect!(good, fd, 0x541b, at);
    expect!(bad, -1, 0x1234_5678, 0x1_0000_0001_u64);
    let [good, bad] = run.exits("ioctl");
    expect!(good, 0, fd, 0x541b, at);
    expect!(bad, -libc::EBADF, -1, 0x1234_5678, 0x1_0000_0001_u64);
}

#[test]
fn flock_has_an_operation() {
    let scratch = Scratch::new();
    let path = scratch.file("lock", b"");
    let Some(run) = record(|| {
        let fd = sys!(SYS_open, path.as_ptr(), libc::O_RDWR, 0);
        assert_eq!(sys!(SYS_flock, fd, libc::LOCK_EX | libc::LOCK_NB), 0);
        sys!(SYS_flock, -1, libc::LOCK_SH);
        fd
    }) else {
        return;
    };
    let [good, bad] = run.enters("flock");
    expect!(good, run.value, names("LOCK_EX|LOCK_NB"));
    expect!(bad, -1, names("LOCK_SH"));
    let [good, bad] = run.exits("flock");
    expect!(good, 0, run.value, names("LOCK_EX|LOCK_NB"));
    expect!(bad, -libc::EBADF, -1, names("LOCK_SH"));
}

/// The inode of an open descriptor of this process.
fn inode(fd: i32) -> u64 {
    let path = format!("/proc/self/fd/{fd}");
    dev_ino(&std::ffi::CString::new(path).expect("no NUL")).1
}

#[test]
fn pipe_tells_both_ends_and_the_inode() {
    let Some(run) = record(|| {
        let mut fds = [0i32; 2];
        assert_eq!(sys!(SYS_pipe, fds.as_mut_ptr()), 0);
        assert_eq!(sys!(SYS_pipe, 16), -i64::from(libc::EFAULT));
        fds
    }) else {
        return;
    };
    let [read, write] = run.value;
    let [good, bad] = run.exits("pipe");
    expect!(good, 0, read, write, inode(read));
    expect!(bad, -libc::EFAULT, -1, -1, 0);
}

#[test]
fn pipe2_has_flags() {
    let Some(run) = record(|| {
        let mut fds = [0i32; 2];
        let flags = libc::O_CLOEXEC | libc::O_NONBLOCK;
        assert_eq!(sys!(SYS_pipe2, fds.as_mut_ptr(), flags), 0);
        assert_eq!(
            sys!(SYS_pipe2, fds.as_mut_ptr(), 1),
            -i64::from(libc::EINVAL)
        );
        fds
    }) else {
        return;
    };
    let [read, write] = run.value;
    let [good, bad] = run.exits("pipe2");
    expect!(
        good,
        0,
        read,
        write,
        inode(read),
        names("O_CLOEXEC|O_NONBLOCK")
    );
    expect!(bad, -libc::EINVAL, -1, -1, 0, 0);
}

#[test]
fn memfd_create_has_a_name() {
    let Some(run) = record(|| {
        let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
        let good = sys!(SYS_memfd_create, c"quarry".as_ptr(), flags);
        let bad = sys!(SYS_memfd_create, 16, 0);
        (good, bad)
    }) else {
        return;
    };
    let [good, bad] = run.exits("memfd_create");
    expect!(
        good,
        run.value.0,
        c"quarry",
        names("MFD_CLOEXEC|MFD_ALLOW_SEALING")
    );
    expect!(bad, -libc::EFAULT, Expect::Nothing, 0);
}

#[test]
fn sendfile_shows_the_offset_before_and_after() {
    let scratch = Scratch::new();
    let path = scratch.file("from", b"0123456789");
    let Some(run) = record(|| {
        let from = sys!(SYS_open, path.as_ptr(), libc::O_RDONLY, 0);
        let to = sys!(SYS_memfd_create, c"to".as_ptr(), 0);
        let mut offset = 4i64;
        let sent = sys!(SYS_sendfile, to, from, &raw mut offset, 5);
        let bad = sys!(SYS_sendfile, to, -1, 0, 3);
        (from, to, sent, bad)
    }) else {
        return;
    };
    let (from, to, sent, _) = run.value;
    assert_eq!(sent, 5);
    let [good, bad] = run.enters("sendfile");
    expect!(good, to, from, 4, 5);
    expect!(bad, to, -1, 0, 3);
    let [good, bad] = run.exits("sendfile");
    expect!(good, 5, 9, to, from, 5);
    expect!(bad, -libc::EBADF, 0, to, -1, 3);
}

#[test]
fn splice_and_copy_file_range_name_both_ends() {
    let scratch = Scratch::new();
    let path = scratch.file("from", b"0123456789");
    let Some(run) = record(|| {
        let from = sys!(SYS_open, path.as_ptr(), libc::O_RDONLY, 0);
        let to = sys!(SYS_memfd_create, c"to".as_ptr(), 0);
        let mut fds = [0i32; 2];
        assert_eq!(sys!(SYS_pipe2, fds.as_mut_ptr(), 0), 0);
        let flags = libc::SPLICE_F_MOVE | libc::SPLICE_F_NONBLOCK;
        assert_eq!(sys!(SYS_splice, from, 0, fds[1], 0, 6, flags), 6);
        let mut offset = 2i64;
        let at = &raw mut offset as u64;
        let copied = sys!(SYS_copy_file_range, from, at, to, 0, 4, 0);
        (from, to, fds[1], at, copied)
    }) else {
        return;
    };
    let (from, to, pipe, at, copied) = run.value;
    let flags = names("SPLICE_F_MOVE|SPLICE_F_NONBLOCK");
    expect!(run.enter("splice"), from, pipe, 6, flags.clone());
    expect!(run.exit("splice"), 6, from, pipe, 6, flags);
    expect!(run.enter("copy_file_range"), from, at, 4);
    expect!(run.exit("copy_file_range"), copied, to, 0, from, at, 4);
    assert!(int(run.exit("copy_file_range"), 1) != 0);
}
