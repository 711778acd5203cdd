//! The workload with a known number of calls, and comparisons with strace and sysdig.
//!
//! `make bench` runs all of it and prints one table of ratios. Times of one machine mean little;
//! the runs that a ratio compares are taken in turn, and the median of each is used.

pub mod filter;
pub mod live;
pub mod replay;
pub mod table;
pub mod workload;
