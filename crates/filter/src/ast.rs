//! The parsed form of a filter, before any field is looked up.
//!
//! `Display` prints a filter that parses to an equal tree. Equality disregards positions.

use std::fmt;

use crate::{Op, error::Span};

/// A node with its place in the source; two are equal when the nodes are.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The node.
    pub node: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A node at a place.
    pub fn new(node: T, span: Span) -> Self {
        Spanned { node, span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// A boolean expression.
pub type Expr = Spanned<ExprKind>;

/// The shapes of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// All parts must hold; at least two.
    And(Vec<Expr>),
    /// One part must hold; at least two.
    Or(Vec<Expr>),
    /// The part must not hold.
    Not(Box<Expr>),
    /// A comparison.
    Check(Check),
}

/// One comparison: `LEFT OP RIGHT`.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// A field or transformer.
    pub left: Operand,
    /// The operator.
    pub op: Spanned<Op>,
    /// What it is compared with.
    pub right: Right,
}

/// The right-hand side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Right {
    /// Nothing, after `exists`.
    Nothing,
    /// One constant.
    Constant(Literal),
    /// A list of constants, after `in`, `intersects` or `pmatch`.
    List(Spanned<Vec<Literal>>),
    /// `oneof (…)` or `anyof (…)`: the operator holds for one of the constants.
    OneOf(Spanned<Vec<Literal>>),
    /// `allof (…)`: the operator holds for each of the constants.
    AllOf(Spanned<Vec<Literal>>),
    /// `val(FIELD)` or a transformer.
    Operand(Operand),
}

/// A constant as text, quotes and escapes resolved; escapes can produce any byte.
pub type Literal = Spanned<Vec<u8>>;

/// Something that yields a value for an event.
pub type Operand = Spanned<OperandKind>;

/// The shapes of an operand.
#[derive(Clone, Debug, PartialEq)]
pub enum OperandKind {
    /// A field by name, with its argument in brackets.
    Field {
        /// The dotted name as written.
        name: String,
        /// The text in brackets.
        argument: Option<Literal>,
    },
    /// A transformer call. `val()` is not one: it only marks a field on the right.
    Call {
        /// Which transformer.
        function: Function,
        /// What stands in its brackets.
        arguments: Vec<Operand>,
        /// `[c]` behind the closing bracket (`getopt`).
        selector: Option<Literal>,
    },
    /// Text or a number inside a transformer.
    Literal(Vec<u8>),
    /// A list in brackets inside a transformer.
    List(Vec<Operand>),
}

/// The transformers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// ASCII letters to lower case.
    ToLower,
    /// ASCII letters to upper case.
    ToUpper,
    /// Decodes base64.
    B64,
    /// The part of a path after the last slash.
    Basename,
    /// Length in bytes, or number of elements.
    Len,
    /// Elements of a list with a separator between them.
    Join,
    /// Texts one after another.
    Concat,
    /// Short options of an argument vector.
    GetOpt,
}

impl Function {
    /// All transformers, in the order in which messages list them.
    pub const ALL: [Function; 8] = [
        Function::ToLower,
        Function::ToUpper,
        Function::B64,
        Function::Basename,
        Function::Len,
        Function::Join,
        Function::Concat,
        Function::GetOpt,
    ];

    /// The name as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Function::ToLower => "tolower",
            Function::ToUpper => "toupper",
            Function::B64 => "b64",
            Function::Basename => "basename",
            Function::Len => "len",
            Function::Join => "join",
            Function::Concat => "concat",
            Function::GetOpt => "getopt",
        }
    }

    /// The transformer of that name.
    pub fn from_name(name: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|f| f.as_str() == name)
    }
}

impl fmt::Display for ExprKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExprKind::And(parts) => chain(f, parts, " and "),
            ExprKind::Or(parts) => chain(f, parts, " or "),
            ExprKind::Not(inner) => {
                f.write_str("not ")?;
                part(f, inner)
            }
            ExprKind::Check(check) => check.fmt(f),
        }
    }
}

