//! The bytes of a capture: event header, parameter encoding, event table, `.scap` reader and writer.
//!
//! Everything that flows through Quarry is a scap event: the probe produces this encoding, files
//! hold it, and the state engine reads it. This crate knows the encoding and nothing else: no
//! paths, no state, no filters, no I/O beyond the `Read`/`Write` it is handed.

#![forbid(unsafe_code)]

pub mod blocks;
pub mod convert;
pub mod error;
pub mod event;
pub mod fuzz;
mod original;
pub mod param;
pub mod reader;
pub mod table;
pub mod writer;

pub use blocks::{
    FdEntry, FdEntryKind, GroupEntry, Interface, MachineInfo, Snapshot, ThreadEntry, UserEntry,
};
pub use convert::Completed;
pub use error::{Damage, Error, Gap};
pub use event::{Event, EventBuf, EventBuilder};
pub use reader::{Item, ReadCounters, Reader, SliceReader};
pub use table::{Direction, EventInfo, EventType, ParamInfo, ParamType};
pub use writer::{Compression, Profile, WriteCounters, Writer};
