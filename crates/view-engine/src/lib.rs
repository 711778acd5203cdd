//! Views as data: rows, aggregation, sorting, drill-down, without a terminal.
//!
//! A view file (`views/*.toml`) becomes a [`ViewDef`], which compiles against the fields to a
//! [`View`]; a [`Sampler`] takes events in and gives a [`Table`] out. A [`Catalogue`] knows all
//! views and which of them make sense in which context.

#![forbid(unsafe_code)]

mod accumulate;
mod catalogue;
pub mod cell;
pub mod definition;
pub mod sketch;
mod table;
mod view;

pub use catalogue::Catalogue;
pub use cell::{Cell, NumberFormat};
pub use definition::{Aggregate, Kind, ViewDef, ViewError};
pub use sketch::Sketch;
pub use table::{LIST_ROWS, Sampler, Table, TableRow};
pub use view::{Column, CompileError, Options, View};
