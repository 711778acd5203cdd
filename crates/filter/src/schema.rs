//! The seam to the fields: what the language asks about a field, and who answers.

use crate::{Op, Selection, Value, ValueType};

/// What a field can be asked, as the compiler needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// Type of the value (of one element, for lists).
    pub ty: ValueType,
    /// The field yields a list ([`Value::List`]).
    pub is_list: bool,
    /// The field yields several candidates ([`Value::AnyOf`] or [`Value::Ends`]), so that it can
    /// equal two different constants at once.
    pub multi: bool,
    /// Takes an argument in brackets.
    pub bracket: bool,
    /// Usable in filters only, not in formats.
    pub filter_only: bool,
    /// Cannot be compared with another field, and cannot stand inside `val()`.
    pub no_rhs: bool,
    /// Cannot be wrapped in a transformer.
    pub no_transformer: bool,
    /// `=` means "at most this far away" (`evt.around`): the value is the distance in
    /// nanoseconds ([`Value::U64`]), the constant is in milliseconds, `=` is the only operator.
    pub within: bool,
}

impl FieldSpec {
    /// A plain scalar field of type `ty`: every flag off.
    pub const fn new(ty: ValueType) -> Self {
        FieldSpec {
            ty,
            is_list: false,
            multi: false,
            bracket: false,
            filter_only: false,
            no_rhs: false,
            no_transformer: false,
            within: false,
        }
    }
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
    ///
    /// Called for the operators that compare whole values (`=`, `!=`, `in`, `intersects`).
    fn check_constant(&self, field: &Self::Field, constant: &str) -> Result<(), SchemaError>;

    /// Every value the field can have, when that is a closed list (`evt.dir`, `evt.category`).
    ///
    /// A constant outside the list draws a warning that names the allowed ones.
    fn allowed_values(&self, field: &Self::Field) -> Option<Vec<String>> {
        let _ = field;
        None
    }

    /// The event types on which `field op constants` can hold, and those on which it can fail.
    ///
    /// `constants` are the written texts: one for a scalar operator, the elements for a list
    /// operator, none for `exists` and for a comparison with another field. The answer must be a
    /// superset of the truth; the default knows nothing and rules nothing out. `evt.type = open`
    /// answers exactly, `evt.arg.flags = …` answers "can hold on events with such a parameter,
    /// can fail anywhere".
    fn selection(&self, field: &Self::Field, op: Op, constants: &[&str]) -> Selection {
        let _ = (field, op, constants);
        Selection::ANY
    }

    /// Whether the field's value depends on the events on which it was asked before
    /// (`evt.deltatime`). A filter with such a field is never decided without asking.
    fn remembers(&self, field: &Self::Field) -> bool {
        let _ = field;
        false
    }

    /// The port a service name stands for, in constants of port fields.
    ///
    /// The default is a built-in table of well-known services, so that a filter means the same on
    /// every machine.
    fn service_port(&self, name: &str) -> Option<u16> {
        crate::services::port(name)
    }

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
    /// The name or value that was probably meant; shown as "did you mean `…`?".
    pub suggestion: Option<String>,
}

/// Yields the values of fields for one event; implemented by the `fields` crate's view.
pub trait Extract<F> {
    /// The field's value, or `None` when it has none for this event.
    fn extract<'v>(&'v self, field: &F) -> Option<Value<'v>>;
}
