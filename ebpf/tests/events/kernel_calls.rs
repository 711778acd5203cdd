//! ptrace, keyctl, quotactl: arguments whose meaning depends on a command.

use crate::harness::{Expect, dynamic, in_child, names, record, text};

#[test]
fn ptrace_has_numbers_or_a_signal() {
    let Some(run) = record(|| {
        sys!(SYS_ptrace, libc::PTRACE_CONT, -1, 7, libc::SIGTERM);
        in_child(|| {
            sys!(SYS_ptrace, libc::PTRACE_TRACEME, 0, 5, 6);
            0
        })
    }) else {
        return;
    };
    let zero = || dynamic(0, 0u64.to_le_bytes());
    expect!(run.enter("ptrace"), names("PTRACE_CONT"), -1);
    let exit = run.exit("ptrace");
    expect!(exit, -libc::ESRCH, zero(), zero(), names("PTRACE_CONT"), -1);
    let (child, _) = run.value;
    let [traced] = run.exactly(child, crate::harness::exit_type("ptrace"));
    let (five, six) = (5u64.to_le_bytes(), 6u64.to_le_bytes());
    expect!(
        traced,
        0,
        dynamic(0, five),
        dynamic(0, six),
        names("PTRACE_TRACEME"),
        0
    );
}

#[test]
fn keyctl_arguments_are_numbers_or_text() {
    const SEARCH: i64 = 10;
    const GET_KEYRING_ID: i64 = 0;
    let Some(run) = record(|| {
        let (kind, name) = (c"user", c"quarry");
        sys!(SYS_keyctl, SEARCH, -99, kind.as_ptr(), name.as_ptr(), 4);
        sys!(SYS_keyctl, GET_KEYRING_ID, -99, 1, 2, 3)
    }) else {
        return;
    };
    let number = |value: i64| dynamic(0, value.to_le_bytes());
    let [search, keyring] = run.exits("keyctl");
    expect!(
        search,
        Expect::Something,
        10,
        number(-99),
        dynamic(1, b"user\0"),
        dynamic(1, b"quarry\0"),
        number(4)
    );
    expect!(
        keyring,
        run.value,
        0,
        number(-99),
        number(1),
        number(0),
        number(0)
    );
}

#[test]
fn quotactl_has_command_type_and_id() {
    const GETQUOTA: u32 = 0x80_0007 << 8;
    let Some(run) = record(|| {
        sys!(SYS_quotactl, GETQUOTA, c"/dev/nowhere".as_ptr(), 1000, 0);
    }) else {
        return;
    };
    expect!(
        run.enter("quotactl"),
        names("Q_GETQUOTA"),
        names("USRQUOTA"),
        1000,
        names("QFMT_NOT_USED")
    );
    let exit = run.exit("quotactl");
    let none = Expect::Nothing;
    expect!(
        exit,
        Expect::Something,
        text("/dev/nowhere"),
        none,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        names("DQF_NONE"),
        names("QFMT_NOT_USED"),
        names("Q_GETQUOTA"),
        names("USRQUOTA"),
        1000,
        names("QFMT_NOT_USED")
    );
}
