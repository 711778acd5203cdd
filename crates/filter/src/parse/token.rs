//! Reading of single tokens: blanks, comments, names, operators, quoted and bare text.

use super::Parser;
use crate::{
    Op,
    ast::{Literal, Spanned},
    error::{Error, ErrorKind, Span},
};

/// Blanks of the language; backspace is among them by tradition.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{8}' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'s> Parser<'s> {
    pub(super) fn rest(&self) -> &'s str {
        &self.src[self.pos..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos == self.src.len()
    }

    pub(super) fn here(&self) -> Span {
        Span::new(self.pos, self.pos)
    }

    pub(super) fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.pos += c.len_utf8();
        }
        found
    }

    /// Skips blanks.
    pub(super) fn blanks(&mut self) {
        self.pos = self.src.len() - self.rest().trim_start_matches(is_blank).len();
    }

    /// Skips blanks and comments.
    pub(super) fn skip(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some('#') {
                return;
            }
            let rest = self.rest();
            self.pos += rest.find(['\n', '\r']).unwrap_or(rest.len());
        }
    }

    /// Reads characters as long as `member` holds.
    pub(super) fn run(&mut self, member: impl Fn(char) -> bool) -> Literal {
        let rest = self.rest();
        let length = rest.find(|c| !member(c)).unwrap_or(rest.len());
        let span = Span::new(self.pos, self.pos + length);
        self.pos = span.end;
        Spanned::new(rest.as_bytes()[..length].to_vec(), span)
    }

    /// The keyword at the cursor, if it is followed by a blank, a bracket or the end.
    pub(super) fn keyword_here(&self) -> Option<&'static str> {
        ["and", "or", "not"]
            .into_iter()
            .find(|word| self.keyword(word))
    }

    fn keyword(&self, word: &str) -> bool {
        match self.rest().strip_prefix(word) {
            Some(after) => after
                .chars()
                .next()
                .is_none_or(|c| is_blank(c) || c == '(' || c == '#'),
            None => false,
        }
    }

    pub(super) fn eat_keyword(&mut self, word: &str) -> bool {
        let found = self.keyword(word);
        if found {
            self.pos += word.len();
        }
        found
    }

    /// The name at the cursor: letters, digits and `_`, in parts joined by dots. From the second
    /// part on, `-` and `/` may stand between two of these, for label keys.
    pub(super) fn peek_name(&self) -> Option<&'s str> {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        }
        let mut dotted = false;
        let mut chars = rest.char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            let joint = c == '.' || (dotted && (c == '-' || c == '/'));
            let goes_on = match joint {
                true => chars.peek().is_some_and(|&(_, next)| is_word(next)),
                false => is_word(c),
            };
            if !goes_on {
                return Some(&rest[..i]);
            }
            dotted |= c == '.';
        }
        Some(rest)
    }

    /// Whether `name`, at the cursor, is followed by an opening bracket.
    pub(super) fn call_follows(&self, name: &str) -> bool {
        self.rest()[name.len()..]
            .trim_start_matches(is_blank)
            .starts_with('(')
    }

    /// The operator at the cursor with its length.
    pub(super) fn peek_op(&self) -> Option<(Op, usize)> {
        let rest = self.rest();
        // Another language's `regex`; `=~/.bashrc` compares with a path.
        if rest
            .strip_prefix("=~")
            .is_some_and(|after| after.starts_with(is_blank))
        {
            return None;
        }
        for (text, op) in [
            ("==", Op::Eq),
            ("=", Op::Eq),
            ("!=", Op::Ne),
            ("<=", Op::Le),
            (">=", Op::Ge),
        ] {
            if rest.starts_with(text) {
                return Some((op, text.len()));
            }
        }
        for (text, op) in [("<", Op::Lt), (">", Op::Gt)] {
            // `<>` is another language's `!=`.
            if rest.starts_with(text) && !rest.starts_with("<>") {
                return Some((op, text.len()));
            }
        }
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let op = Op::ALL
            .into_iter()
            .find(|op| op.as_str() == &rest[..length])?;
        Some((op, length))
    }

    /// What stands at the cursor, for messages: up to the next blank or bracket.
    pub(super) fn word_here(&self) -> &'s str {
        let rest = self.rest();
        let ends = |c: char| is_blank(c) || "(),".contains(c);
        let end = rest.find(ends).unwrap_or(rest.len());
        let end = if end == 0 {
            rest.chars().next().map_or(0, char::len_utf8)
        } else {
            end
        };
        &rest[..end]
    }

    /// The error for finding something else than `expected` at the cursor.
    pub(super) fn unexpected(&self, expected: impl Into<String>) -> Error {
        if self.at_end() {
            return Error::new(ErrorKind::Syntax, self.here(), "the filter ends too early")
                .expected(expected);
        }
        let word = self.word_here();
        let span = Span::new(self.pos, self.pos + word.len());
        let mut shown: String = word.chars().take(40).collect();
        if shown.len() < word.len() {
            shown.push('…');
        }
        Error::new(ErrorKind::Syntax, span, format!("unexpected `{shown}`")).expected(expected)
    }

    /// A quoted string, the cursor on the quote.
    pub(super) fn quoted(&mut self) -> Result<Literal, Error> {
        let start = self.pos;
        let quote = self.peek().unwrap_or('"');
        self.pos += quote.len_utf8();
        let mut text = Vec::new();
        while let Some(c) = self.peek() {
            if c == quote {
                self.pos += c.len_utf8();
                return Ok(Spanned::new(text, Span::new(start, self.pos)));
            }
            if c == '\\' {
                text.push(self.escape(quote)?);
            } else {
                self.pos += c.len_utf8();
                text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        Err(Error::new(
            ErrorKind::Syntax,
            Span::new(start, start + 1),
            format!("the quote {quote} is never closed"),
        )
        .expected(format!("another {quote} at the end of the value")))
    }

    /// An escape inside quotes, the cursor on the backslash.
    fn escape(&mut self, quote: char) -> Result<u8, Error> {
        let start = self.pos;
        self.pos += 1;
        let c = self.peek();
        self.pos += c.map_or(0, char::len_utf8);
        Ok(match c {
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => b'\n',
            Some('r') => b'\r',
            Some('t') => b'\t',
            // A backslash before a blank stands for itself and swallows the blank, as rules
            // written with superfluous escapes rely on.
            Some('\\' | ' ') => b'\\',
            Some('/') => b'/',
            Some(c) if c == quote => c as u8,
            Some('x') => {
                let digits = self.rest().get(..2).unwrap_or("");
                let digits = if digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                    digits
                } else {
                    ""
                };
                let Ok(byte) = u8::from_str_radix(digits, 16) else {
                    return Err(Error::new(
                        ErrorKind::Syntax,
                        Span::new(start, self.pos),
                        "incomplete escape `\\x`",
                    )
                    .expected("two hex digits after it, such as `\\x0a`"));
                };
                self.pos += 2;
                byte
            }
            _ => {
                let text = &self.src[start..self.pos];
                return Err(Error::new(
                    ErrorKind::Syntax,
                    Span::new(start, self.pos),
                    format!("unknown escape `{text}`"),
                )
                .expected(format!(
                    "one of \\b \\f \\n \\r \\t \\\\ \\/ \\{quote} \\xHH"
                ))
                .suggest("write a backslash as `\\\\`"));
            }
        })
    }
}
