//! open, openat, openat2, creat, close.

use crate::harness::{Expect, Scratch, dev_ino, names, record};

#[test]
fn open_creates_a_file() {
    let scratch = Scratch::new();
    let path = scratch.path("new");
    let flags = libc::O_RDWR | libc::O_CREAT | libc::O_EXCL | libc::O_CLOEXEC;
    let Some(run) = record(|| sys!(SYS_open, path.as_ptr(), flags, 0o640)) else {
        return;
    };
    let (dev, ino) = dev_ino(&path);
    let asked = names("O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC");
    expect!(run.enter("open"), &path, asked, 0o640);
    assert!(run.value > 0);
    let stored = names("O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC|O_F_CREATED");
    expect!(run.exit("open"), run.value, &path, stored, 0o640, dev, ino);
}

#[test]
fn open_of_a_file_that_exists_has_no_mode() {
    let scratch = Scratch::new();
    let path = scratch.file("there", b"x");
    let flags = libc::O_WRONLY | libc::O_APPEND | libc::O_NONBLOCK;
    let Some(run) = record(|| sys!(SYS_open, path.as_ptr(), flags, 0o777)) else {
        return;
    };
    let (dev, ino) = dev_ino(&path);
    let stored = names("O_WRONLY|O_APPEND|O_NONBLOCK");
    expect!(run.enter("open"), &path, stored.clone(), 0);
    expect!(run.exit("open"), run.value, &path, stored, 0, dev, ino);
}

#[test]
fn open_that_fails_has_no_inode() {
    let path = c"/nowhere/at/all";
    let Some(run) = record(|| sys!(SYS_open, path.as_ptr(), libc::O_RDONLY, 0)) else {
        return;
    };
    expect!(run.enter("open"), path, names("O_RDONLY"), 0);
    let (res, flags) = (-libc::ENOENT, names("O_RDONLY"));
    expect!(run.exit("open"), res, path, flags, 0, 0, 0);
}

#[test]
fn open_with_bad_pointers_has_no_name() {
    let Some(run) = record(|| {
        let null = sys!(SYS_open, 0, libc::O_RDONLY, 0);
        let wild = sys!(SYS_open, 16, libc::O_RDONLY, 0);
        (null, wild)
    }) else {
        return;
    };
    assert_eq!(run.value, (-14, -14));
    for event in run.exits::<2>("open") {
        let (res, flags) = (-libc::EFAULT, names("O_RDONLY"));
        expect!(event, res, Expect::Nothing, flags, 0, 0, 0);
    }
}

#[test]
fn open_keeps_long_paths_whole() {
    let path = std::ffi::CString::new("/x".repeat(2000)).expect("no NUL");
    let Some(run) = record(|| sys!(SYS_open, path.as_ptr(), libc::O_RDONLY, 0)) else {
        return;
    };
    let flags = names("O_RDONLY");
    expect!(run.exit("open"), -libc::ENOENT, &path, flags, 0, 0, 0);
}

#[test]
fn openat_below_a_directory() {
    let scratch = Scratch::new();
    let path = scratch.file("below", b"x");
    let dir = scratch.dir();
    let Some(run) = record(|| {
        let dirfd = sys!(
            SYS_open,
            dir.as_ptr(),
            libc::O_RDONLY | libc::O_DIRECTORY,
            0
        );
        let fd = sys!(SYS_openat, dirfd, c"below".as_ptr(), libc::O_RDONLY, 0);
        (dirfd, fd)
    }) else {
        return;
    };
    let (dirfd, fd) = run.value;
    let (dev, ino) = dev_ino(&path);
    let flags = names("O_RDONLY");
    expect!(run.enter("openat"), dirfd, c"below", flags.clone(), 0);
    expect!(run.exit("openat"), fd, dirfd, c"below", flags, 0, dev, ino);
}

#[test]
fn openat_relative_to_the_current_directory_fails() {
    let Some(run) = record(|| {
        let flags = libc::O_WRONLY | libc::O_CREAT | libc::O_TRUNC;
        sys!(
            SYS_openat,
            libc::AT_FDCWD,
            c"no/such/place".as_ptr(),
            flags,
            0o600
        )
    }) else {
        return;
    };
    let flags = names("O_WRONLY|O_CREAT|O_TRUNC");
    let path = c"no/such/place";
    expect!(run.enter("openat"), -100, path, flags.clone(), 0o600);
    expect!(
        run.exit("openat"),
        -libc::ENOENT,
        -100,
        path,
        flags,
        0o600,
        0,
        0
    );
}