fn chain(f: &mut fmt::Formatter<'_>, parts: &[Expr], word: &str) -> fmt::Result {
    for (i, expr) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(word)?;
        }
        part(f, expr)?;
    }
    Ok(())
}

/// A part of a larger expression; chains are bracketed even where precedence would do, for the
/// reader's sake.
fn part(f: &mut fmt::Formatter<'_>, expr: &Expr) -> fmt::Result {
    match expr.node {
        ExprKind::And(_) | ExprKind::Or(_) => write!(f, "({})", expr.node),
        ExprKind::Not(_) | ExprKind::Check(_) => write!(f, "{}", expr.node),
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.left.node, self.op.node)?;
        match &self.right {
            Right::Nothing => Ok(()),
            Right::Constant(text) => write!(f, " {}", Quoted::value(&text.node)),
            Right::List(items) => write!(f, " {}", ListOf(&items.node)),
            Right::OneOf(items) => write!(f, " oneof {}", ListOf(&items.node)),
            Right::AllOf(items) => write!(f, " allof {}", ListOf(&items.node)),
            Right::Operand(Spanned {
                node: field @ OperandKind::Field { .. },
                ..
            }) => {
                write!(f, " val({field})")
            }
            Right::Operand(operand) => write!(f, " {}", operand.node),
        }
    }
}

impl fmt::Display for OperandKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OperandKind::Field { name, argument } => {
                f.write_str(name)?;
                match argument {
                    Some(text) => write!(f, "[{}]", Quoted::value(&text.node)),
                    None => Ok(()),
                }
            }
            OperandKind::Call {
                function,
                arguments,
                selector,
            } => {
                f.write_str(function.as_str())?;
                operands(f, arguments)?;
                match selector {
                    Some(text) => write!(f, "[{}]", Quoted::value(&text.node)),
                    None => Ok(()),
                }
            }
            OperandKind::Literal(text) => Quoted::always(text).fmt(f),
            OperandKind::List(items) => operands(f, items),
        }
    }
}

fn operands(f: &mut fmt::Formatter<'_>, items: &[Operand]) -> fmt::Result {
    f.write_str("(")?;
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{}", item.node)?;
    }
    f.write_str(")")
}

struct ListOf<'a>(&'a [Literal]);

impl fmt::Display for ListOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (i, item) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            Quoted::value(&item.node).fmt(f)?;
        }
        f.write_str(")")
    }
}

/// A constant in a form that reads back as the same bytes.
pub(crate) struct Quoted<'a> {
    bytes: &'a [u8],
    bare: bool,
}

impl<'a> Quoted<'a> {
    /// Bare where that is unambiguous everywhere a constant may stand.
    pub(crate) fn value(bytes: &'a [u8]) -> Self {
        let word = std::str::from_utf8(bytes).unwrap_or("");
        let reserved = matches!(
            word,
            "and" | "or" | "not" | "val" | "oneof" | "anyof" | "allof"
        ) || Function::from_name(word).is_some();
        let bare = !bytes.is_empty()
            && !reserved
            && bytes
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || b"_./:+-@%*?<>~".contains(b));
        Quoted { bytes, bare }
    }

    /// In quotes.
    pub(crate) fn always(bytes: &'a [u8]) -> Self {
        Quoted { bytes, bare: false }
    }
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.bare {
            f.write_str("\"")?;
        }
        for chunk in self.bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '"' => f.write_str("\\\"")?,
                    '\\' => f.write_str("\\\\")?,
                    '\n' => f.write_str("\\n")?,
                    '\r' => f.write_str("\\r")?,
                    '\t' => f.write_str("\\t")?,
                    c if c.is_ascii_control() => write!(f, "\\x{:02x}", c as u32)?,
                    c => write!(f, "{c}")?,
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        if !self.bare {
            f.write_str("\"")?;
        }
        Ok(())
    }
}
