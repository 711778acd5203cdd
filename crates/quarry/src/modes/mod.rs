//! What the program does, one file per mode.

pub(crate) mod capture;
pub(crate) mod cut;
pub(crate) mod explain;
pub(crate) mod info;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod run;
