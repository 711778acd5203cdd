//! From the parsed filter to one that can be evaluated: names, types, constants.

use memchr::memmem::Finder;
use regex::bytes::RegexBuilder;

use crate::{
    Arity, FieldSpec, Op, Schema, Selection, ValueType,
    ast::{self, Expr, ExprKind, Literal, Operand, OperandKind, Right},
    constant::{self, Constant},
    contradiction,
    error::{Error, ErrorKind, Span, Warning, nearest},
    filter::{Condition, Node, Test},
    matcher::{Matcher, Set},
    pattern::{Glob, PathPrefixes},
    term::{self, Term, TermType},
};

/// Compiles an expression; `source` is the text it was parsed from.
pub(crate) fn compile<S: Schema>(
    expr: &Expr,
    source: &str,
    schema: &S,
) -> Result<(Node<S::Field>, Vec<Warning>), Error> {
    let mut compiler = Compiler {
        schema,
        source,
        warnings: Vec::new(),
    };
    let node = compiler.node(expr)?;
    Ok((node, compiler.warnings))
}

/// Resolves a field by name.
pub(crate) fn field<S: Schema>(
    schema: &S,
    name: &str,
    argument: Option<&Literal>,
    span: Span,
) -> Result<(S::Field, FieldSpec), Error> {
    let bracket = match argument {
        None => None,
        Some(literal) => Some(std::str::from_utf8(&literal.node).map_err(|_| {
            Error::new(
                ErrorKind::UnknownField,
                literal.span,
                "a field argument must be UTF-8",
            )
        })?),
    };
    schema.resolve(name, bracket).map_err(|refusal| {
        let error = Error::new(ErrorKind::UnknownField, span, &refusal.message);
        if refusal.suggestion.is_some() {
            return error.did_you_mean(refusal.suggestion);
        }
        if let Some(rest) = name.strip_prefix("not")
            && schema.resolve(rest, bracket).is_ok()
        {
            return error.suggest("put a blank after `not`");
        }
        // Of a known field with a wrong argument, the field alone is no better, nor is another.
        let argument_of = |field: &str| {
            name.strip_prefix(field)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let near = schema
            .suggest(name)
            .into_iter()
            .next()
            .filter(|field| !argument_of(field));
        error.did_you_mean(near)
    })
}

struct Compiler<'s, S> {
    schema: &'s S,
    source: &'s str,
    warnings: Vec<Warning>,
}

