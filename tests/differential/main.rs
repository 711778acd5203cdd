//! Quarry against Debian's sysdig 0.29.3 on the same captures.
//!
//! For every capture of the collection, every field of `fields.txt` is printed for every event by
//! both tools and compared cell by cell, and so are the default lines. `known.toml` lists the
//! differences that are there for a reason: one that is not listed fails, and so does a listed one
//! that is not found any more.

mod known;
mod matrix;
mod modes;
