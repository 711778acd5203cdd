//! Live tests of the probe: make a call with known arguments, find its events, check every
//! parameter by number.
//!
//! One file per event or small family; `harness` says how a recording is made. The calls go
//! through `syscall(2)` with the numbers of x86-64, so that exactly the named call is made. Where
//! the machine cannot load the probe the tests say `skipped, because …` and pass.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

#[macro_use]
mod harness;

mod accounting;
mod attributes;
mod descriptors;
mod faults_switches;
mod generic;
mod identity;
mod kernel_calls;
mod many_messages;
mod memory;
mod messages;
mod open;
mod options;
mod paths;
mod processes;
mod read_write;
mod signals;
mod sockets;
mod waiting;
