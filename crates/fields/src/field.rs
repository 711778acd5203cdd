//! What a field is: one static item that carries everything anybody asks about it.

use filter::{Value, ValueType};

use crate::registry::Resolved;
use crate::view::View;

/// Reads a field's value, or nothing when it has none for this event.
///
/// Values borrow the event or the state where they can; the resolved field is only read for its
/// argument.
pub type ExtractFn = for<'v> fn(&'v View<'v>, &Resolved) -> Option<Value<'v>>;

/// Appends a field's text; `false` when it has no value.
pub(crate) type WriteFn = fn(&View<'_>, &Resolved, &mut Vec<u8>) -> bool;

/// One filter and display field.
///
/// The items live in `class/`, one file per class, and are listed by
/// [`crate::fields`].
#[derive(Debug)]
pub struct Field {
    /// Name as typed, without argument.
    pub name: &'static str,
    /// Class under which it is listed.
    pub class: Class,
    /// Type of its value, of one element for lists. For `evt.rawarg` the type of the parameter
    /// named, which [`Resolved`] knows.
    pub ty: ValueType,
    /// Arguments it takes.
    pub argument: Argument,
    /// Where it may be used and how it is listed.
    pub flags: Flags,
    /// How its numbers print.
    pub format: NumberFormat,
    /// Unit of its numbers, empty when there is none.
    pub unit: &'static str,
    /// What it tells, one or two sentences.
    pub doc: &'static str,
    /// Every value that it can have, when these are few and fixed.
    pub values: &'static [&'static str],
    /// A filter or (for display-only fields) a format that uses it.
    pub example: &'static str,
    /// How to get it.
    pub extract: ExtractFn,
    /// Writes its text at once, for fields whose text would be built in vain otherwise.
    pub(crate) write: Option<WriteFn>,
    /// How to get it for JSON, where that differs (times of day are epoch nanoseconds there).
    pub(crate) json: Option<ExtractFn>,
}

impl Field {
    /// JSON shows another value than text does: a time of day is nanoseconds there.
    pub fn json_differs(&self) -> bool {
        self.json.is_some()
    }

    /// Base for struct updates: a plain field that never has a value.
    pub(crate) const fn new(class: Class, ty: ValueType) -> Field {
        let format = match ty {
            ValueType::Text
            | ValueType::Path
            | ValueType::Bytes
            | ValueType::Bool
            | ValueType::Double
            | ValueType::IpAddr
            | ValueType::IpNet => NumberFormat::None,
            _ => NumberFormat::Dec,
        };
        Field {
            name: "",
            class,
            ty,
            argument: Argument::NONE,
            flags: Flags::NONE,
            format,
            unit: "",
            doc: "",
            values: &[],
            example: "",
            extract: |_, _| None,
            write: None,
            json: None,
        }
    }
}

/// Classes, in listing order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum Class {
    Generic,
    Event,
    Process,
    User,
    Group,
    Container,
    Fd,
    FsPath,
    FdList,
    Syslog,
    Kubernetes,
    Mesos,
    Ecs,
    Span,
    InSpan,
    Util,
}

/// A class with its fields.
#[derive(Debug)]
pub struct ClassInfo {
    /// Which class.
    pub class: Class,
    /// Name in listings.
    pub name: &'static str,
    /// What its fields are about.
    pub about: &'static str,
    pub(crate) fields: &'static [&'static [Field]],
}

impl ClassInfo {
    /// Its fields, in listing order.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().copied().flatten()
    }
}

/// Arguments that a field takes: `field[N]`, `field[KEY]`, `field.NAME`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Argument {
    /// It cannot be left out.
    pub required: bool,
    /// `[N]`, a position from 0.
    pub index: bool,
    /// `[text]`.
    pub key: bool,
    /// What may follow after a dot.
    pub suffix: Suffix,
}

/// What may follow a field's name after a dot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suffix {
    /// Nothing.
    No,
    /// The name of an event parameter.
    Param,
    /// The name or number of an event type.
    EventType,
    /// `src` or `dst`.
    Side,
    /// A word of letters, digits and `_`.
    Word,
    /// The key of a label: also `/`, `-` and `.`.
    Label,
}

