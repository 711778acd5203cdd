//! Errors and warnings about a filter or format, and how they are shown.

use std::fmt;

/// A range of bytes of the source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte; equal to `start` for a place between two bytes.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The smallest range that covers both.
    pub fn to(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// What kind of mistake an [`Error`] reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is empty.
    Empty,
    /// The text does not follow the grammar.
    Syntax,
    /// A name stands alone where a comparison must stand (a macro of other tools).
    Macro,
    /// Brackets, `not` or transformers nest too deeply.
    TooDeep,
    /// A field that does not exist, or an argument it does not take.
    UnknownField,
    /// A constant that the field's type does not accept.
    BadConstant,
    /// An operator that the field's type does not know.
    BadOperator,
    /// Two sides, or a transformer and its input, whose types do not fit.
    TypeMismatch,
    /// A field that only filters may use, in a format.
    FilterOnly,
}

/// Why a filter or a format is refused.
///
/// `Display` gives the first line only; [`Error::render`] adds the source with a caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The kind of mistake.
    pub kind: ErrorKind,
    /// Where it is.
    pub span: Span,
    /// What is wrong: lower-case start, no final stop, the user's text in backquotes.
    pub message: String,
    /// What would be right here, without the word "expected".
    pub expected: Option<String>,
    /// What to do, a whole phrase (``did you mean `proc.name`?``).
    pub suggestion: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, span: Span, message: impl Into<String>) -> Error {
        Error {
            kind,
            span,
            message: message.into(),
            expected: None,
            suggestion: None,
        }
    }

    pub(crate) fn expected(mut self, what: impl Into<String>) -> Error {
        self.expected = Some(what.into());
        self
    }

    pub(crate) fn suggest(mut self, what: impl Into<String>) -> Error {
        self.suggestion = Some(what.into());
        self
    }

    pub(crate) fn did_you_mean(mut self, name: Option<impl fmt::Display>) -> Error {
        if let Some(name) = name {
            self.suggestion = Some(format!("did you mean `{name}`?"));
        }
        self
    }

    /// The message with the line of the source it is about and a caret under the place.
    ///
    /// `source` must be the text the filter was compiled from. No line break at the end.
    ///
    /// ```text
    /// unknown field `proc.nmae`
    ///   proc.nmae=nginx and fd.port=443
    ///   ^^^^^^^^^ did you mean `proc.name`?
    /// ```
    pub fn render(&self, source: &str) -> String {
        let expected = self.expected.as_ref().map(|e| format!("expected {e}"));
        let notes: Vec<&str> = expected
            .as_deref()
            .into_iter()
            .chain(self.suggestion.as_deref())
            .collect();
        render(&self.message, self.span, &notes.join("; "), source)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A filter that is accepted but probably does not say what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The part of the filter it is about.
    pub span: Span,
    /// What is odd, worded as an [`Error`]'s message.
    pub message: String,
    /// The reason, or what to do.
    pub note: Option<String>,
}

impl Warning {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Warning {
        Warning {
            span,
            message: message.into(),
            note: None,
        }
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Warning {
        self.note = Some(note.into());
        self
    }

