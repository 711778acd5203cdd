//! Calls on names: rename, unlink, mkdir, rmdir, link, symlink, chdir, getcwd, mknod, chroot.

use crate::harness::{Expect, Scratch, device, names, record};

const NOENT: i32 = -libc::ENOENT;
const CWD: i32 = libc::AT_FDCWD;

fn open_dir(scratch: &Scratch) -> i64 {
    let dir = scratch.dir();
    let fd = sys!(
        SYS_open,
        dir.as_ptr(),
        libc::O_RDONLY | libc::O_DIRECTORY,
        0
    );
    assert!(fd > 0, "open: {fd}");
    fd
}

#[test]
fn renames_have_both_names() {
    let scratch = Scratch::new();
    let (old, new) = (scratch.file("old", b""), scratch.path("new"));
    let Some(run) = record(|| {
        let dirfd = open_dir(&scratch);
        let good = sys!(SYS_rename, old.as_ptr(), new.as_ptr());
        let bad = sys!(SYS_rename, old.as_ptr(), 0);
        let at = sys!(SYS_renameat, dirfd, c"new".as_ptr(), CWD, old.as_ptr());
        let flags = libc::RENAME_NOREPLACE;
        let two = sys!(
            SYS_renameat2,
            dirfd,
            c"no".as_ptr(),
            dirfd,
            c"way".as_ptr(),
            flags
        );
        (dirfd, good, bad, at, two)
    }) else {
        return;
    };
    let dirfd = run.value.0;
    let [good, bad] = run.exits("rename");
    expect!(good, 0, &old, &new);
    expect!(bad, -libc::EFAULT, &old, Expect::Nothing);
    expect!(run.exit("renameat"), 0, dirfd, c"new", -100, &old);
    let flags = names("RENAME_NOREPLACE");
    expect!(
        run.exit("renameat2"),
        NOENT,
        dirfd,
        c"no",
        dirfd,
        c"way",
        flags
    );
    for call in ["renameat", "renameat2"] {
        expect!(run.enter(call));
    }
}

#[test]
fn unlinks_and_directories() {
    let scratch = Scratch::new();
    let (file, dir) = (scratch.file("file", b""), scratch.path("dir"));
    let Some(run) = record(|| {
        let dirfd = open_dir(&scratch);
        assert_eq!(sys!(SYS_unlink, file.as_ptr()), 0);
        assert_eq!(sys!(SYS_mkdir, dir.as_ptr(), 0o750), 0);
        sys!(SYS_mkdir, dir.as_ptr(), 0o700);
        assert_eq!(sys!(SYS_rmdir, dir.as_ptr()), 0);
        sys!(SYS_rmdir, dir.as_ptr());
        assert_eq!(sys!(SYS_mkdirat, dirfd, c"sub".as_ptr(), 0o711), 0);
        assert_eq!(
            sys!(SYS_unlinkat, dirfd, c"sub".as_ptr(), libc::AT_REMOVEDIR),
            0
        );
        sys!(SYS_unlinkat, CWD, file.as_ptr(), 0);
        dirfd
    }) else {
        return;
    };
    let dirfd = run.value;
    expect!(run.exit("unlink"), 0, &file);
    let [made, again] = run.enters("mkdir");
    expect!(made, 0o750);
    expect!(again, 0o700);
    let [made, again] = run.exits("mkdir");
    expect!(made, 0, &dir, 0o750);
    expect!(again, -libc::EEXIST, &dir, 0o700);
    let [gone, again] = run.exits("rmdir");
    expect!(gone, 0, &dir);
    expect!(again, NOENT, &dir);
    expect!(run.exit("mkdirat"), 0, dirfd, c"sub", 0o711);
    let [gone, again] = run.exits("unlinkat");
    expect!(gone, 0, dirfd, c"sub", names("AT_REMOVEDIR"));
    expect!(again, NOENT, -100, &file, 0);
}

