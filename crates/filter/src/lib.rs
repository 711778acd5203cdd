//! The filter and format language: parser, compiler, evaluator, output templates.
//!
//! This crate knows the grammar, the operators and the value types. It knows no event and no field
//! by name: a [`Schema`] resolves names when a filter is compiled, and an [`Extract`] yields values
//! when it is evaluated.
//!
//! # The language in brief
//!
//! A filter is made of comparisons joined by `and`, `or` and `not` (which bind in the order `not`,
//! `and`, `or`) and brackets. A comparison is a field, an operator and a value:
//!
//! ```text
//! # Slow reads and writes of the web servers, but not on their logs.
//! proc.name in (nginx, httpd) and evt.latency > 1ms
//!   and evt.is_io = true and not fd.name pmatch (/var/log)
//! ```
//!
//! - Values stand bare or in quotes; escapes (`\n`, `\x00`, …) work in quotes only.
//! - `=` `!=` `<` `<=` `>` `>=` compare by the field's type; `contains` `icontains` `startswith`
//!   `endswith` `glob` `iglob` `regex` look into text, `bcontains` `bstartswith` into bytes;
//!   `in` `intersects` `pmatch` take a list; `exists` asks whether there is a value.
//! - `OP oneof (a, b)` and `OP allof (a, b)` apply an operator to several values.
//! - `= val(OTHER)` compares with another field; `tolower(FIELD)` and the other transformers
//!   ([`ast::Function`]) work on either side.
//! - A field without value fails every comparison, `!=` included. So `not F = x` is not the same
//!   as `F != x`.
//! - Fields that look at both ends of a connection (`fd.port`) satisfy `!=` only if both ends do;
//!   fields that look at all ancestors (`proc.aname`) satisfy whatever one ancestor satisfies.
//! - `#` starts a comment where a token could start; line breaks are blanks.
//!
//! Mistakes are found when the filter is compiled, never while events flow: an [`Error`] shows its
//! place and what would be right there, and a [`Warning`] tells of comparisons that cannot hold.
//!
//! # Example
//!
//! A schema with two fields, a filter, a format, and one event:
//!
//! ```
//! use filter::{Column, Escapes, Extract, FieldSpec, Filter, Schema, SchemaError, Template};
//! use filter::{Value, ValueType};
//!
//! #[derive(Clone, Debug)]
//! enum Field { Name, Port }
//!
//! struct Fields;
//!
//! impl Schema for Fields {
//!     type Field = Field;
//!
//!     fn resolve(&self, name: &str, _: Option<&str>) -> Result<(Field, FieldSpec), SchemaError> {
//!         match name {
//!             "proc.name" => Ok((Field::Name, FieldSpec::new(ValueType::Text))),
//!             "fd.sport" => Ok((Field::Port, FieldSpec::new(ValueType::Port))),
//!             _ => Err(SchemaError { message: format!("unknown field `{name}`"), suggestion: None }),
//!         }
//!     }
//!
//!     fn longest_match(&self, text: &str) -> Option<usize> {
//!         ["proc.name", "fd.sport"].iter().find(|n| text.starts_with(*n)).map(|n| n.len())
//!     }
//!
//!     fn check_constant(&self, _: &Field, _: &str) -> Result<(), SchemaError> { Ok(()) }
//!
//!     fn suggest(&self, _: &str) -> Vec<String> { vec!["proc.name".into()] }
//!
//!     fn display_name(&self, field: &Field) -> String {
//!         match field {
//!             Field::Name => "proc.name".into(),
//!             Field::Port => "fd.sport".into(),
//!         }
//!     }
//! }
//!
//! struct Event { port: Option<u64> }
//!
//! impl Extract<Field> for Event {
//!     fn extract<'v>(&'v self, field: &Field) -> Option<Value<'v>> {
//!         match field {
//!             Field::Name => Some(Value::text("nginx")),
//!             Field::Port => self.port.map(Value::U64),
//!         }
//!     }
//! }
//!
//! let source = "proc.name startswith ngi and fd.sport in (http, https)";
//! let filter = Filter::compile(source, &Fields)?.filter;
//! assert!(filter.matches(&Event { port: Some(443) }));
//! assert!(!filter.matches(&Event { port: None }));
//!
//! let format = Template::compile("%8proc.name:%fd.sport", Escapes::Keep, &Fields)?;
//! let mut line = Vec::new();
//! let mut plain = |_: &Column<Field>, value: &Value<'_>, out: &mut Vec<u8>| match value {
//!     Value::Text(text) => out.extend_from_slice(text),
//!     Value::U64(n) => out.extend_from_slice(n.to_string().as_bytes()),
//!     _ => {}
//! };
//! assert!(format.write(&Event { port: Some(443) }, &mut plain, &mut line));
//! assert_eq!(line, b"nginx   :443");
//!
//! let source = "proc.nmae = nginx";
//! let error = Filter::compile(source, &Fields).unwrap_err();
//! assert_eq!(error.render(source), "\
//! unknown field `proc.nmae`
//!   proc.nmae = nginx
//!   ^^^^^^^^^ did you mean `proc.name`?");
//! # Ok::<(), filter::Error>(())
//! ```

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
pub use services::service_name;
pub use template::{Column, Escapes, NO_VALUE, Render, Segment, Template};
pub use value::{Value, ValueType};