#[repr(C)]
struct OpenHow {
    flags: u64,
    mode: u64,
    resolve: u64,
}

#[test]
fn openat2_creates_with_resolve_flags() {
    let scratch = Scratch::new();
    let path = scratch.path("two");
    let dir = scratch.dir();
    let how = OpenHow {
        flags: (libc::O_RDWR | libc::O_CREAT) as u64,
        mode: 0o604,
        resolve: libc::RESOLVE_BENEATH | libc::RESOLVE_NO_SYMLINKS,
    };
    let size = size_of::<OpenHow>();
    let Some(run) = record(|| {
        let dirfd = sys!(
            SYS_open,
            dir.as_ptr(),
            libc::O_RDONLY | libc::O_DIRECTORY,
            0
        );
        (
            dirfd,
            sys!(SYS_openat2, dirfd, c"two".as_ptr(), &raw const how, size),
        )
    }) else {
        return;
    };
    let (dirfd, fd) = run.value;
    let (dev, ino) = dev_ino(&path);
    let resolve = names("RESOLVE_BENEATH|RESOLVE_NO_SYMLINKS");
    let asked = names("O_RDWR|O_CREAT");
    expect!(
        run.enter("openat2"),
        dirfd,
        c"two",
        asked,
        0o604,
        resolve.clone()
    );
    let stored = names("O_RDWR|O_CREAT|O_F_CREATED");
    expect!(
        run.exit("openat2"),
        fd,
        dirfd,
        c"two",
        stored,
        0o604,
        resolve,
        dev,
        ino
    );
}

#[test]
fn openat2_that_leaves_its_directory_fails() {
    let scratch = Scratch::new();
    let dir = scratch.dir();
    let how = OpenHow {
        flags: 0,
        mode: 0,
        resolve: libc::RESOLVE_BENEATH,
    };
    let size = size_of::<OpenHow>();
    let Some(run) = record(|| {
        let dirfd = sys!(
            SYS_open,
            dir.as_ptr(),
            libc::O_RDONLY | libc::O_DIRECTORY,
            0
        );
        (
            dirfd,
            sys!(
                SYS_openat2,
                dirfd,
                c"/etc/passwd".as_ptr(),
                &raw const how,
                size
            ),
        )
    }) else {
        return;
    };
    let (dirfd, _) = run.value;
    let (res, flags, resolve) = (-libc::EXDEV, names("O_RDONLY"), names("RESOLVE_BENEATH"));
    expect!(
        run.exit("openat2"),
        res,
        dirfd,
        c"/etc/passwd",
        flags,
        0,
        resolve,
        0,
        0
    );
}

#[test]
fn creat_makes_a_file_or_fails() {
    let scratch = Scratch::new();
    let path = scratch.path("made");
    let dir = scratch.dir();
    let Some(run) = record(|| {
        let made = sys!(SYS_creat, path.as_ptr(), 0o644);
        let refused = sys!(SYS_creat, dir.as_ptr(), 0o600);
        (made, refused)
    }) else {
        return;
    };
    let (dev, ino) = dev_ino(&path);
    let [first, second] = run.enters("creat");
    expect!(first, &path, 0o644);
    expect!(second, &dir, 0o600);
    let [made, refused] = run.exits("creat");
    expect!(made, run.value.0, &path, 0o644, dev, ino, 0);
    expect!(refused, -libc::EISDIR, &dir, 0o600, 0, 0, 0);
}

#[test]
fn close_of_an_open_and_of_a_bad_descriptor() {
    let Some(run) = record(|| {
        let fd = sys!(SYS_dup, 2);
        assert_eq!(sys!(SYS_close, fd), 0);
        assert_eq!(sys!(SYS_close, -7), -i64::from(libc::EBADF));
        fd
    }) else {
        return;
    };
    let [good, bad] = run.exits("close");
    expect!(good, 0, run.value);
    expect!(bad, -libc::EBADF, -7);
    // The third is the end marker's.
    let [good, bad, _] = run.enters("close");
    expect!(good, run.value);
    expect!(bad, -7);
}

#[test]
fn close_range_closes_all_of_it() {
    let Some(run) = record(|| {
        let first = sys!(SYS_fcntl, 2, libc::F_DUPFD, 900_i64);
        (first, sys!(SYS_close_range, first, first + 3, 4))
    }) else {
        return;
    };
    let (first, res) = run.value;
    assert_eq!(res, 0);
    let flags = names("CLOSE_RANGE_CLOEXEC");
    expect!(run.exit("close_range"), 0, first, first + 3, flags);
}
