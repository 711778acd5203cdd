//! The event table: what every event type is called, and what its parameters mean.
//!
//! The rows are generated from `capture-format/data/` by `cargo xtask generate` into
//! `table/generated.rs`; the types here give them meaning. Ids are the scap format's and never
//! change; the table is append-only.

/// The number of an event type in the scap event table. Even = enter or one-shot, odd = exit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EventType(pub u16);

impl EventType {
    /// The table row, or `None` for an id newer than this program's table.
    pub fn info(self) -> Option<&'static EventInfo> {
        EVENTS.get(usize::from(self.0))
    }

    /// Enter (`>`) for even ids, exit (`<`) for odd ones.
    pub fn direction(self) -> Direction {
        if self.0 & 1 == 0 {
            Direction::Enter
        } else {
            Direction::Exit
        }
    }

    /// The exit partner of an enter id (and itself for an exit id).
    pub fn exit(self) -> EventType {
        EventType(self.0 | 1)
    }

    /// The enter partner of an exit id (and itself for an enter id).
    pub fn enter(self) -> EventType {
        EventType(self.0 & !1)
    }
}

/// Which end of a call an event describes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Start of a call, or a one-shot event; printed `>`.
    Enter,
    /// End of a call; printed `<`.
    Exit,
}

/// One row of the event table.
#[derive(Debug)]
pub struct EventInfo {
    /// Position in the table.
    pub id: EventType,
    /// Name in the C enumeration without its `PPME_` prefix, e.g. `SYSCALL_OPEN_X`.
    pub symbol: &'static str,
    /// Name users type and see, e.g. `open`.
    pub name: &'static str,
    /// Category number (`EC_*` without the class bits).
    pub category: Category,
    /// Class bits (`EC_SYSCALL`, `EC_TRACEPOINT`, `EC_METAEVENT`, …) and category, as in the format.
    pub category_bits: u32,
    /// `EF_*` bits, see [`flags`].
    pub flags: u32,
    /// Newest parameter list; files hold the first *n* of it, or more from newer writers.
    pub params: &'static [ParamInfo],
    /// Parameter count that every reader since 2022 accepts (see the README, "Portable profile").
    pub portable_params: u8,
    /// Parameter count in sysdig 0.29.3, or `None` when it does not know the type.
    pub legacy_params: Option<u8>,
    /// What else differs in sysdig 0.29.3, or `None` when it does not know the type.
    pub legacy: Option<LegacyInfo>,
    /// Whether current drivers send it; the others only occur in files.
    pub sent: bool,
}

impl EventInfo {
    /// Whether the event comes from a system call, not from a tracepoint or a program.
    pub fn is_syscall(&self) -> bool {
        const EC_SYSCALL: u32 = 512;
        self.category_bits & EC_SYSCALL != 0
    }

    /// Whether the event was made by a program: containers, users, notifications and the like.
    pub fn is_metaevent(&self) -> bool {
        const EC_METAEVENT: u32 = 4096;
        self.category_bits & EC_METAEVENT != 0
    }

    /// Whether the event answers a question about the kernel's tables: it says what is, not what
    /// happens.
    pub fn is_iterator(&self) -> bool {
        const EC_ITER: u32 = 8192;
        self.category_bits & EC_ITER != 0
    }
}

/// An event type as sysdig 0.29.3 knows it.
#[derive(Debug)]
pub struct LegacyInfo {
    /// Number of parameters it knows.
    pub params: u8,
    /// Its name for the event.
    pub name: &'static str,
    /// Parameters with another name or type there.
    pub changed: &'static [LegacyParam],
}

/// A parameter that was something else in sysdig 0.29.3.
#[derive(Debug)]
pub struct LegacyParam {
    /// Position in the parameter list.
    pub index: u8,
    /// Type there; the size never differs.
    pub ty: ParamType,
    /// Name there.
    pub name: &'static str,
}

/// `EF_*` bits of [`EventInfo::flags`], values as in the format.
#[allow(missing_docs)]
pub mod flags {
    pub const CREATES_FD: u32 = 1;
    pub const DESTROYS_FD: u32 = 2;
    pub const USES_FD: u32 = 4;
    pub const READS_FROM_FD: u32 = 8;
    pub const WRITES_TO_FD: u32 = 16;
    pub const MODIFIES_STATE: u32 = 32;
    pub const UNUSED: u32 = 64;
    pub const WAITS: u32 = 128;
    pub const SKIPPARSERESET: u32 = 256;
    pub const OLD_VERSION: u32 = 512;
    pub const DROP_SIMPLE_CONS: u32 = 1024;
    pub const LARGE_PAYLOAD: u32 = 2048;
    pub const CONVERTER_MANAGED: u32 = 4096;
}

