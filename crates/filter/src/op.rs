//! The operators, and which of them each value type knows.

use crate::ValueType;

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Op {
    /// `=`, also written `==`.
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Contains,
    IContains,
    /// `bcontains`: the constant is written in hex digits.
    BContains,
    StartsWith,
    /// `bstartswith`: the constant is written in hex digits.
    BStartsWith,
    EndsWith,
    Glob,
    IGlob,
    Regex,
    In,
    Intersects,
    PMatch,
    Exists,
}

/// What stands on the right of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Nothing (`exists`).
    None,
    /// One value.
    One,
    /// A list in brackets.
    List,
}

impl Op {
    /// All operators, in the order in which messages list them.
    pub const ALL: [Op; 19] = [
        Op::Eq,
        Op::Ne,
        Op::Lt,
        Op::Le,
        Op::Gt,
        Op::Ge,
        Op::Contains,
        Op::IContains,
        Op::BContains,
        Op::StartsWith,
        Op::BStartsWith,
        Op::EndsWith,
        Op::Glob,
        Op::IGlob,
        Op::Regex,
        Op::In,
        Op::Intersects,
        Op::PMatch,
        Op::Exists,
    ];

    /// The operator as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Op::Eq => "=",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::Contains => "contains",
            Op::IContains => "icontains",
            Op::BContains => "bcontains",
            Op::StartsWith => "startswith",
            Op::BStartsWith => "bstartswith",
            Op::EndsWith => "endswith",
            Op::Glob => "glob",
            Op::IGlob => "iglob",
            Op::Regex => "regex",
            Op::In => "in",
            Op::Intersects => "intersects",
            Op::PMatch => "pmatch",
            Op::Exists => "exists",
        }
    }

    /// What the operator takes on its right.
    pub const fn arity(self) -> Arity {
        match self {
            Op::Exists => Arity::None,
            Op::In | Op::Intersects | Op::PMatch => Arity::List,
            _ => Arity::One,
        }
    }

    /// `<`, `<=`, `>` or `>=`.
    pub const fn is_order(self) -> bool {
        matches!(self, Op::Lt | Op::Le | Op::Gt | Op::Ge)
    }

    /// Compares whole values for equality, so that a constant must be a value the field can have.
    pub const fn is_equality(self) -> bool {
        matches!(self, Op::Eq | Op::Ne | Op::In | Op::Intersects)
    }

    /// Whether the operator is defined for values of type `ty` (for elements, in a list field).
    pub const fn supports(self, ty: ValueType) -> bool {
        use ValueType as T;
        match self {
            Op::Exists | Op::Eq | Op::Ne | Op::In | Op::Intersects => true,
            Op::Lt | Op::Le | Op::Gt | Op::Ge => {
                !matches!(ty, T::Bool | T::Bytes | T::IpAddr | T::IpNet)
            }
            Op::Contains | Op::StartsWith | Op::EndsWith => {
                matches!(ty, T::Text | T::Path | T::Bytes)
            }
            Op::IContains | Op::Glob | Op::IGlob | Op::Regex | Op::PMatch => {
                matches!(ty, T::Text | T::Path)
            }
            Op::BContains | Op::BStartsWith => matches!(ty, T::Bytes),
        }
    }
}

impl std::fmt::Display for Op {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
