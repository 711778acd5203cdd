//! What each kind of event does to the state, one behaviour per test.

mod build;
mod chaos;
mod exec;
mod files;
mod identity;
mod sections;
mod sockets;
mod threads;
