//! The filter and format language: parser, compiler, evaluator, output templates.
//!
//! This crate knows the grammar, the operators and the value types. It knows no event and no field
//! by name: a [`Schema`] resolves names when a filter is compiled, and an [`Extract`] yields values
//! when it is evaluated.

#![forbid(unsafe_code)]

mod op;
mod schema;
mod selection;
mod services;
pub mod value;

pub use op::{Arity, Op};
pub use schema::{Extract, FieldArg, FieldSpec, Schema, SchemaError};
pub use selection::{Selection, TypeSet};
pub use value::{Value, ValueType};
