//! The compiled filter: evaluation, and what others may learn from its tree.

use crate::{
    Constant, Error, Extract, Op, Schema, Selection, Span, TypeSet, ValueType, Warning, compile,
    matcher::{Matcher, compare},
    parse,
    term::Term,
};

/// A filter, ready to be asked about events.
///
/// `F` is the schema's resolved field. Matching allocates nothing beyond what the fields' own
/// values need, unless a transformer builds a new text.
#[derive(Clone, Debug)]
pub struct Filter<F> {
    root: Node<F>,
    selection: Selection,
    /// A field has to see every event.
    remembers: bool,
}

/// A filter with what was noticed while compiling it.
#[derive(Clone, Debug)]
pub struct Compiled<F> {
    /// The filter.
    pub filter: Filter<F>,
    /// Things that are allowed but probably not meant, in the order of the text.
    pub warnings: Vec<Warning>,
}

impl<F: Clone> Filter<F> {
    /// Parses and compiles a filter.
    ///
    /// # Errors
    /// Everything that [`parse`](crate::parse()) refuses, and unknown fields, constants that the
    /// field's type does not accept, operators that it does not know, sides that do not fit.
    pub fn compile<S: Schema<Field = F>>(source: &str, schema: &S) -> Result<Compiled<F>, Error> {
        let expr = parse::parse(source)?;
        let (root, mut warnings) = compile::compile(&expr, source, schema)?;
        warnings.sort_by_key(|warning| warning.span.start);
        let selection = root.selection();
        let mut filter = Filter {
            root,
            selection,
            remembers: false,
        };
        filter.remembers = filter
            .fields()
            .into_iter()
            .any(|field| schema.remembers(field));
        Ok(Compiled { filter, warnings })
    }
}

impl<F> Filter<F> {
    /// Whether the event behind `view` passes.
    #[inline]
    pub fn matches<E: Extract<F> + ?Sized>(&self, view: &E) -> bool {
        self.root.matches(view)
    }

    /// The answer for a type of event, where the type alone decides.
    #[inline]
    pub fn decide(&self, event_type: u16) -> Option<bool> {
        if self.remembers {
            None
        } else if !self.selection.can_hold.contains(event_type) {
            Some(false)
        } else if !self.selection.can_fail.contains(event_type) {
            Some(true)
        } else {
            None
        }
    }

    /// The event types on which the filter can hold at all.
    pub fn event_types(&self) -> &TypeSet {
        &self.selection.can_hold
    }

    /// The tree of conditions.
    pub fn root(&self) -> &Node<F> {
        &self.root
    }

    /// The conditions that must hold for the filter to hold: those joined by `and` at the top.
    pub fn conjuncts(&self) -> Vec<&Condition<F>> {
        fn collect<'n, F>(node: &'n Node<F>, out: &mut Vec<&'n Condition<F>>) {
            match node {
                Node::And(parts) => parts.iter().for_each(|part| collect(part, out)),
                Node::Check(condition) => out.push(condition),
                // Two negations cancel; a single one or a choice demands nothing by itself.
                Node::Not(inner) => {
                    if let Node::Not(inner) = &**inner {
                        collect(inner, out);
                    }
                }
                Node::Or(_) => {}
            }
        }
        let mut out = Vec::new();
        collect(&self.root, &mut out);
        out
    }

    /// Every field the filter looks at, in the order of the text, repetitions included.
    pub fn fields(&self) -> Vec<&F> {
        fn collect<'n, F>(node: &'n Node<F>, out: &mut Vec<&'n F>) {
            match node {
                Node::And(parts) | Node::Or(parts) => {
                    parts.iter().for_each(|part| collect(part, out));
                }
                Node::Not(inner) => collect(inner, out),
                Node::Check(condition) => {
                    condition.left.fields(out);
                    if let Test::Term(term) = &condition.test {
                        term.fields(out);
                    }
                }
            }
        }
        let mut out = Vec::new();
        collect(&self.root, &mut out);
        out
    }

    /// The tree as text with types, for `quarry explain`.
    pub fn explain(&self) -> Tree {
        self.root.explain()
    }
}

/// A node of the compiled tree.
#[derive(Clone, Debug)]
pub enum Node<F> {
    /// All must hold; evaluated from left to right until one does not.
    And(Vec<Node<F>>),
    /// One must hold; evaluated from left to right until one does.
    Or(Vec<Node<F>>),
    /// The inner node must not hold.
    Not(Box<Node<F>>),
    /// A comparison.
    Check(Box<Condition<F>>),
}

impl<F> Node<F> {
    fn matches<E: Extract<F> + ?Sized>(&self, view: &E) -> bool {
        match self {
            Node::And(parts) => parts.iter().all(|part| part.matches(view)),
            Node::Or(parts) => parts.iter().any(|part| part.matches(view)),
            Node::Not(inner) => !inner.matches(view),
            Node::Check(condition) => condition.matches(view),
        }
    }