impl<S: Schema> Compiler<'_, S> {
    fn node(&mut self, expr: &Expr) -> Result<Node<S::Field>, Error> {
        Ok(match &expr.node {
            ExprKind::And(parts) => {
                let nodes = self.nodes(parts)?;
                contradiction::check(parts, &nodes, expr.span, &mut self.warnings);
                Node::And(nodes)
            }
            ExprKind::Or(parts) => Node::Or(self.nodes(parts)?),
            ExprKind::Not(inner) => Node::Not(Box::new(self.node(inner)?)),
            ExprKind::Check(check) => Node::Check(Box::new(self.check(check, expr.span)?)),
        })
    }

    fn nodes(&mut self, parts: &[Expr]) -> Result<Vec<Node<S::Field>>, Error> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn check(&mut self, check: &ast::Check, span: Span) -> Result<Condition<S::Field>, Error> {
        let op = check.op.node;
        let (left, ty) = term::compile(&check.left, self.schema)?;
        self.check_operator(check, &ty)?;
        let (test, constants) = match &check.right {
            Right::Nothing => (Test::Constants(Matcher::Exists), Vec::new()),
            Right::Operand(operand) => (self.operand(check, &ty, operand)?, Vec::new()),
            Right::Constant(literal) => {
                let constant = self.constant(check, &left, &ty, literal)?;
                let matcher = self.one(check, &ty, literal, &constant)?;
                (Test::Constants(matcher), vec![constant])
            }
            Right::List(list) => {
                if list.node.is_empty() {
                    self.warnings.push(
                        Warning::new(span, format!("`{op} ()` never holds"))
                            .note("the list is empty"),
                    );
                }
                let constants = list
                    .node
                    .iter()
                    .map(|literal| self.constant(check, &left, &ty, literal))
                    .collect::<Result<Vec<_>, _>>()?;
                let matcher = match op {
                    Op::In => Matcher::In(Set::new(&constants)),
                    Op::Intersects => Matcher::Intersects(Set::new(&constants)),
                    _ => Matcher::Paths(PathPrefixes::new(
                        list.node.iter().map(|literal| literal.node.as_slice()),
                    )),
                };
                (Test::Constants(matcher), constants)
            }
            Right::OneOf(list) | Right::AllOf(list) => {
                if list.node.is_empty() {
                    let warning = match check.right {
                        Right::OneOf(_) => format!("`{op} oneof ()` never holds"),
                        _ => format!("`{op} allof ()` holds for every value"),
                    };
                    self.warnings
                        .push(Warning::new(span, warning).note("the list is empty"));
                }
                let mut matchers = Vec::new();
                let mut constants = Vec::new();
                for literal in &list.node {
                    let constant = self.constant(check, &left, &ty, literal)?;
                    matchers.push(self.one(check, &ty, literal, &constant)?);
                    constants.push(constant);
                }
                let matcher = match check.right {
                    Right::OneOf(_) => Matcher::Any(matchers),
                    _ => Matcher::All(matchers),
                };
                (Test::Constants(matcher), constants)
            }
        };
        let selection = self.selection(check, &left, &test);
        if selection.can_hold.is_empty() {
            self.warnings.push(
                Warning::new(span, format!("`{check}` never holds"))
                    .note("no event type has such a value"),
            );
        }
        let exclusive = !ty.is_list && ty.spec.is_some_and(|spec| !spec.multi && !spec.within);
        Ok(Condition {
            text: check.to_string(),
            span,
            left,
            op,
            ty: ty.ty,
            exclusive,
            test,
            constants,
            selection,
        })
    }

    /// The operator against the type of the left side.
    fn check_operator(&self, check: &ast::Check, ty: &TermType) -> Result<(), Error> {
        let op = check.op.node;
        let known: Vec<Op> = Op::ALL.into_iter().filter(|&op| defined(op, ty)).collect();
        if known.contains(&op) {
            return Ok(());
        }
        let names: Vec<&str> = known.iter().map(|op| op.as_str()).collect();
        let error = Error::new(
            ErrorKind::BadOperator,
            check.op.span,
            format!(
                "`{op}` is not defined for `{}`, which is {ty}",
                check.left.node
            ),
        )
        .expected(match names.as_slice() {
            [only] => format!("`{only}`"),
            names => format!("one of {}", names.join(" ")),
        });
        Err(match op {
            Op::Eq if ty.is_list => {
                error.suggest("`in` asks about every element, `intersects` about any")
            }
            Op::BContains if ty.ty.is_text() => error.did_you_mean(Some("contains")),
            Op::BStartsWith if ty.ty.is_text() => error.did_you_mean(Some("startswith")),
            _ => error,
        })
    }

    /// Reads and checks one constant.
    fn constant(
        &mut self,
        check: &ast::Check,
        left: &Term<S::Field>,
        ty: &TermType,
        literal: &Literal,
    ) -> Result<Constant, Error> {
        let op = check.op.node;
        let name = check.left.node.to_string();
        let service = |name: &str| self.schema.service_port(name);
        let constant = constant::read(literal, &name, ty.ty, op, &service)?;
        self.warn_about_order(check, ty.ty, &constant, literal.span);
        self.warn_about_text(ty.ty, op, literal);
        let Some(field) = left.as_field().filter(|_| op.is_equality()) else {
            return Ok(constant);
        };
        let text = String::from_utf8_lossy(&literal.node);
        let allowed = self.schema.allowed_values(field);
        self.schema
            .check_constant(field, &text)
            .map_err(|refusal| {
                let mut error = Error::new(ErrorKind::BadConstant, literal.span, refusal.message)
                    .did_you_mean(refusal.suggestion);
                error.expected = allowed
                    .as_deref()
                    .map(|values| format!("one of {}", few(values)));
                error
            })?;
        if let Some(values) = allowed
            && !values.iter().any(|value| **value == *text)
        {
            let near = match nearest(&text, values.iter().map(String::as_str)) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => String::new(),
            };
            self.warnings.push(
                Warning::new(literal.span, format!("`{name}` is never `{text}`"))
                    .note(format!("its values are {}{near}", few(&values))),
            );
        }
        Ok(constant)
    }

    /// `< 0` on unsigned types and its like.
    fn warn_about_order(
        &mut self,
        check: &ast::Check,
        ty: ValueType,
        constant: &Constant,
        span: Span,
    ) {
        let (Some((low, high)), &Constant::Int(n)) = (ty.int_range(), constant) else {
            return;
        };
        let bound = match check.op.node {
            Op::Lt if n == low => format!("its smallest value is {low}"),
            Op::Gt if n == high => format!("its largest value is {high}"),
            _ => return,
        };
        self.warnings
            .push(Warning::new(span, format!("`{check}` never holds")).note(bound));
    }

    /// Constants that look as if they meant something else than their letters.
    fn warn_about_text(&mut self, ty: ValueType, op: Op, literal: &Literal) {
        if !ty.is_text() {
            return;
        }
        let Ok(text) = std::str::from_utf8(&literal.node) else {
            return;
        };
        if self.source[literal.span.start..].starts_with(['"', '\'']) {
            return;
        }
        if text.contains('.') && self.schema.resolve(text, None).is_ok() {
            self.warnings.push(
                Warning::new(literal.span, format!("`{text}` is compared as text"))
                    .note(format!("write `val({text})` to compare with the field")),
            );
        }
        if !matches!(op, Op::Regex | Op::Glob | Op::IGlob | Op::PMatch) && has_escape(text) {
            self.warnings.push(
                Warning::new(literal.span, "a backslash outside quotes stands for itself")
                    .note("quote the value to use escapes"),
            );
        }
    }

    /// The matcher of an operator with one constant.
    fn one(
        &self,
        check: &ast::Check,
        ty: &TermType,
        literal: &Literal,
        constant: &Constant,
    ) -> Result<Matcher, Error> {
        let op = check.op.node;
        if ty.spec.as_ref().is_some_and(|spec| spec.within) {
            let Constant::Int(ms) = constant else {
                return Ok(Matcher::Within(0));
            };
            return Ok(Matcher::Within(ms.saturating_mul(1_000_000)));
        }
        let bytes = match constant {
            Constant::Int(n) => return Ok(Matcher::Int(op, *n)),
            Constant::Float(n) => return Ok(Matcher::Float(op, *n)),
            Constant::Bool(b) => return Ok(Matcher::Bool(op, *b)),
            Constant::Ip(ip) => return Ok(Matcher::Ip(op, *ip)),
            Constant::Net(net) => return Ok(Matcher::Net(op, *net)),
            Constant::Bytes(bytes) => bytes,
        };
        Ok(match op {
            Op::Contains | Op::BContains => {
                Matcher::Contains(Box::new(Finder::new(bytes).into_owned()))
            }
            Op::IContains => Matcher::IContains(bytes.to_ascii_lowercase()),
            Op::StartsWith | Op::BStartsWith => Matcher::StartsWith(bytes.clone()),
            Op::EndsWith => Matcher::EndsWith(bytes.clone()),
            Op::Glob => Matcher::Glob(Glob::new(bytes, false)),
            Op::IGlob => Matcher::Glob(Glob::new(bytes, true)),
            Op::Regex => regex(literal)?,
            op => Matcher::Bytes(op, bytes.clone()),
        })
    }

    /// The right side of a comparison between fields.
    fn operand(
        &self,
        check: &ast::Check,
        left: &TermType,
        operand: &Operand,
    ) -> Result<Test<S::Field>, Error> {
        let op = check.op.node;
        if matches!(op, Op::PMatch | Op::Regex) {
            return Err(Error::new(
                ErrorKind::BadOperator,
                check.op.span,
                format!("`{op}` cannot compare with a field"),
            )
            .expected("a constant on the right"));
        }
        let refuse = |span, name: &OperandKind| {
            Error::new(
                ErrorKind::TypeMismatch,
                span,
                format!("`{name}` cannot be compared with another field"),
            )
            .expected("a constant on the other side")
        };
        if left.spec.as_ref().is_some_and(|spec| spec.no_rhs) || left.ty == ValueType::IpNet {
            return Err(refuse(check.left.span, &check.left.node));
        }
        let (term, right) = term::compile(operand, self.schema)?;
        if right.spec.as_ref().is_some_and(|spec| spec.no_rhs) || right.ty == ValueType::IpNet {
            return Err(refuse(operand.span, &operand.node));
        }
        let lists_fit =
            left.is_list == right.is_list || (right.is_list && op.arity() == Arity::List);
        if !left.ty.comparable(right.ty) || !lists_fit {
            return Err(Error::new(
                ErrorKind::TypeMismatch,
                operand.span,
                format!(
                    "`{}` is {left}, `{}` is {right}",
                    check.left.node, operand.node
                ),
            )
            .expected("the same type on both sides"));
        }
        Ok(Test::Term(term))
    }

    /// The event types a condition can hold on.
    fn selection(
        &self,
        check: &ast::Check,
        left: &Term<S::Field>,
        test: &Test<S::Field>,
    ) -> Selection {
        let op = check.op.node;
        let text = |literal: &Literal| String::from_utf8_lossy(&literal.node).into_owned();
        if let (Term::Field(field), Test::Constants(_)) = (left, test) {
            let ask = |texts: &[String]| {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                self.schema.selection(field, op, &texts)
            };
            let each = |list: &[Literal]| -> Vec<Selection> {
                list.iter().map(|literal| ask(&[text(literal)])).collect()
            };
            return match &check.right {
                Right::Nothing | Right::Operand(_) => ask(&[]),
                Right::Constant(literal) => ask(&[text(literal)]),
                Right::List(list) => ask(&list.node.iter().map(text).collect::<Vec<_>>()),
                Right::OneOf(list) => each(&list.node)
                    .into_iter()
                    .reduce(Selection::or)
                    .unwrap_or(Selection::ANY),
                Right::AllOf(list) => each(&list.node)
                    .into_iter()
                    .reduce(Selection::and)
                    .unwrap_or(Selection::ANY),
            };
        }
        // Of derived values only this is known: every input must be there.
        let mut inputs = Vec::new();
        left.fields(&mut inputs);
        if let Test::Term(term) = test {
            term.fields(&mut inputs);
        }
        inputs.into_iter().fold(Selection::ANY, |selection, field| {
            let there = self.schema.selection(field, Op::Exists, &[]);
            selection.and(Selection::only_on(there.can_hold))
        })
    }
}