#[test]
fn links_have_target_and_name() {
    let scratch = Scratch::new();
    let (file, hard) = (scratch.file("file", b""), scratch.path("hard"));
    let soft = scratch.path("soft");
    let Some(run) = record(|| {
        let dirfd = open_dir(&scratch);
        assert_eq!(sys!(SYS_link, file.as_ptr(), hard.as_ptr()), 0);
        let follow = libc::AT_SYMLINK_FOLLOW;
        sys!(
            SYS_linkat,
            dirfd,
            c"none".as_ptr(),
            CWD,
            hard.as_ptr(),
            follow
        );
        assert_eq!(sys!(SYS_symlink, c"to/where".as_ptr(), soft.as_ptr()), 0);
        sys!(SYS_symlinkat, c"x".as_ptr(), dirfd, c"soft".as_ptr());
        dirfd
    }) else {
        return;
    };
    let dirfd = run.value;
    expect!(run.exit("link"), 0, &file, &hard);
    let flags = names("AT_SYMLINK_FOLLOW");
    expect!(
        run.exit("linkat"),
        NOENT,
        dirfd,
        c"none",
        -100,
        &hard,
        flags
    );
    expect!(run.exit("symlink"), 0, c"to/where", &soft);
    expect!(run.exit("symlinkat"), -libc::EEXIST, c"x", dirfd, c"soft");
}

#[test]
fn the_current_directory() {
    let scratch = Scratch::new();
    let dir = scratch.dir();
    let Some(run) = record(|| {
        // The thread's own current directory, not the process's.
        assert_eq!(sys!(SYS_unshare, libc::CLONE_FS), 0);
        let dirfd = open_dir(&scratch);
        assert_eq!(sys!(SYS_chdir, dir.as_ptr()), 0);
        sys!(SYS_chdir, c"missing".as_ptr());
        assert_eq!(sys!(SYS_fchdir, dirfd), 0);
        sys!(SYS_fchdir, -1);
        let mut buffer = [0u8; 4096];
        let len = sys!(SYS_getcwd, buffer.as_mut_ptr(), buffer.len());
        sys!(SYS_getcwd, buffer.as_mut_ptr(), 1);
        sys!(SYS_chroot, c"missing".as_ptr());
        (dirfd, len)
    }) else {
        return;
    };
    let (dirfd, len) = run.value;
    assert_eq!(len, dir.as_bytes_with_nul().len() as i64);
    let [good, bad] = run.exits("chdir");
    expect!(good, 0, &dir);
    expect!(bad, NOENT, c"missing");
    let [good, bad] = run.enters("fchdir");
    expect!(good, dirfd);
    expect!(bad, -1);
    let [good, bad] = run.exits("fchdir");
    expect!(good, 0, dirfd);
    expect!(bad, -libc::EBADF, -1);
    let [good, bad] = run.exits("getcwd");
    expect!(good, len, &dir);
    expect!(bad, -libc::ERANGE, Expect::Nothing);
    expect!(run.exit("chroot"), NOENT, c"missing");
    expect!(run.enter("unshare"), names("CLONE_FS"));
    expect!(run.exit("unshare"), 0, names("CLONE_FS"));
}

#[test]
fn mknod_has_type_and_device() {
    let scratch = Scratch::new();
    let (fifo, null) = (scratch.path("fifo"), scratch.path("null"));
    let dev = libc::makedev(1, 3);
    let Some(run) = record(|| {
        assert_eq!(sys!(SYS_mknod, fifo.as_ptr(), libc::S_IFIFO | 0o620, 0), 0);
        let at = libc::S_IFCHR | 0o600;
        sys!(SYS_mknodat, CWD, null.as_ptr(), at, dev)
    }) else {
        return;
    };
    let mode = names("S_IFIFO|S_IRUSR|S_IWUSR|S_IWGRP");
    expect!(run.exit("mknod"), 0, &fifo, mode, 0);
    let mode = names("S_IFCHR|S_IRUSR|S_IWUSR");
    expect!(
        run.exit("mknodat"),
        run.value,
        -100,
        &null,
        mode,
        device(dev)
    );
}
