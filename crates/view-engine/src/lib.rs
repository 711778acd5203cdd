//! Views as data: rows, aggregation, sorting, drill-down, without a terminal.
//!
//! A view file (`views/*.toml`) becomes a [`ViewDef`]; together with a field schema it compiles to
//! a view that takes events in and gives tables out.

#![forbid(unsafe_code)]

mod accumulate;
pub mod cell;
pub mod definition;
pub mod sketch;

pub use cell::{Cell, NumberFormat};
pub use definition::{Aggregate, Kind, ViewDef, ViewError};
pub use sketch::Sketch;