    /// The event types on which the node can hold, and on which it can fail.
    pub fn selection(&self) -> Selection {
        let join = |parts: &[Node<F>], with: fn(Selection, Selection) -> Selection| {
            parts
                .iter()
                .map(Node::selection)
                .reduce(with)
                .unwrap_or(Selection::ANY)
        };
        match self {
            Node::And(parts) => join(parts, Selection::and),
            Node::Or(parts) => join(parts, Selection::or),
            Node::Not(inner) => inner.selection().not(),
            Node::Check(condition) => condition.selection,
        }
    }

    fn explain(&self) -> Tree {
        let (text, detail, children) = match self {
            Node::And(parts) => (
                "and".to_owned(),
                None,
                parts.iter().map(Node::explain).collect(),
            ),
            Node::Or(parts) => (
                "or".to_owned(),
                None,
                parts.iter().map(Node::explain).collect(),
            ),
            Node::Not(inner) => ("not".to_owned(), None, vec![inner.explain()]),
            Node::Check(condition) => {
                (condition.text.clone(), Some(condition.detail()), Vec::new())
            }
        };
        Tree {
            text,
            detail,
            selection: self.selection(),
            children,
        }
    }
}

/// A compiled comparison.
#[derive(Clone, Debug)]
pub struct Condition<F> {
    pub(crate) text: String,
    pub(crate) span: Span,
    pub(crate) left: Term<F>,
    pub(crate) op: Op,
    pub(crate) ty: ValueType,
    /// The left side has at most one value per event.
    pub(crate) exclusive: bool,
    pub(crate) test: Test<F>,
    pub(crate) constants: Vec<Constant>,
    pub(crate) selection: Selection,
}

/// What the left side is held against.
#[derive(Clone, Debug)]
pub(crate) enum Test<F> {
    Constants(Matcher),
    Term(Term<F>),
}

/// How the constants of a condition are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// The operator takes the constants as they are: one, or a list (`in`).
    Plain,
    /// The operator must hold for one of the constants (`oneof`).
    Any,
    /// The operator must hold for each constant (`allof`).
    All,
}

impl<F> Condition<F> {
    /// The field on the left, unless a transformer is applied to it.
    pub fn field(&self) -> Option<&F> {
        self.left.as_field()
    }

    /// The operator.
    pub fn op(&self) -> Op {
        self.op
    }

    /// Type of the left side (of one element, for lists).
    pub fn value_type(&self) -> ValueType {
        self.ty
    }

    /// The constants on the right; `None` when it is a field or transformer.
    pub fn constants(&self) -> Option<&[Constant]> {
        match self.test {
            Test::Constants(_) => Some(&self.constants),
            Test::Term(_) => None,
        }
    }

    /// How the constants are combined.
    pub fn quantifier(&self) -> Quantifier {
        match self.test {
            Test::Constants(Matcher::Any(_)) => Quantifier::Any,
            Test::Constants(Matcher::All(_)) => Quantifier::All,
            _ => Quantifier::Plain,
        }
    }

    /// The condition in canonical spelling.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it stands in the source.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The event types on which it can hold, and on which it can fail.
    pub fn selection(&self) -> Selection {
        self.selection
    }

    /// Whether the condition holds for the event behind `view`.
    #[inline]
    pub fn matches<E: Extract<F> + ?Sized>(&self, view: &E) -> bool {
        let Some(value) = self.left.eval(view) else {
            return false;
        };
        match &self.test {
            Test::Constants(matcher) => matcher.matches(&value),
            Test::Term(term) => term
                .eval(view)
                .is_some_and(|right| compare(self.op, &value, &right)),
        }
    }

    /// The type, and constants that do not read as they are written (`https`, `1ms`).
    fn detail(&self) -> String {
        let mut text = self.ty.to_string();
        let readings: Vec<String> = self
            .constants
            .iter()
            .filter(|constant| !matches!(constant, Constant::Bytes(_)))
            .map(Constant::to_string)
            .filter(|reading| {
                !self
                    .text
                    .split([' ', '(', ',', ')'])
                    .any(|word| word == reading)
            })
            .collect();
        if !readings.is_empty() {
            text.push_str(&format!(", compared with {}", readings.join(", ")));
        }
        text
    }
}

/// A filter as a tree of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// `and`, `or`, `not`, or a condition.
    pub text: String,
    /// For a condition: the type it compares, and how constants were understood.
    pub detail: Option<String>,
    /// The event types on which the node can hold, and on which it can fail.
    pub selection: Selection,
    /// The parts.
    pub children: Vec<Tree>,
}

/// One node per line, parts indented by two blanks.
impl std::fmt::Display for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        fn node(tree: &Tree, depth: usize, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{:1$}{2}", "", depth * 2, tree.text)?;
            if let Some(detail) = &tree.detail {
                write!(f, "  ({detail})")?;
            }
            for child in &tree.children {
                writeln!(f)?;
                node(child, depth + 1, f)?;
            }
            Ok(())
        }
        node(self, 0, f)
    }
}
