//! Recursive descent from text to [`ast`](crate::ast).
//!
//! There is no separate list of tokens: whether `a,b` is one word or three depends on what stands
//! before it, so each rule reads the characters it needs. The grammar is the one of current Falco
//! libraries, widened where sysdig 0.29.3 accepted more and both can live together: bare values
//! may contain commas (outside lists), equal signs and quotes; word operators need no blank before
//! punctuation; a list may end with a comma. Comments and line breaks are Quarry's own.

mod token;

use crate::{
    Op,
    ast::{Check, Expr, ExprKind, Function, Literal, Operand, OperandKind, Right, Spanned},
    error::{Error, ErrorKind, Span, nearest},
    op::Arity,
};

/// How deep brackets, `not` and transformers may nest.
pub const MAX_DEPTH: usize = 100;

/// Parses a filter.
///
/// # Errors
/// Kinds [`Empty`](ErrorKind::Empty), [`Syntax`](ErrorKind::Syntax), [`Macro`](ErrorKind::Macro)
/// and [`TooDeep`](ErrorKind::TooDeep).
pub fn parse(source: &str) -> Result<Expr, Error> {
    let mut parser = Parser::new(source, 0);
    parser.skip();
    if parser.at_end() {
        return Err(
            Error::new(ErrorKind::Empty, parser.here(), "the filter is empty")
                .expected("a condition such as `proc.name = nginx`"),
        );
    }
    let expr = parser.or_expr()?;
    parser.skip();
    if !parser.at_end() {
        return Err(parser.rubbish("`and` or `or`"));
    }
    Ok(expr)
}

/// Parses an operand (a transformer call) at `start` of a format; returns it with its end.
pub(crate) fn parse_call(source: &str, start: usize) -> Result<(Operand, usize), Error> {
    let mut parser = Parser::new(source, start);
    let operand = parser.operand()?;
    Ok((operand, parser.pos))
}

/// Parses `[…]` at `start` of a format; returns the text with the position after the bracket.
pub(crate) fn parse_argument(source: &str, start: usize) -> Result<(Literal, usize), Error> {
    let mut parser = Parser::new(source, start);
    let argument = parser.argument()?;
    Ok((argument, parser.pos))
}

struct Parser<'s> {
    src: &'s str,
    pos: usize,
    depth: usize,
}

impl<'s> Parser<'s> {
    fn new(src: &'s str, pos: usize) -> Self {
        Parser { src, pos, depth: 0 }
    }

    fn or_expr(&mut self) -> Result<Expr, Error> {
        self.chain("or", Self::and_expr, ExprKind::Or)
    }

    fn and_expr(&mut self) -> Result<Expr, Error> {
        self.chain("and", Self::not_expr, ExprKind::And)
    }

