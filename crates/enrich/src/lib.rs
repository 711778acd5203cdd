//! Names for what the kernel knows only by id: containers, pods, tasks.
#![forbid(unsafe_code)]
