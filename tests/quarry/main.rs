//! The command end to end, as a new user would try it: on the running machine where it may, and on
//! the collection of real captures.

mod known_calls;
mod promises;
mod redis;
mod replay;
mod replay_only;