    fn chain(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Result<Expr, Error>,
        join: fn(Vec<Expr>) -> ExprKind,
    ) -> Result<Expr, Error> {
        let first = part(self)?;
        let mut parts = vec![first];
        loop {
            self.skip();
            if !self.eat_keyword(word) {
                break;
            }
            parts.push(part(self)?);
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        let span = parts[0].span.to(parts[parts.len() - 1].span);
        Ok(Spanned::new(join(parts), span))
    }

    fn not_expr(&mut self) -> Result<Expr, Error> {
        self.skip();
        let start = self.pos;
        if !self.eat_keyword("not") {
            return self.check_or_group();
        }
        self.enter(start)?;
        let inner = self.not_expr()?;
        self.depth -= 1;
        let span = Span::new(start, inner.span.end);
        Ok(Spanned::new(ExprKind::Not(Box::new(inner)), span))
    }

    fn check_or_group(&mut self) -> Result<Expr, Error> {
        let start = self.pos;
        if !self.eat('(') {
            return self.check();
        }
        self.enter(start)?;
        let mut expr = self.or_expr()?;
        self.skip();
        if !self.eat(')') {
            let expected = "`and`, `or` or `)`";
            return Err(match self.at_end() {
                true => self.unclosed(start, expected),
                false => self.rubbish(expected),
            });
        }
        self.depth -= 1;
        expr.span = Span::new(start, self.pos);
        Ok(expr)
    }

    fn check(&mut self) -> Result<Expr, Error> {
        let left = self.left()?;
        let op = self.op(&left)?;
        let right = match op.node.arity() {
            Arity::None => Right::Nothing,
            Arity::One => self.scalar(op.node)?,
            Arity::List => self.list_or_one(op.node)?,
        };
        let span = Span::new(left.span.start, self.pos);
        Ok(Spanned::new(
            ExprKind::Check(Check { left, op, right }),
            span,
        ))
    }

    /// The left side of a comparison; names that can only be macros end here.
    fn left(&mut self) -> Result<Operand, Error> {
        let start = self.pos;
        let Some(name) = self.peek_name() else {
            return Err(self.no_condition());
        };
        if matches!(name, "and" | "or" | "not") {
            return Err(self.no_condition());
        }
        if name == "val" && self.call_follows(name) {
            return Err(Error::new(
                ErrorKind::Syntax,
                Span::new(start, start + name.len()),
                "`val()` stands on the left",
            )
            .expected("a field or a transformer")
            .suggest("`val()` marks a field on the right-hand side; leave it out here"));
        }
        let operand = self.operand()?;
        if let OperandKind::Field {
            name,
            argument: None,
        } = &operand.node
            && !name.contains('.')
            && !self.operator_follows()
        {
            return Err(self.bare_name(name, operand.span));
        }
        Ok(operand)
    }

    /// A name alone: another tool's macro, or a slip in a keyword.
    fn bare_name(&self, name: &str, span: Span) -> Error {
        let lower = name.to_ascii_lowercase();
        if matches!(lower.as_str(), "and" | "or" | "not") {
            return Error::new(ErrorKind::Syntax, span, format!("unexpected `{name}`"))
                .suggest(format!("keywords are lower case: `{lower}`"));
        }
        Error::new(
            ErrorKind::Macro,
            span,
            format!("`{name}` is not a condition"),
        )
        .expected("a field with an operator")
        .suggest("macros are not supported: write out what it stands for")
    }

    /// A field or a transformer call.
    fn operand(&mut self) -> Result<Operand, Error> {
        let start = self.pos;
        let Some(name) = self.peek_name() else {
            return Err(self.unexpected("a field or a transformer"));
        };
        let span = Span::new(start, start + name.len());
        if !name.contains('.') && self.call_follows(name) {
            let Some(function) = Function::from_name(name) else {
                let known = Function::ALL.map(Function::as_str);
                return Err(Error::new(
                    ErrorKind::Syntax,
                    span,
                    format!("unknown transformer `{name}`"),
                )
                .expected(format!("one of {}", known.join(", ")))
                .did_you_mean(nearest(name, known)));
            };
            self.pos = span.end;
            return self.call(function, start);
        }
        self.pos = span.end;
        let argument = if self.peek() == Some('[') {
            Some(self.argument()?)
        } else {
            None
        };
        let kind = OperandKind::Field {
            name: name.to_owned(),
            argument,
        };
        Ok(Spanned::new(kind, Span::new(start, self.pos)))
    }

    /// `[text]`, the cursor on the bracket.
    fn argument(&mut self) -> Result<Literal, Error> {
        let open = self.pos;
        self.eat('[');
        self.blanks();
        let text = match self.peek() {
            Some('"' | '\'') => self.quoted()?,
            _ => self.run(|c| !token::is_blank(c) && !"[]\"'".contains(c)),
        };
        if text.span.start == text.span.end {
            return Err(
                self.unexpected("a field argument: a quoted string, or text without blanks")
            );
        }
        self.blanks();
        if !self.eat(']') {
            if self.at_end() {
                return Err(Error::new(
                    ErrorKind::Syntax,
                    Span::new(open, open + 1),
                    "the bracket `[` is never closed",
                )
                .expected("`]` after the field argument"));
            }
            return Err(self.unexpected("`]` after the field argument"));
        }
        Ok(text)
    }

    /// The brackets of a transformer, the cursor behind its name.
    fn call(&mut self, function: Function, start: usize) -> Result<Operand, Error> {
        self.enter(start)?;
        self.skip();
        let arguments = self.operands(true)?;
        self.depth -= 1;
        let selector = if self.peek() == Some('[') {
            Some(self.argument()?)
        } else {
            None
        };
        let kind = OperandKind::Call {
            function,
            arguments,
            selector,
        };
        Ok(Spanned::new(kind, Span::new(start, self.pos)))
    }

    /// `(a, b)` inside a transformer, the cursor on the bracket.
    fn operands(&mut self, lists: bool) -> Result<Vec<Operand>, Error> {
        let open = self.pos;
        self.eat('(');
        let mut items = Vec::new();
        loop {
            self.skip();
            if items.is_empty() && self.eat(')') {
                return Ok(items);
            }
            items.push(self.inner_operand(lists)?);
            self.skip();
            if self.eat(')') {
                return Ok(items);
            }
            if !self.eat(',') {
                return Err(self.unclosed(open, "`,` or `)`"));
            }
        }
    }

    fn inner_operand(&mut self, lists: bool) -> Result<Operand, Error> {
        let start = self.pos;
        match self.peek() {
            Some('"' | '\'') => {
                let text = self.quoted()?;
                Ok(Spanned::new(OperandKind::Literal(text.node), text.span))
            }
            Some('(') if lists => {
                let items = self.operands(false)?;
                Ok(Spanned::new(
                    OperandKind::List(items),
                    Span::new(start, self.pos),
                ))
            }
            Some(c) if c.is_ascii_digit() || c == '-' || c == '+' => {
                let text = self.run(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
                Ok(Spanned::new(OperandKind::Literal(text.node), text.span))
            }
            _ => {
                let expected = if lists {
                    "a field, a transformer, quoted text, a number or a list"
                } else {
                    "a field, a transformer, quoted text or a number"
                };
                let Some(name) = self.peek_name() else {
                    return Err(self.unexpected(expected));
                };
                if !name.contains('.') && !self.call_follows(name) {
                    return Err(self
                        .unexpected(expected)
                        .suggest(format!("quote it if it is text: `\"{name}\"`")));
                }
                self.operand()
            }
        }
    }

    fn op(&mut self, left: &Operand) -> Result<Spanned<Op>, Error> {
        self.skip();
        match self.peek_op() {
            Some((op, length)) => {
                let span = Span::new(self.pos, self.pos + length);
                self.pos += length;
                Ok(Spanned::new(op, span))
            }
            None => Err(self.no_operator(left)),
        }
    }

    fn operator_follows(&mut self) -> bool {
        let before = self.pos;
        self.skip();
        let found = self.peek_op().is_some();
        self.pos = before;
        found
    }

    fn no_operator(&self, left: &Operand) -> Error {
        let alone = self.at_end() || self.peek() == Some(')') || self.keyword_here().is_some();
        if alone {
            return Error::new(
                ErrorKind::Syntax,
                left.span,
                format!("`{}` stands alone", left.node),
            )
            .expected("an operator after it")
            .suggest(format!(
                "for example `{0} exists`, or `{0} = true` for a boolean",
                left.node
            ));
        }
        let names = Op::ALL.map(Op::as_str);
        let word = self.word_here();
        let meant = match word {
            "is" | "eq" | "equals" => Some("="),
            "ne" | "<>" => Some("!="),
            "like" => Some("glob"),
            "matches" | "~" | "=~" => Some("regex"),
            _ => nearest(word, names),
        };
        match meant {
            Some(_) => self.unexpected("an operator").did_you_mean(meant),
            None => self.unexpected(format!("an operator: {}", names.join(" "))),
        }
    }

    /// What follows an operator that takes one value.
    fn scalar(&mut self, op: Op) -> Result<Right, Error> {
        // No comments here: a value may start with `#`.
        self.blanks();
        if let Some(operand) = self.right_operand()? {
            return Ok(Right::Operand(operand));
        }
        if let Some(right) = self.modifier()? {
            return Ok(right);
        }
        match self.peek() {
            None => Err(self.unexpected("a value")),
            Some('"' | '\'') => self.quoted().map(Right::Constant),
            Some('(') => {
                let error = self.unexpected(format!("one value after `{op}`"));
                Err(match op {
                    Op::Eq => error.suggest("a list goes with `in`"),
                    Op::Ne => error.suggest("a list goes with `not FIELD in`"),
                    op if op.is_order() => error,
                    op => error.suggest(format!("a list goes with `{op} oneof`")),
                })
            }
            Some('=') => Err(self
                .unexpected("a value")
                .suggest("quote a value that starts with `=`")),
            Some(_) => {
                let value = self.run(|c| !token::is_blank(c) && c != '(' && c != ')');
                if value.span.start == value.span.end {
                    return Err(self.unexpected("a value"));
                }
                self.not_a_keyword(&value)?;
                Ok(Right::Constant(value))
            }
        }
    }

    /// `= and x.y=1` lacks its value; `= and` at the end compares with the word.
    fn not_a_keyword(&mut self, value: &Literal) -> Result<(), Error> {
        let word = match value.node.as_slice() {
            b"and" => "and",
            b"or" => "or",
            _ => return Ok(()),
        };
        let after = self.pos;
        self.skip();
        let value_missing =
            !(self.at_end() || self.peek() == Some(')') || self.keyword_here().is_some());
        self.pos = after;
        if !value_missing {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Syntax,
            value.span,
            format!("a value is missing before `{word}`"),
        )
        .suggest(format!("quote it if it is the value: `\"{word}\"`")))
    }

    /// `oneof (…)`, `anyof (…)`, `allof (…)`. Without a list the word is an ordinary value.
    fn modifier(&mut self) -> Result<Option<Right>, Error> {
        let Some(word @ ("oneof" | "anyof" | "allof")) = self.peek_name() else {
            return Ok(None);
        };
        let start = self.pos;
        self.pos += word.len();
        self.skip();
        let one_word = match self.peek_name() {
            Some(next) => {
                !next.contains('.')
                    && self.keyword_here().is_none()
                    && self.pos > start + word.len()
            }
            None => false,
        };
        let list = if self.peek() == Some('(') {
            self.list()?
        } else if one_word {
            let item = self.list_item()?;
            let span = item.span;
            Spanned::new(vec![item], span)
        } else {
            self.pos = start;
            return Ok(None);
        };
        Ok(Some(if word == "allof" {
            Right::AllOf(list)
        } else {
            Right::OneOf(list)
        }))
    }

    /// `val(FIELD)` or a transformer on the right.
    fn right_operand(&mut self) -> Result<Option<Operand>, Error> {
        let start = self.pos;
        let Some(name) = self.peek_name() else {
            return Ok(None);
        };
        if !self.call_follows(name) {
            return Ok(None);
        }
        if name != "val" {
            return match Function::from_name(name) {
                Some(_) => self.operand().map(Some),
                None => Ok(None),
            };
        }
        self.pos += name.len();
        self.skip();
        let open = self.pos;
        self.eat('(');
        self.skip();
        let inner = match self.peek_name() {
            Some(inner) if inner.contains('.') => self.operand()?,
            Some(inner) if self.call_follows(inner) => {
                return Err(self
                    .unexpected("a field inside `val()`")
                    .suggest("a transformer needs no `val()` around it"));
            }
            _ => return Err(self.unexpected("a field inside `val()`")),
        };
        self.skip();
        if !self.eat(')') {
            return Err(self.unclosed(open, "`)` after the field"));
        }
        Ok(Some(Spanned::new(inner.node, Span::new(start, self.pos))))
    }

    /// What follows an operator that takes a list: a list, an operand, or a single value.
    fn list_or_one(&mut self, op: Op) -> Result<Right, Error> {
        self.skip();
        if self.peek() == Some('(') {
            return self.list().map(Right::List);
        }
        if let Some(operand) = self.right_operand()? {
            return Ok(Right::Operand(operand));
        }
        if self.at_end() || self.peek() == Some(')') {
            return Err(self.unexpected(format!("a list after `{op}`, such as `(a, b)`")));
        }
        let item = self.list_item()?;
        self.not_a_keyword(&item)?;
        if self.peek() == Some(',') {
            return Err(self
                .unexpected("a list in brackets")
                .suggest("write `(a, b)`"));
        }
        let span = item.span;
        Ok(Right::List(Spanned::new(vec![item], span)))
    }

    /// `(a, b)`, the cursor on the bracket. A comma at the end is allowed.
    fn list(&mut self) -> Result<Spanned<Vec<Literal>>, Error> {
        let open = self.pos;
        self.eat('(');
        let mut items = Vec::new();
        loop {
            self.skip();
            if self.eat(')') {
                break;
            }
            if self.at_end() {
                return Err(self.unclosed(open, "a value or `)`"));
            }
            items.push(self.list_item()?);
            self.skip();
            if self.eat(')') {
                break;
            }
            if !self.eat(',') {
                let error = self.unclosed(open, "`,` or `)`");
                return Err(match self.at_end() {
                    true => error,
                    false => error.suggest("quote a value that contains blanks or brackets"),
                });
            }
        }
        Ok(Spanned::new(items, Span::new(open, self.pos)))
    }

    fn list_item(&mut self) -> Result<Literal, Error> {
        if let Some('"' | '\'') = self.peek() {
            return self.quoted();
        }
        let item = self.run(|c| !token::is_blank(c) && !"(),".contains(c));
        if item.span.start == item.span.end {
            return Err(self.unexpected("a value"));
        }
        Ok(item)
    }

    fn enter(&mut self, start: usize) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::new(
                ErrorKind::TooDeep,
                Span::new(start, start + 1),
                format!("the filter nests more than {MAX_DEPTH} levels deep"),
            )
            .suggest("a list (`in (…)`) or a chain of `or` needs no brackets inside"));
        }
        Ok(())
    }

    fn no_condition(&self) -> Error {
        let error = self.unexpected("a condition such as `proc.name = nginx`, or `(`");
        match self.word_here() {
            "!" | "NOT" => error.did_you_mean(Some("not")),
            word if word.starts_with('!') => error.did_you_mean(Some("not")),
            _ => error,
        }
    }

    /// The error for a bracket whose partner does not stand where it must.
    fn unclosed(&self, open: usize, expected: &str) -> Error {
        if self.at_end() {
            return Error::new(
                ErrorKind::Syntax,
                Span::new(open, open + 1),
                "the bracket `(` is never closed",
            )
            .expected(format!("{expected} before the end"));
        }
        self.unexpected(expected)
    }

    /// The error for text behind a complete condition.
    fn rubbish(&self, expected: &str) -> Error {
        let word = self.word_here();
        if self.peek() == Some(')') {
            return self
                .unexpected(expected)
                .suggest("this bracket was never opened");
        }
        let error = self.unexpected(expected);
        match word {
            "AND" | "&&" | "&" => error.did_you_mean(Some("and")),
            "OR" | "||" | "|" => error.did_you_mean(Some("or")),
            _ if word.starts_with("and") => error.suggest("put a blank after `and`"),
            _ if word.starts_with("or") => error.suggest("put a blank after `or`"),
            // Another condition or operator; `and` is what lacks.
            _ if word.contains(['.', '=']) => error,
            _ => error.suggest("quote a value that contains blanks or brackets"),
        }
    }
}
