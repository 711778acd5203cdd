//! System calls by portable code, by name and by native number.

use super::{
    Category, EventType, IA32_TO_X86_64, ParamInfo, ParamType, PrintFormat, SOCKETCALLS, SYSCALLS,
};

/// One system call (or tracepoint) and its portable code.
#[derive(Debug)]
pub struct SyscallInfo {
    /// Portable code.
    pub code: u16,
    /// Linux name without prefix, e.g. `openat`.
    pub name: &'static str,
    /// Enter and exit event of the newest shape; the generic pair for calls without events of
    /// their own, `None` for tracepoints.
    pub events: Option<(EventType, EventType)>,
    /// The pair that a portable file stores (README, "Portable profile").
    pub portable_events: Option<(EventType, EventType)>,
    /// Every type that ever stood for the call or tracepoint.
    pub all_events: &'static [EventType],
    /// Category for `evt.category`, also for generic events.
    pub category: Category,
    /// Native number on x86_64.
    pub x86_64: Option<u16>,
    /// Native number on aarch64.
    pub aarch64: Option<u16>,
    /// What a driver that samples under load does with it.
    pub sampling: Sampling,
    /// sysdig 0.29.3 knows the code.
    pub legacy: bool,
    /// Name that sysdig 0.29.3 prints for the code in generic events.
    pub legacy_name: &'static str,
    /// Arguments of calls that have only the generic event; see [`GENERIC_RESULT`].
    pub args: &'static [ParamInfo],
}

/// Third parameter of our generic exit events: the call's result. The arguments of
/// [`SyscallInfo::args`] follow it.
pub static GENERIC_RESULT: ParamInfo = ParamInfo {
    name: "res",
    ty: ParamType::Errno,
    format: PrintFormat::Dec,
    names: None,
    dirfd_param: None,
    dynamic: &[],
};

impl SyscallInfo {
    /// Whether the call has no event type of its own.
    pub fn is_generic(&self) -> bool {
        self.events == Some((EventType(0), EventType(1)))
    }
}

/// What happens to a call's events while a driver samples under load.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sampling {
    /// Sent in the sampled part of each second.
    Sampled,
    /// Always sent.
    NeverDropped,
    /// Never sent.
    AlwaysDropped,
}

/// Machine architectures with a system call table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Arch {
    X86_64,
    Aarch64,
    /// 32-bit processes on x86_64.
    Ia32,
}

/// The call of a portable code.
pub fn syscall(code: u16) -> Option<&'static SyscallInfo> {
    let at = SYSCALLS
        .binary_search_by_key(&code, |call| call.code)
        .ok()?;
    Some(&SYSCALLS[at])
}

/// The call of a native number.
///
/// For [`Arch::Ia32`] the number is translated to that of the same call on x86_64 first;
/// `socketcall` has none (see [`socketcall`]).
pub fn syscall_by_number(arch: Arch, number: u16) -> Option<&'static SyscallInfo> {
    let codes = match arch {
        Arch::X86_64 => super::X86_64_CODES,
        Arch::Aarch64 => super::AARCH64_CODES,
        Arch::Ia32 => {
            let native = lookup(IA32_TO_X86_64, number)?;
            return syscall_by_number(Arch::X86_64, native);
        }
    };
    syscall(lookup(codes, number)?)
}

/// The call of a name.
pub fn syscall_by_name(name: &str) -> Option<&'static SyscallInfo> {
    SYSCALLS.iter().find(|call| call.name == name)
}

/// The call that the first argument of `socketcall(2)` selects.
pub fn socketcall(selector: u16) -> Option<&'static SyscallInfo> {
    let at = SOCKETCALLS
        .binary_search_by_key(&selector, |row| row.0)
        .ok()?;
    syscall_by_name(SOCKETCALLS[at].1)
}

fn lookup(table: &[(u16, u16)], key: u16) -> Option<u16> {
    let at = table.binary_search_by_key(&key, |row| row.0).ok()?;
    Some(table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_numbers_find_their_calls() {
        let name = |arch, number| syscall_by_number(arch, number).map(|call| call.name);
        assert_eq!(name(Arch::X86_64, 0), Some("read"));
        assert_eq!(name(Arch::Aarch64, 63), Some("read"));
        assert_eq!(name(Arch::Ia32, 3), Some("read"));
        assert_eq!(name(Arch::X86_64, 60_000), None);
        assert_eq!(socketcall(2).map(|call| call.name), Some("bind"));
    }

    #[test]
    fn every_call_points_at_events_of_the_table() {
        for call in &SYSCALLS {
            for ty in call.all_events {
                assert!(ty.info().is_some(), "{}", call.name);
            }
            if let Some((enter, exit)) = call.events {
                assert_eq!(enter.exit(), exit, "{}", call.name);
            }
        }
    }

    #[test]
    fn names_are_unique() {
        for call in &SYSCALLS {
            assert_eq!(syscall_by_name(call.name).unwrap().code, call.code);
        }
    }
}