/// Whether the operator is defined for values of this type, lists and distances included.
fn defined(op: Op, ty: &TermType) -> bool {
    if ty.spec.as_ref().is_some_and(|spec| spec.within) {
        return op == Op::Eq;
    }
    if ty.is_list {
        return matches!(op, Op::In | Op::Intersects | Op::Exists);
    }
    op.supports(ty.ty)
}

/// A pattern that must match the whole value.
fn regex(literal: &Literal) -> Result<Matcher, Error> {
    let refuse = |message: String| Error::new(ErrorKind::BadConstant, literal.span, message);
    let pattern = std::str::from_utf8(&literal.node)
        .map_err(|_| refuse("a regular expression must be UTF-8".into()))?;
    // Values need not be UTF-8: `.` must match any byte unless the pattern names other characters.
    let build = |pattern: &str| {
        RegexBuilder::new(pattern)
            .unicode(!pattern.is_ascii())
            .build()
    };
    // The pattern alone first, so that brackets in it cannot pair with the added ones.
    build(pattern)
        .and_then(|_| build(&format!(r"\A(?:{pattern})\z")))
        .map(Matcher::Regex)
        .map_err(|error| {
            // The last line of the library's drawing says what is wrong.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default();
            let reason = reason.trim().trim_start_matches("error: ");
            refuse(format!("invalid regular expression: {reason}"))
        })
}

/// `\xHH` or an escaped quote or backslash.
fn has_escape(text: &str) -> bool {
    text.match_indices('\\').any(|(at, _)| {
        let rest = &text.as_bytes()[at + 1..];
        match rest {
            [b'x', a, b, ..] => a.is_ascii_hexdigit() && b.is_ascii_hexdigit(),
            [b'"' | b'\'' | b'\\', ..] => true,
            _ => false,
        }
    })
}

/// Values for a message: all of a short list, the start of a long one.
fn few(values: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text: Vec<String> = values
        .iter()
        .take(SHOWN)
        .map(|value| format!("`{value}`"))
        .collect();
    if values.len() > SHOWN {
        text.push(format!("and {} more", values.len() - SHOWN));
    }
    text.join(" ")
}