/// What kind of activity an event belongs to (`evt.category`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Category {
    Unknown,
    Other,
    File,
    Net,
    Ipc,
    Memory,
    Process,
    Sleep,
    System,
    Signal,
    User,
    Time,
    Processing,
    IoRead,
    IoWrite,
    IoOther,
    Wait,
    Scheduler,
    Internal,
}

/// One parameter of an event.
#[derive(Debug)]
pub struct ParamInfo {
    /// Name shown as `name=value`.
    pub name: &'static str,
    /// Encoding of the bytes.
    pub ty: ParamType,
    /// How numbers print.
    pub format: PrintFormat,
    /// Names of flag bits or enumeration values.
    pub names: Option<&'static NameTable>,
    /// For [`ParamType::FsRelPath`]: index of the parameter with the directory descriptor.
    pub dirfd_param: Option<u8>,
    /// For [`ParamType::Dyn`]: what each selector byte stands for.
    pub dynamic: &'static [DynAlternative],
}

/// One alternative of a dynamic parameter.
#[derive(Debug)]
pub struct DynAlternative {
    /// Value of the first byte.
    pub selector: u8,
    /// Encoding of the bytes after it.
    pub ty: ParamType,
    /// How numbers print.
    pub format: PrintFormat,
}

/// How a number prints.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum PrintFormat {
    Na,
    Dec,
    Hex,
    PaddedDec10,
    Id,
    Dir,
    Oct,
}

/// Names for the bits or values of a parameter, in the order in which they are searched.
#[derive(Debug)]
pub struct NameTable {
    /// Table name, e.g. `file_flags`.
    pub name: &'static str,
    /// Bits that combine (`true`) or exclusive values (`false`).
    pub is_flags: bool,
    /// Name and scap value.
    pub entries: &'static [(&'static str, u32)],
}

/// Parameter types, numbered as in the format (`PT_*`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum ParamType {
    None,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    CharBuf,
    ByteBuf,
    Errno,
    SockAddr,
    SockTuple,
    Fd,
    Pid,
    FdList,
    FsPath,
    SyscallId,
    SigType,
    RelTime,
    AbsTime,
    Port,
    L4Proto,
    SockFamily,
    Bool,
    Ipv4Addr,
    Dyn,
    Flags8,
    Flags16,
    Flags32,
    Uid,
    Gid,
    Double,
    SigSet,
    CharBufArray,
    CharBufPairArray,
    Ipv4Net,
    Ipv6Addr,
    Ipv6Net,
    IpAddr,
    IpNet,
    Mode,
    FsRelPath,
    EnumFlags8,
    EnumFlags16,
    EnumFlags32,
    Fd32,
    Pid32,
}

impl ParamType {
    /// Size in bytes of types that have one size.
    pub fn fixed_size(self) -> Option<usize> {
        use ParamType::*;
        Some(match self {
            Int8 | Uint8 | SigType | L4Proto | SockFamily | Flags8 | EnumFlags8 => 1,
            Int16 | Uint16 | SyscallId | Port | Flags16 | EnumFlags16 => 2,
            Int32 | Uint32 | Flags32 | EnumFlags32 | Uid | Gid | Mode | SigSet | Bool
            | Ipv4Addr | Fd32 | Pid32 => 4,
            Int64 | Uint64 | Errno | Fd | Pid | RelTime | AbsTime | Double => 8,
            Ipv6Addr => 16,
            None | CharBuf | ByteBuf | SockAddr | SockTuple | FdList | FsPath | FsRelPath | Dyn
            | CharBufArray | CharBufPairArray | Ipv4Net | Ipv6Net | IpAddr | IpNet => {
                return Option::None;
            }
        })
    }

    /// Whether numbers of this type are signed.
    pub fn is_signed(self) -> bool {
        use ParamType::*;
        matches!(
            self,
            Int8 | Int16 | Int32 | Int64 | Errno | Fd | Pid | Fd32 | Pid32
        )
    }
}

pub mod convert;
mod names;
mod syscall;

#[rustfmt::skip]
mod generated;
#[rustfmt::skip]
mod generated_convert;
#[rustfmt::skip]
mod generated_names;
#[rustfmt::skip]
mod generated_syscalls;

pub use generated::*;
pub(crate) use generated_convert::COMPLETIONS;
pub use generated_names::*;
pub use generated_syscalls::*;
pub use names::{capability_name, errno_name, fd_type_name, l4_name, signal_name};
pub use syscall::{
    Arch, GENERIC_RESULT, Sampling, SyscallInfo, socketcall, syscall, syscall_by_name,
    syscall_by_number,
};
