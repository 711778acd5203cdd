//! The seam between the object file and whoever puts it into the kernel.
//!
//! A loader opens an object, resizes maps, leaves out programs, loads the rest, and hands back
//! plain descriptors. Everything after that is the same for every loader.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;

use crate::ProbeError;

mod libbpf;

pub(crate) use libbpf::Libbpf;

/// Puts BPF objects into the kernel.
pub(crate) trait Loader {
    /// Loads `object` as `request` says.
    fn load(&self, object: &[u8], request: &Request<'_>) -> Result<Loaded, LoadError>;
}

/// How to load an object.
pub(crate) struct Request<'a> {
    /// Maps whose number of entries depends on the machine.
    pub(crate) max_entries: &'a [(&'a str, u32)],
    /// Whether a program, given by name, is to be loaded.
    pub(crate) wanted: &'a dyn Fn(&str) -> bool,
}

/// Everything that is in the kernel now. Closing the descriptors removes it.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) maps: BTreeMap<String, OwnedFd>,
    pub(crate) programs: Vec<Program>,
    /// Raw tracepoint programs, which are attached by name.
    pub(crate) raw: bool,
}

/// A loaded program.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) name: String,
    /// Tracepoint from the section name.
    pub(crate) tracepoint: String,
    pub(crate) fd: OwnedFd,
}

/// Why an object was not loaded.
pub(crate) enum LoadError {
    /// The kernel's types do not describe the tracepoints; raw tracepoints may work.
    NoTracepointTypes,
    /// Anything else.
    Other(ProbeError),
}
