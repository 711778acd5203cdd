//! chmod, chown, stat and access families, mount, umount2, getdents64.

use crate::harness::{Scratch, names, record};

const NOENT: i32 = -libc::ENOENT;
const MISSING: &std::ffi::CStr = c"/missing/file";

#[test]
fn modes_are_permission_bits() {
    let scratch = Scratch::new();
    let file = scratch.file("file", b"");
    let Some(run) = record(|| {
        let fd = sys!(SYS_open, file.as_ptr(), libc::O_RDONLY, 0);
        assert_eq!(sys!(SYS_chmod, file.as_ptr(), 0o4751), 0);
        sys!(SYS_chmod, MISSING.as_ptr(), 0o1);
        assert_eq!(sys!(SYS_fchmod, fd, 0o600), 0);
        sys!(SYS_fchmod, -1, 0o20);
        sys!(SYS_fchmodat, libc::AT_FDCWD, MISSING.as_ptr(), 0o444);
        fd
    }) else {
        return;
    };
    let [good, bad] = run.exits("chmod");
    expect!(good, 0, &file, 0o4751);
    expect!(bad, NOENT, MISSING, names("S_IXOTH"));
    let [good, bad] = run.exits("fchmod");
    expect!(good, 0, run.value, names("S_IRUSR|S_IWUSR"));
    expect!(bad, -libc::EBADF, -1, names("S_IWGRP"));
    expect!(run.exit("fchmodat"), NOENT, -100, MISSING, 0o444);
}

#[test]
fn owners_are_ids_and_minus_one_keeps() {
    let scratch = Scratch::new();
    let file = scratch.file("file", b"");
    let keep = u32::MAX;
    let Some(run) = record(|| {
        let fd = sys!(SYS_open, file.as_ptr(), libc::O_RDONLY, 0);
        sys!(SYS_chown, file.as_ptr(), -1, -1);
        sys!(SYS_lchown, MISSING.as_ptr(), 1, 2);
        sys!(SYS_fchown, fd, -1, -1);
        sys!(SYS_fchown, -1, 3, 4);
        let flags = libc::AT_EMPTY_PATH;
        sys!(SYS_fchownat, libc::AT_FDCWD, MISSING.as_ptr(), 5, 6, flags);
        fd
    }) else {
        return;
    };
    expect!(run.exit("chown"), 0, &file, keep, keep);
    expect!(run.exit("lchown"), NOENT, MISSING, 1, 2);
    let [good, bad] = run.exits("fchown");
    expect!(good, 0, run.value, keep, keep);
    expect!(bad, -libc::EBADF, -1, 3, 4);
    let flags = names("AT_EMPTY_PATH");
    expect!(run.exit("fchownat"), NOENT, -100, MISSING, 5, 6, flags);
}

#[test]
fn stat_family_has_path_or_descriptor() {
    let scratch = Scratch::new();
    let file = scratch.file("file", b"");
    let Some(run) = record(|| {
        let mut buffer = [0u64; 64];
        let at = buffer.as_mut_ptr();
        let fd = sys!(SYS_open, file.as_ptr(), libc::O_RDONLY, 0);
        assert_eq!(sys!(SYS_stat, file.as_ptr(), at), 0);
        sys!(SYS_lstat, MISSING.as_ptr(), at);
        assert_eq!(sys!(SYS_fstat, fd, at), 0);
        sys!(SYS_fstat, -1, at);
        let flags = libc::AT_EMPTY_PATH;
        assert_eq!(sys!(SYS_newfstatat, fd, c"".as_ptr(), at, flags), 0);
        let flags = libc::AT_SYMLINK_NOFOLLOW | libc::AT_NO_AUTOMOUNT;
        sys!(SYS_newfstatat, libc::AT_FDCWD, MISSING.as_ptr(), at, flags);
        fd
    }) else {
        return;
    };
    let fd = run.value;
    expect!(run.exit("stat"), 0, &file);
    expect!(run.exit("lstat"), NOENT, MISSING);
    let [good, bad] = run.enters("fstat");
    expect!(good, fd);
    expect!(bad, -1);
    let [good, bad] = run.exits("fstat");
    expect!(good, 0, fd);
    expect!(bad, -libc::EBADF, -1);
    let [good, bad] = run.exits("newfstatat");
    expect!(good, 0, fd, c"", names("AT_EMPTY_PATH"));
    let flags = names("AT_SYMLINK_NOFOLLOW|AT_NO_AUTOMOUNT");
    expect!(bad, NOENT, -100, MISSING, flags);
}

#[test]
fn access_has_a_mode() {
    let Some(run) = record(|| {
        sys!(SYS_access, c"/".as_ptr(), libc::F_OK);
        sys!(SYS_access, MISSING.as_ptr(), libc::R_OK | libc::X_OK);
    }) else {
        return;
    };
    let [good, bad] = run.enters("access");
    expect!(good, names("F_OK"));
    expect!(bad, names("R_OK|X_OK"));
    let [good, bad] = run.exits("access");
    expect!(good, 0, c"/", names("F_OK"));
    expect!(bad, NOENT, MISSING, names("R_OK|X_OK"));
}

#[test]
fn mounts_lose_the_old_magic() {
    let Some(run) = record(|| {
        let flags = 0xC0ED_0000_u32 | libc::MS_RDONLY as u32 | libc::MS_NOSUID as u32;
        let (source, kind) = (c"source".as_ptr(), c"tmpfs".as_ptr());
        sys!(SYS_mount, source, MISSING.as_ptr(), kind, flags, 0);
        sys!(
            SYS_umount2,
            MISSING.as_ptr(),
            libc::MNT_DETACH | libc::UMOUNT_NOFOLLOW
        );
    }) else {
        return;
    };
    let flags = libc::MS_RDONLY as u32 | libc::MS_NOSUID as u32;
    expect!(run.enter("mount"), flags);
    expect!(
        run.exit("mount"),
        NOENT,
        c"source",
        MISSING,
        c"tmpfs",
        flags
    );
    let flags = names("DETACH|NOFOLLOW");
    expect!(run.exit("umount2"), NOENT, MISSING, flags);
}

#[test]
fn getdents64_has_the_directory() {
    let Some(run) = record(|| {
        let mut buffer = [0u64; 64];
        let fd = sys!(SYS_open, c"/proc/self/fd".as_ptr(), libc::O_RDONLY, 0);
        let got = sys!(SYS_getdents64, fd, buffer.as_mut_ptr(), 512);
        sys!(SYS_getdents64, -1, buffer.as_mut_ptr(), 512);
        (fd, got)
    }) else {
        return;
    };
    let (fd, got) = run.value;
    assert!(got > 0);
    let [good, bad] = run.exits("getdents64");
    expect!(good, got, fd);
    expect!(bad, -libc::EBADF, -1);
    let [good, bad] = run.enters("getdents64");
    expect!(good, fd);
    expect!(bad, -1);
}