impl Argument {
    pub(crate) const NONE: Argument = Argument {
        required: false,
        index: false,
        key: false,
        suffix: Suffix::No,
    };

    pub(crate) const INDEX: Argument = Argument {
        index: true,
        ..Self::NONE
    };

    pub(crate) const KEY: Argument = Argument {
        key: true,
        ..Self::NONE
    };

    /// A label, by suffix or in brackets.
    pub(crate) const LABEL: Argument = Argument {
        required: true,
        key: true,
        suffix: Suffix::Label,
        ..Self::NONE
    };

    pub(crate) const fn suffix(suffix: Suffix) -> Argument {
        Argument {
            suffix,
            ..Self::NONE
        }
    }

    pub(crate) const fn required(self) -> Argument {
        Argument {
            required: true,
            ..self
        }
    }

    pub(crate) const fn or_index(self) -> Argument {
        Argument {
            index: true,
            ..self
        }
    }

    pub(crate) const fn or_key(self) -> Argument {
        Argument { key: true, ..self }
    }

    pub(crate) const fn or_suffix(self, suffix: Suffix) -> Argument {
        Argument { suffix, ..self }
    }

    /// Takes any argument at all.
    pub fn any(&self) -> bool {
        self.index || self.key || self.suffix != Suffix::No
    }
}

/// Restrictions and listing marks of a field, a set of bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// Nothing special.
    pub const NONE: Flags = Flags(0);
    /// Refused in formats.
    pub const FILTER_ONLY: Flags = Flags(1);
    /// Meant for formats and left out of listings.
    pub const PRINT_ONLY: Flags = Flags(2);
    /// Meant for views and left out of listings.
    pub const TABLE_ONLY: Flags = Flags(4);
    /// Yields a list.
    pub const LIST: Flags = Flags(8);
    /// Meaningful for every event source, not only for system calls.
    pub const GENERIC: Flags = Flags(16);
    /// Left out of listings with its whole class.
    pub const HIDDEN: Flags = Flags(32);
    /// Kept for old filters; better not used in new ones.
    pub const DEPRECATED: Flags = Flags(64);
    /// Cannot be compared with another field, nor stand inside `val()`.
    pub const NO_RHS: Flags = Flags(128);
    /// Cannot be wrapped in a transformer.
    pub const NO_TRANSFORMER: Flags = Flags(256);
    /// Says something about a thread or descriptor, so that it can also be evaluated on the
    /// thread table.
    pub const PROCESS_TABLE: Flags = Flags(512);
    /// In filters yields several candidates at once (both ends, all ancestors).
    pub const MULTI: Flags = Flags(1024);
    /// The value depends on the events on which the field was looked at before.
    pub const REMEMBERS: Flags = Flags(2048);

    /// Both sets.
    pub const fn and(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// All bits of `other` are set.
    pub const fn contains(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Listed by `-l` only when everything is asked for.
    pub const fn unlisted(self) -> bool {
        self.0 & (Self::PRINT_ONLY.0 | Self::TABLE_ONLY.0 | Self::HIDDEN.0) != 0
    }

    /// Names of the bits set, as machine-readable listings spell them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        const NAMES: [(Flags, &str); 10] = [
            (Flags::FILTER_ONLY, "filter_only"),
            (Flags::PRINT_ONLY, "print_only"),
            (Flags::TABLE_ONLY, "table_only"),
            (Flags::LIST, "list"),
            (Flags::GENERIC, "generic"),
            (Flags::HIDDEN, "hidden"),
            (Flags::DEPRECATED, "deprecated"),
            (Flags::NO_RHS, "no_rhs"),
            (Flags::NO_TRANSFORMER, "no_transformer"),
            (Flags::PROCESS_TABLE, "process_table"),
        ];
        NAMES
            .into_iter()
            .filter(move |(flag, _)| self.contains(*flag))
            .map(|(_, name)| name)
    }
}

impl std::fmt::Debug for Flags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// How a field's numbers print.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumberFormat {
    /// Not a number, or the type's own way.
    None,
    /// Decimal.
    Dec,
    /// Decimal; a name in digits, which views never scale.
    Id,
    /// Upper-case hexadecimal without prefix.
    Hex,
    /// Decimal, padded with zeros to nine digits.
    DecPad9,
}
