//! The structs of `include/wire.h`, in Rust. Sizes are asserted on both sides.

use std::mem::size_of;

/// `struct record_header`: offsets within the 26 bytes, because the fields are unaligned.
pub(crate) mod record {
    pub(crate) const TIMESTAMP: usize = 0;
    pub(crate) const TID: usize = 8;
    pub(crate) const LEN: usize = 16;
    pub(crate) const TYPE: usize = 20;
    pub(crate) const NPARAMS: usize = 22;
    pub(crate) const HEADER_SIZE: usize = 26;
}

/// `struct syscall_row`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SyscallRow {
    pub(crate) enter_type: u16,
    pub(crate) exit_type: u16,
    pub(crate) code: u16,
    pub(crate) flags: u16,
}

pub(crate) const WANT_ENTER: u16 = 1;
pub(crate) const WANT_EXIT: u16 = 2;
pub(crate) const ENTER_PROGRAM: u16 = 4;
pub(crate) const EXIT_PROGRAM: u16 = 8;
pub(crate) const SOCKETCALL: u16 = 16;

pub(crate) const TABLE_SIZE: usize = 512;
pub(crate) const TABLE_NATIVE: usize = 0;
pub(crate) const TABLE_COMPAT: usize = 512;
pub(crate) const TABLE_SOCKETCALL: usize = 1024;
pub(crate) const TABLES_SIZE: usize = 1536;
/// Kinds of `struct generic_args`.
pub(crate) const GENERIC_WORD: u8 = 0;
pub(crate) const GENERIC_LONG: u8 = 1;
pub(crate) const GENERIC_FD: u8 = 2;
pub(crate) const GENERIC_TEXT: u8 = 3;

/// `struct generic_args`: count, six kinds, padding.
pub(crate) type GenericArgs = [u8; 8];

pub(crate) const SCRATCH_KINDS: u32 = 2;
pub(crate) const SMALL_KINDS: u32 = 2;

/// `struct probe_config`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Config {
    pub(crate) own_pid: u32,
    pub(crate) snaplen: u32,
    pub(crate) suppressed_comms: u32,
    pub(crate) wakeup_bytes: u32,
}

/// `struct cpu_counters`.
#[repr(C)]
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) sent: u64,
    pub(crate) ring_full: u64,
    pub(crate) too_big: u64,
    pub(crate) scratch_busy: u64,
    pub(crate) unreadable: u64,
    pub(crate) reserved: [u64; 3],
}

const _: () = {
    assert!(size_of::<SyscallRow>() == 8);
    assert!(size_of::<Config>() == 16);
    assert!(size_of::<Counters>() == 64);
    assert!(record::HEADER_SIZE == record::NPARAMS + 4);
};

/// The bytes of a struct that has no padding, as the map update call takes them.
pub(crate) fn row_bytes(rows: &SyscallRow) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[0..2].copy_from_slice(&rows.enter_type.to_ne_bytes());
    bytes[2..4].copy_from_slice(&rows.exit_type.to_ne_bytes());
    bytes[4..6].copy_from_slice(&rows.code.to_ne_bytes());
    bytes[6..8].copy_from_slice(&rows.flags.to_ne_bytes());
    bytes
}

/// See [`row_bytes`].
pub(crate) fn config_bytes(config: &Config) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[0..4].copy_from_slice(&config.own_pid.to_ne_bytes());
    bytes[4..8].copy_from_slice(&config.snaplen.to_ne_bytes());
    bytes[8..12].copy_from_slice(&config.suppressed_comms.to_ne_bytes());
    bytes[12..16].copy_from_slice(&config.wakeup_bytes.to_ne_bytes());
    bytes
}
