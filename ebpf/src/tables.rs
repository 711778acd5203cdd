//! What the programs know about each system call number: event types, code, whether it is wanted.

use std::collections::BTreeSet;

use capture_format::EventType;
use capture_format::table::ParamType;
use capture_format::table::{Arch, SyscallInfo, syscall_by_name, syscall_by_number};
use capture_format::table::{SOCKETCALLS, SYSCALLS};

use crate::ProbeConfig;
use crate::wire::{
    ENTER_PROGRAM, EXIT_PROGRAM, GENERIC_FD, GENERIC_LONG, GENERIC_TEXT, GENERIC_WORD, GenericArgs,
    SOCKETCALL, SyscallRow, TABLE_COMPAT, TABLE_NATIVE, TABLE_SIZE, TABLE_SOCKETCALL, TABLES_SIZE,
    WANT_ENTER, WANT_EXIT,
};

/// Numbers of the machine's own programs.
const NATIVE: Arch = if cfg!(target_arch = "aarch64") {
    Arch::Aarch64
} else {
    Arch::X86_64
};

/// i386 calls without an x86-64 number, and the call whose decoding fits: the same arguments, or
/// the same name where a generic event is all there is. arch/x86/entry/syscalls/syscall_32.tbl.
const IA32_ONLY: &[(u16, &str)] = &[
    (7, "waitpid"),
    (18, "oldstat"),
    (22, "umount"),
    (25, "stime"),
    (28, "oldfstat"),
    (34, "nice"),
    (48, "signal"),
    (59, "oldolduname"),
    (67, "sigaction"),
    (68, "sgetmask"),
    (69, "ssetmask"),
    (72, "sigsuspend"),
    (73, "sigpending"),
    (84, "oldlstat"),
    (89, "readdir"),
    (102, "socketcall"),
    (109, "olduname"),
    (117, "ipc"),
    (119, "sigreturn"),
    (126, "sigprocmask"),
    (140, "_llseek"),
    (142, "_newselect"),
    (166, "vm86"),
    (192, "mmap2"),
    (193, "truncate64"),
    (194, "ftruncate64"),
    (195, "stat64"),
    (196, "lstat64"),
    (197, "fstat64"),
    (198, "lchown"),
    (203, "setreuid"),
    (204, "setregid"),
    (205, "getgroups"),
    (206, "setgroups"),
    (207, "fchown"),
    (212, "chown"),
    (215, "setfsuid"),
    (216, "setfsgid"),
    (268, "statfs64"),
    (269, "fstatfs64"),
    (272, "fadvise64"),
    (300, "newfstatat"),
    (403, "clock_gettime"),
    (404, "clock_settime"),
    (405, "clock_adjtime"),
    (406, "clock_getres"),
    (407, "clock_nanosleep"),
    (408, "timer_gettime"),
    (409, "timer_settime"),
    (410, "timerfd_gettime"),
    (411, "timerfd_settime"),
    (412, "utimensat"),
    (413, "pselect6"),
    (414, "ppoll"),
    (416, "io_pgetevents"),
    (417, "recvmmsg"),
    (418, "mq_timedsend"),
    (419, "mq_timedreceive"),
    (420, "semtimedop"),
    (421, "rt_sigtimedwait"),
    (422, "futex"),
    (423, "sched_rr_get_interval"),
];

/// The three tables of the `syscalls` map, in its order. `programs` are the event types that have
/// a program.
pub(crate) fn build(config: &ProbeConfig, programs: &BTreeSet<EventType>) -> Vec<SyscallRow> {
    let unknown = row(config, programs, &SYSCALLS[0]);
    let mut tables = vec![unknown; TABLES_SIZE];
    for number in 0..TABLE_SIZE as u16 {
        for (table, arch) in [(TABLE_NATIVE, NATIVE), (TABLE_COMPAT, Arch::Ia32)] {
            if let Some(info) = syscall_by_number(arch, number) {
                set(&mut tables, table, number, row(config, programs, info));
            }
        }
    }
    for &(number, name) in IA32_ONLY {
        if let Some(info) = syscall_by_name(name) {
            let mut row = row(config, programs, info);
            if name == "socketcall" {
                row.flags |= SOCKETCALL | wanted_inside_socketcall(config);
            }
            set(&mut tables, TABLE_COMPAT, number, row);
        }
    }
    for &(number, name) in SOCKETCALLS {
        if let Some(info) = syscall_by_name(name) {
            set(
                &mut tables,
                TABLE_SOCKETCALL,
                number,
                row(config, programs, info),
            );
        }
    }
    tables
}

