//! The filter and format language: parser, compiler, evaluator, output templates.
//!
//! This crate knows the grammar, the operators and the value types. It knows no event and no field
//! by name: a [`Schema`] resolves names when a filter is compiled, and an [`Extract`] yields values
//! when it is evaluated.

#![forbid(unsafe_code)]

pub mod value;

pub use value::{Value, ValueType};

/// What a field can be asked, as the compiler needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// Type of the value (of one element, for lists).
    pub ty: ValueType,
    /// The field yields a list.
    pub is_list: bool,
    /// Usable in filters only, not in formats.
    pub filter_only: bool,
    /// Cannot stand on the right-hand side nor inside `val()`.
    pub no_rhs: bool,
    /// Cannot be wrapped in a transformer.
    pub no_transformer: bool,
    /// `=` means "at most this far away" (`evt.around`).
    pub within: bool,
}

/// Argument of a field as written: `[text]` or a name suffix after a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldArg {
    /// `field[text]`, quotes and escapes already resolved.
    Bracket(String),
    /// `field.suffix`, for fields that take one (`evt.arg.fd`, `thread.cgroup.memory`).
    Suffix(String),
}

/// Resolves field names; implemented once, by the `fields` crate.
pub trait Schema {
    /// A resolved field with its argument, cheap to evaluate.
    type Field: Clone + std::fmt::Debug;

    /// Finds a field by its written name, argument included.
    ///
    /// `name` is the dotted name as typed (`evt.arg.fd` arrives whole; the schema splits the
    /// suffix by longest match), `bracket` the text of `[…]` if there was one.
    fn resolve(
        &self,
        name: &str,
        bracket: Option<&str>,
    ) -> Result<(Self::Field, FieldSpec), SchemaError>;

    /// Longest known field name at the start of `text` (for formats, where text may follow
    /// directly): the length in bytes, suffix argument included, `[…]` excluded.
    fn longest_match(&self, text: &str) -> Option<usize>;

    /// Checks a constant against the field beyond its type (event names, for example).
    fn check_constant(&self, field: &Self::Field, constant: &str) -> Result<(), SchemaError>;

    /// Names close to `name`, best first.
    fn suggest(&self, name: &str) -> Vec<String>;

    /// The name under which the field prints in JSON, argument included (`evt.arg.fd`,
    /// `proc.aname[2]`).
    fn display_name(&self, field: &Self::Field) -> String;
}

/// Why a schema refuses a field or constant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SchemaError {
    /// What is wrong, lower-case start, no final stop.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// Yields the values of fields for one event; implemented by the `fields` crate's view.
pub trait Extract<F> {
    /// The field's value, or `None` when it has none for this event.
    fn extract<'v>(&'v self, field: &F) -> Option<Value<'v>>;
}
