//! The probe: system calls and life-cycle events of the running kernel as scap events.
//!
//! [`Probe::load`] puts the BPF programs of `bpf/` into the kernel, [`Probe::next`] hands out what
//! they recorded in the order in which it happened, [`Probe::stop`] detaches them and lets the
//! rest be read. Every record in a ring is a finished scap event (see `include/wire.h`), so nothing
//! is converted on the way.

mod config;
mod error;
mod loader;
mod merge;
mod preflight;
mod probe;
mod ring;
mod stats;
mod sys;
mod tables;
mod wire;

pub use config::{Interest, ProbeConfig};
pub use error::ProbeError;
pub use probe::Probe;
pub use stats::{CpuStats, Lost, ProbeStats};
