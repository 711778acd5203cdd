//! Block types, and the frame around every block: type, length, body, padding, length again.

/// Bytes around a block's body: type, total length, and the total length again.
pub(crate) const FRAME: usize = 12;
/// Bytes before a block's body.
pub(crate) const HEADER: usize = 8;
/// No block is larger. The largest real ones are process lists of busy machines, some 10 MiB.
pub(crate) const MAX_LEN: usize = 1 << 28;

/// What a block holds, with the version of its layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BlockKind {
    Section,
    Machine,
    Threads(u8),
    Fds(u8),
    Interfaces(u8),
    Users(u8),
    Event { counted: bool, flagged: bool },
    Supplement,
    Unknown,
}

impl BlockKind {
    /// The kind of a type number; numbers of unreleased versions are aliases.
    pub(crate) fn of(number: u32) -> BlockKind {
        use BlockKind::*;
        match number {
            SECTION => Section,
            MACHINE | 0x8002_ABCD => Machine,
            0x202 | 0x8000_ABCD => Threads(1),
            0x203 | 0x8001_ABCD => Fds(1),
            0x204 | 0x8010_ABCD => Event {
                counted: false,
                flagged: false,
            },
            0x205 | 0x8011_ABCD => Interfaces(1),
            0x206 | 0x8012_ABCD => Users(1),
            0x207 | 0x8013_ABCD => Threads(2),
            0x208 => Event {
                counted: false,
                flagged: true,
            },
            0x209 | 0x8014_ABCD => Threads(3),
            // Allocated as if decimal: 0x209 is followed by 0x210.
            0x210..=0x215 => Threads((number - 0x210 + 4) as u8),
            EVENT | EVENT_LARGE => Event {
                counted: true,
                flagged: false,
            },
            EVENT_FLAGGED | EVENT_FLAGGED_LARGE => Event {
                counted: true,
                flagged: true,
            },
            FDS => Fds(2),
            INTERFACES => Interfaces(2),
            USERS => Users(2),
            SUPPLEMENT => Supplement,
            _ => Unknown,
        }
    }

    pub(crate) fn is_event(self) -> bool {
        matches!(self, BlockKind::Event { .. })
    }
}

/// Section header.
pub(crate) const SECTION: u32 = 0x0A0D_0D0A;
/// Machine information.
pub(crate) const MACHINE: u32 = 0x201;
/// Process list, version 9.
pub(crate) const THREADS: u32 = 0x215;
/// Descriptor list, version 2.
pub(crate) const FDS: u32 = 0x218;
/// Interface list, version 2.
pub(crate) const INTERFACES: u32 = 0x219;
/// User list, version 2.
pub(crate) const USERS: u32 = 0x220;
/// Event with parameter count.
pub(crate) const EVENT: u32 = 0x216;
/// Event with flags.
pub(crate) const EVENT_FLAGGED: u32 = 0x217;
/// Event of a large type.
pub(crate) const EVENT_LARGE: u32 = 0x221;
/// Event of a large type with flags.
pub(crate) const EVENT_FLAGGED_LARGE: u32 = 0x222;
/// Ours, before the first event, where other readers skip what they do not know: what the
/// portable layout of the lists cannot hold.
pub(crate) const SUPPLEMENT: u32 = 0x8051_0001;

/// `len` rounded up to whole words.
pub(crate) fn padded(len: usize) -> usize {
    len.next_multiple_of(4)
}

/// Begins a block; [`finish`] closes it.
pub(crate) fn begin(out: &mut Vec<u8>, number: u32) -> usize {
    let at = out.len();
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    at
}

/// Pads the block that began at `at` and writes its length at both ends.
pub(crate) fn finish(out: &mut Vec<u8>, at: usize) {
    out.resize(at + padded(out.len() - at), 0);
    let total = (out.len() - at + 4) as u32;
    out[at + 4..at + 8].copy_from_slice(&total.to_le_bytes());
    out.extend_from_slice(&total.to_le_bytes());
}
