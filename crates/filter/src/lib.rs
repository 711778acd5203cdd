//! The filter and format language: parser, compiler, evaluator, output templates.
//!
//! This crate knows the grammar, the operators and the value types. It knows no event and no field
//! by name: a [`Schema`] resolves names when a filter is compiled, and an [`Extract`] yields values
//! when it is evaluated.

#![forbid(unsafe_code)]

pub mod ast;
mod compile;
mod constant;
mod contradiction;
mod error;
mod filter;
mod matcher;
mod op;
mod parse;
mod pattern;
mod schema;
mod selection;
mod services;
mod template;
mod term;
mod transform;
pub mod value;

pub use constant::{Constant, Network};
pub use error::{Error, ErrorKind, Span, Warning};
pub use filter::{Compiled, Condition, Filter, Node, Quantifier, Tree};
pub use op::{Arity, Op};
pub use parse::{MAX_DEPTH, parse};
pub use schema::{Extract, FieldArg, FieldSpec, Schema, SchemaError};
pub use selection::{Selection, TypeSet};
pub use template::{Column, Escapes, NO_VALUE, Render, Segment, Template};
pub use value::{Value, ValueType};