/// What the arguments of calls without an event of their own are, by code.
pub(crate) fn generic_args() -> impl Iterator<Item = (u16, GenericArgs)> {
    SYSCALLS
        .iter()
        .filter(|info| info.is_generic())
        .map(|info| {
            let mut row = GenericArgs::default();
            for (kind, arg) in row[1..7].iter_mut().zip(info.args) {
                *kind = match arg.ty {
                    ParamType::CharBuf | ParamType::FsPath | ParamType::FsRelPath => GENERIC_TEXT,
                    ParamType::Fd | ParamType::Pid => GENERIC_FD,
                    ParamType::Int64 | ParamType::Uint64 => GENERIC_LONG,
                    _ => GENERIC_WORD,
                };
            }
            row[0] = u8::try_from(info.args.len().min(6)).unwrap_or(0);
            (info.code, row)
        })
}

fn set(tables: &mut [SyscallRow], table: usize, number: u16, row: SyscallRow) {
    if usize::from(number) < TABLE_SIZE {
        tables[table + usize::from(number)] = row;
    }
}

/// The outer call must pass when any inner one is wanted; the inner row then decides.
fn wanted_inside_socketcall(config: &ProbeConfig) -> u16 {
    let wanted = SOCKETCALLS
        .iter()
        .filter_map(|(_, name)| syscall_by_name(name))
        .any(|info| config.interest.contains(info.code));
    match (wanted, config.enters) {
        (false, _) => 0,
        (true, false) => WANT_EXIT,
        (true, true) => WANT_EXIT | WANT_ENTER,
    }
}

fn row(config: &ProbeConfig, programs: &BTreeSet<EventType>, info: &SyscallInfo) -> SyscallRow {
    let (enter, exit) = info.events.unwrap_or((EventType(0), EventType(1)));
    let mut flags = 0;
    if config.interest.contains(info.code) {
        flags |= WANT_EXIT;
        if config.enters || never_returns(info.name) {
            flags |= WANT_ENTER;
        }
    }
    if starts_process(info.name) {
        flags |= WANT_EXIT;
    }
    if programs.contains(&enter) {
        flags |= ENTER_PROGRAM;
    }
    if programs.contains(&exit) {
        flags |= EXIT_PROGRAM;
    }
    SyscallRow {
        enter_type: enter.0,
        exit_type: exit.0,
        code: info.code,
        flags,
    }
}

/// Calls whose exit never comes, so that the enter is all there is to see.
fn never_returns(name: &str) -> bool {
    matches!(name, "exit" | "exit_group" | "rt_sigreturn" | "sigreturn")
}

fn starts_process(name: &str) -> bool {
    matches!(
        name,
        "clone" | "clone3" | "fork" | "vfork" | "execve" | "execveat"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interest;

    fn native(tables: &[SyscallRow], name: &str) -> SyscallRow {
        let number = syscall_by_name(name).unwrap().x86_64.unwrap();
        tables[TABLE_NATIVE + usize::from(number)]
    }

    #[test]
    fn calls_that_never_return_are_sent_at_their_start() {
        let config = ProbeConfig {
            enters: false,
            ..ProbeConfig::default()
        };
        let tables = build(&config, &BTreeSet::new());
        assert_eq!(native(&tables, "exit_group").flags & WANT_ENTER, WANT_ENTER);
        assert_eq!(native(&tables, "read").flags & WANT_ENTER, 0);
    }

    #[test]
    fn process_starts_are_sent_whatever_the_interest() {
        let config = ProbeConfig {
            interest: Interest::only([]),
            ..ProbeConfig::default()
        };
        let tables = build(&config, &BTreeSet::new());
        assert_eq!(native(&tables, "clone").flags, WANT_EXIT);
        assert_eq!(native(&tables, "read").flags, 0);
    }

    #[test]
    fn calls_of_32_bit_programs_use_the_same_events() {
        let tables = build(&ProbeConfig::default(), &BTreeSet::new());
        assert_eq!(tables[TABLE_COMPAT + 5], native(&tables, "open"));
        assert_eq!(tables[TABLE_COMPAT + 295], native(&tables, "openat"));
        let info = syscall_by_name("socket").unwrap();
        assert_eq!(tables[TABLE_SOCKETCALL + 1].code, info.code);
    }

    #[test]
    fn generic_arguments_have_widths_that_the_probe_stores() {
        use ParamType as T;
        for info in SYSCALLS.iter().filter(|info| info.is_generic()) {
            assert!(info.args.len() <= 6, "{}", info.name);
            for arg in info.args {
                let known = [
                    T::Int32,
                    T::Uint32,
                    T::Mode,
                    T::Uid,
                    T::Gid,
                    T::Flags32,
                    T::EnumFlags32,
                    T::Int64,
                    T::Uint64,
                    T::Fd,
                    T::Pid,
                    T::CharBuf,
                    T::FsPath,
                    T::FsRelPath,
                ];
                assert!(known.contains(&arg.ty), "{} {}", info.name, arg.name);
            }
            assert!(info.code < 512);
        }
    }

    #[test]
    fn every_number_has_a_row() {
        let tables = build(&ProbeConfig::default(), &BTreeSet::new());
        for row in &tables[..TABLE_SIZE] {
            assert_ne!(row.flags & WANT_EXIT, 0);
        }
    }
}