    /// As [`Error::render`].
    pub fn render(&self, source: &str) -> String {
        render(
            &self.message,
            self.span,
            self.note.as_deref().unwrap_or(""),
            source,
        )
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Longest piece of a source line shown, in characters; more would wrap and displace the caret.
const WINDOW: usize = 100;

fn render(message: &str, span: Span, note: &str, source: &str) -> String {
    if source.trim().is_empty() {
        return match note {
            "" => message.to_owned(),
            note => format!("{message}\n  {note}"),
        };
    }
    let place = floor_boundary(source, span.start);
    let line_start = source[..place].rfind(['\n', '\r']).map_or(0, |i| i + 1);
    let line_end = source[place..]
        .find(['\n', '\r'])
        .map_or(source.len(), |i| place + i);
    let line = &source[line_start..line_end];
    let several = source.trim_end().contains(['\n', '\r']);

    // Columns in characters; a place at the end of the line is one past its last character.
    let column = source[line_start..place].chars().count();
    let end = floor_boundary(source, span.end.min(line_end)).max(place);
    let width = source[place..end].chars().count().max(1);

    let length = line.chars().count();
    let first = if length <= WINDOW {
        0
    } else {
        column.saturating_sub(WINDOW / 3)
    };
    let shown: String = line.chars().skip(first).take(WINDOW).map(visible).collect();
    let (before, after) = (
        if first > 0 { "…" } else { "" },
        if first + WINDOW < length { "…" } else { "" },
    );
    let carets = width.min((first + WINDOW).saturating_sub(column)).max(1);
    let indent = column - first + before.chars().count();

    let mut out = String::new();
    if several {
        let number = line_number(&source[..line_start]);
        out.push_str(&format!("line {number}: "));
    }
    out.push_str(&format!("{message}\n  {before}{shown}{after}\n  "));
    out.extend(std::iter::repeat_n(' ', indent));
    out.extend(std::iter::repeat_n('^', carets));
    if !note.is_empty() {
        out.push(' ');
        out.push_str(note);
    }
    out
}

/// One column per character, whatever the terminal thinks of it.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

fn line_number(before: &str) -> usize {
    // CR LF is one break.
    1 + before.matches('\n').count() + before.replace("\r\n", "").matches('\r').count()
}

fn floor_boundary(text: &str, mut index: usize) -> usize {
    index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// The candidate nearest to `word`, if one is near enough to be what was meant.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = match word.chars().count() {
        0..=2 => 1,
        3..=6 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .map(|c| (distance(word, c), c))
        .filter(|&(d, c)| d <= limit && d < c.chars().count())
        .min_by_key(|&(d, _)| d)
        .map(|(_, c)| c)
}

/// Edits between two words; exchanging two neighbours is one edit.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (rows[i - 1][j] + 1)
                .min(row[j - 1] + 1)
                .min(rows[i - 1][j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(rows[i - 2][j - 2] + 1);
            }
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(span: Span) -> Error {
        Error::new(ErrorKind::UnknownField, span, "unknown field `proc.nmae`")
            .did_you_mean(Some("proc.name"))
    }

    #[test]
    fn the_caret_stands_under_the_span() {
        let source = "proc.nmae=nginx and fd.port=443";
        assert_eq!(
            unknown(Span::new(0, 9)).render(source),
            "unknown field `proc.nmae`\n  proc.nmae=nginx and fd.port=443\n  ^^^^^^^^^ did you mean \
             `proc.name`?"
        );
    }

    #[test]
    fn a_filter_of_several_lines_shows_the_right_one() {
        let source = "evt.type=open\r\n  and proc.nmae=é\n  and evt.num=1";
        let at = source.find("proc.nmae").unwrap();
        assert_eq!(
            unknown(Span::new(at, at + 9)).render(source),
            "line 2: unknown field `proc.nmae`\n    and proc.nmae=é\n        ^^^^^^^^^ did you mean \
             `proc.name`?"
        );
    }

    #[test]
    fn the_end_of_the_text_has_a_place() {
        let error = Error::new(ErrorKind::Syntax, Span::new(12, 12), "a value is missing");
        assert_eq!(
            error.expected("a value").render("proc.name = "),
            "a value is missing\n  proc.name = \n              ^ expected a value"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let source = format!("{} proc.nmae=x {}", "a".repeat(300), "b".repeat(300));
        let shown = unknown(Span::new(301, 310)).render(&source);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[1].chars().count(), 2 + WINDOW + 2);
        let caret = lines[2].find('^').unwrap();
        let under: String = lines[1].chars().skip(caret).take(9).collect();
        assert_eq!(under, "proc.nmae");
    }

    #[test]
    fn spans_outside_the_text_do_not_panic() {
        for (start, end) in [(0, 100), (50, 60), (3, 1), (usize::MAX, usize::MAX)] {
            unknown(Span::new(start, end)).render("é\n\u{1b}x");
        }
    }

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("contians", ["contains", "in"]), Some("contains"));
        assert_eq!(nearest("x", ["in", "contains"]), None);
    }
}
