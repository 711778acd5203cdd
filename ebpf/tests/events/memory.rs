//! mmap, munmap, mprotect, brk, mlock family.

use capture_format::EventBuf;

use crate::harness::{Expect, int, names, record};

const SIZE: usize = 5 << 12;

/// Memory figures in KiB: address space, resident, swapped.
fn figures(event: &EventBuf) -> [i128; 3] {
    [2, 3, 4].map(|number| int(event, number))
}

#[test]
fn mappings_show_their_arguments_and_the_memory_afterwards() {
    let Some(run) = record(|| {
        let (prot, flags) = (libc::PROT_READ, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        let at = sys!(
            SYS_mmap,
            0x1234_5000,
            SIZE,
            prot,
            flags | libc::MAP_NORESERVE,
            -1,
            0
        );
        assert!(at > 0);
        assert_eq!(
            sys!(SYS_mprotect, at, 4096, libc::PROT_READ | libc::PROT_WRITE),
            0
        );
        assert_eq!(sys!(SYS_munmap, at, SIZE), 0);
        sys!(
            SYS_mmap,
            0,
            SIZE,
            libc::PROT_EXEC,
            libc::MAP_SHARED,
            -7,
            1_i64 << 32
        );
        sys!(SYS_munmap, 1, SIZE);
        sys!(SYS_mprotect, 1, SIZE, libc::PROT_NONE);
        at
    }) else {
        return;
    };
    let at = run.value;
    let size = SIZE as u64;
    let flags = names("MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE");
    let some = || Expect::Something;

    let find = |call: &str, number: usize, value: i64| -> &EventBuf {
        let ty = crate::harness::exit_type(call);
        run.of(run.tid)
            .find(|event| event.ty == ty && int(event, number) == i128::from(value))
            .unwrap_or_else(|| panic!("{call}: no event with parameter {number} {value:#x}"))
    };
    let made = find("mmap", 1, at);
    let hint = 0x1234_5000;
    expect!(
        made,
        at,
        some(),
        some(),
        some(),
        hint,
        size,
        names("PROT_READ"),
        flags,
        -1,
        0
    );
    let refused = find("mmap", 9, -7);
    let (prot, flags) = (names("PROT_EXEC"), names("MAP_SHARED"));
    let bad = -libc::EBADF;
    expect!(
        refused,
        bad,
        some(),
        some(),
        some(),
        0,
        size,
        prot,
        flags,
        -7,
        1_u64 << 32
    );

    let gone = find("munmap", 5, at);
    expect!(gone, 0, some(), some(), some(), at, size);
    let refused = find("munmap", 5, 1);
    expect!(refused, -libc::EINVAL, some(), some(), some(), 1, size);
    let [before, after] = [figures(made), figures(gone)];
    assert!(
        before[1] > 0 && before[0] > before[1],
        "figures: {before:?}"
    );
    assert!(after[0] > 0 && after[2] == 0, "figures: {after:?}");

    let protected = find("mprotect", 2, at);
    expect!(protected, 0, at, 4096, names("PROT_READ|PROT_WRITE"));
    let refused = find("mprotect", 2, 1);
    expect!(refused, -libc::EINVAL, 1, size, names("PROT_NONE"));
}

#[test]
fn brk_has_old_and_new_end() {
    let Some(run) = record(|| sys!(SYS_brk, 0)) else {
        return;
    };
    let [event] = run.exits("brk");
    let some = || Expect::Something;
    expect!(event, run.value, some(), some(), some(), 0);
    expect!(run.enter("brk"), 0);
}

#[test]
fn locks_have_address_length_and_flags() {
    let Some(run) = record(|| {
        let page = [0u8; 16];
        let at = page.as_ptr();
        let locked = sys!(SYS_mlock, at, 16);
        let unlocked = sys!(SYS_munlock, at, 16);
        let two = sys!(SYS_mlock2, at, 16, libc::MLOCK_ONFAULT);
        sys!(SYS_munlock, at, 16);
        sys!(SYS_mlockall, 0);
        sys!(SYS_munlockall);
        (at as u64, locked, unlocked, two)
    }) else {
        return;
    };
    let (at, locked, unlocked, two) = run.value;
    expect!(run.exit("mlock"), locked, at, 16);
    let [first, _] = run.exits("munlock");
    expect!(first, unlocked, at, 16);
    expect!(run.exit("mlock2"), two, at, 16, names("MLOCK_ONFAULT"));
    expect!(run.exit("mlockall"), -libc::EINVAL, 0);
    expect!(run.exit("munlockall"), 0);
}
