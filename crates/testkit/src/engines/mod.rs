//! Real container engines for tests: daemons with folders and sockets of their own, which end with
//! the test, and a small image made of one static busybox.

pub mod daemon;
mod docker;

pub use docker::Docker;
