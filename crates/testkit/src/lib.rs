//! What tests of whole programs share: finding captures, running commands, comparing what they
//! print, and saying loudly what could not run.
//!
//! For tests only; no crate depends on it outside `dev-dependencies`, the workspace's own test
//! crates excepted.

pub mod cells;
pub mod compare;
pub mod engines;
pub mod fixtures;
pub mod live;
pub mod run;
mod skip;

pub use skip::{require, skip};
