//! Output templates: text with `%FIELD` in it.
//!
//! A template decides which fields a line has, in which order and width, and what happens when one
//! has no value. How a value looks is the caller's business: see [`Render`].

use crate::{
    Error, ErrorKind, Extract, Schema, SchemaError, Span, Value, ValueType,
    ast::{Function, Operand, OperandKind, Spanned},
    error::nearest,
    parse,
    term::{self, Term},
};

/// Widest column that can be asked for.
const MAX_WIDTH: usize = 65_535;

/// What a field without value leaves in a line that is printed all the same.
pub const NO_VALUE: &[u8] = b"<NA>";

/// Whether backslash escapes in a template's text are translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// `\n`, `\t`, `\e` (ESC) and `\\` are; other backslashes stay.
    Translate,
    /// Backslashes are ordinary characters.
    Keep,
}

/// A compiled output format such as `*%evt.num %10proc.name %evt.args`.
///
/// - A leading `*`: a field without value prints `<NA>`. Without it, an event for which any field
///   has no value prints nothing.
/// - `%10proc.name` pads with blanks on the right and cuts longer values.
/// - The field name is the longest known one at that place; whatever follows is text.
/// - `%%` is a percent sign.
#[derive(Clone, Debug)]
pub struct Template<F> {
    prints_missing: bool,
    segments: Vec<Segment<F>>,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum Segment<F> {
    /// Text printed as it is.
    Text(Vec<u8>),
    /// The value of a field or transformer.
    Field(Column<F>),
}

/// A field or transformer in a template.
#[derive(Clone, Debug)]
pub struct Column<F> {
    term: Term<F>,
    ty: ValueType,
    is_list: bool,
    width: Option<usize>,
    name: String,
    span: Span,
}

impl<F> Column<F> {
    /// The field, unless a transformer is applied to it.
    pub fn field(&self) -> Option<&F> {
        self.term.as_field()
    }

    /// Type of the value (of one element, for lists).
    pub fn value_type(&self) -> ValueType {
        self.ty
    }

    /// The value is a list.
    pub fn is_list(&self) -> bool {
        self.is_list
    }

    /// The width asked for.
    pub fn width(&self) -> Option<usize> {
        self.width
    }

    /// Pads or cuts to the width asked for what was written since `start`.
    pub fn fit(&self, out: &mut Vec<u8>, start: usize) {
        if let Some(width) = self.width {
            fit(out, start, width);
        }
    }

    /// The name for JSON and headings: the schema's display name, or the transformer as written.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it stands in the source.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The value for an event.
    #[inline]
    pub fn value<'v, E: Extract<F> + ?Sized>(&'v self, view: &'v E) -> Option<Value<'v>> {
        self.term.eval(view)
    }
}

/// Writes values as text; the caller of [`Template::write`] brings one.
///
/// Lists arrive element by element. Closures of the same shape are renderers.
pub trait Render<F> {
    /// Appends one value of `column` to `out`.
    fn render(&mut self, column: &Column<F>, value: &Value<'_>, out: &mut Vec<u8>);
}

impl<F, R: FnMut(&Column<F>, &Value<'_>, &mut Vec<u8>)> Render<F> for R {
    fn render(&mut self, column: &Column<F>, value: &Value<'_>, out: &mut Vec<u8>) {
        self(column, value, out);
    }
}

impl<F: Clone> Template<F> {
    /// Compiles a template.
    ///
    /// # Errors
    /// Unknown and filter-only fields, a `%` or a width without a field, an empty text. The spans
    /// refer to `source` as given, escapes untranslated.
    pub fn compile<S: Schema<Field = F>>(
        source: &str,
        escapes: Escapes,
        schema: &S,
    ) -> Result<Template<F>, Error> {
        if source.is_empty() {
            return Err(
                Error::new(ErrorKind::Empty, Span::default(), "the format is empty")
                    .expected("text with fields such as `%proc.name`"),
            );
        }
        let prints_missing = source.starts_with('*');
        let mut template = Template {
            prints_missing,
            segments: Vec::new(),
        };
        let mut pos = usize::from(prints_missing);
        while let Some(c) = source[pos..].chars().next() {
            let after = pos + c.len_utf8();
            let next = source[after..].chars().next();
            pos = match (c, next) {
                ('%', Some('%')) => {
                    template.push_text(b"%");
                    after + 1
                }
                ('%', _) => template.push_column(source, pos, schema)?,
                ('\\', Some(letter @ ('n' | 't' | 'e' | '\\')))
                    if escapes == Escapes::Translate =>
                {
                    template.push_text(match letter {
                        'n' => b"\n",
                        't' => b"\t",
                        'e' => b"\x1b",
                        _ => b"\\",
                    });
                    after + 1
                }
                _ => {
                    template.push_text(&source.as_bytes()[pos..after]);
                    after
                }
            };
        }
        Ok(template)
    }

    fn push_text(&mut self, bytes: &[u8]) {
        match self.segments.last_mut() {
            Some(Segment::Text(text)) => text.extend_from_slice(bytes),
            _ => self.segments.push(Segment::Text(bytes.to_vec())),
        }
    }

    /// Adds the column whose `%` is at `start`; returns where it ends.
    fn push_column<S: Schema<Field = F>>(
        &mut self,
        source: &str,
        start: usize,
        schema: &S,
    ) -> Result<usize, Error> {
        let digits = source[start + 1..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let name_at = start + 1 + digits;
        let width = width(source, start + 1, name_at)?;
        let (operand, end) = operand(source, start, name_at, schema)?;
        let (term, ty) = term::compile(&operand, schema)?;
        if ty.spec.as_ref().is_some_and(|spec| spec.filter_only) {
            return Err(Error::new(
                ErrorKind::FilterOnly,
                operand.span,
                format!("`{}` works in filters only", operand.node),
            )
            .expected("a field with a single value to print"));
        }
        let name = match term.as_field() {
            Some(field) => schema.display_name(field),
            None => operand.node.to_string(),
        };
        let span = Span::new(start, end);
        let column = Column {
            term,
            ty: ty.ty,
            is_list: ty.is_list,
            width,
            name,
            span,
        };
        self.segments.push(Segment::Field(column));
        Ok(end)
    }
}

impl<F> Template<F> {
    /// Whether the template begins with `*`: a missing value prints as [`NO_VALUE`].
    pub fn prints_missing(&self) -> bool {
        self.prints_missing
    }

    /// Texts and columns in order.
    pub fn segments(&self) -> &[Segment<F>] {
        &self.segments
    }

    /// The columns in order, without the text between them.
    pub fn columns(&self) -> impl Iterator<Item = &Column<F>> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Text(_) => None,
            Segment::Field(column) => Some(column),
        })
    }

    /// Every field the template looks at.
    pub fn fields(&self) -> Vec<&F> {
        let mut out = Vec::new();
        self.columns()
            .for_each(|column| column.term.fields(&mut out));
        out
    }

    /// Appends the line for an event, without a line break.
    ///
    /// Returns whether there is a line; when a value is missing and the template does not begin
    /// with `*`, there is none and `out` is as before.
    pub fn write<E, R>(&self, view: &E, render: &mut R, out: &mut Vec<u8>) -> bool
    where
        E: Extract<F> + ?Sized,
        R: Render<F> + ?Sized,
    {
        let line_start = out.len();
        for segment in &self.segments {
            match segment {
                Segment::Text(text) => out.extend_from_slice(text),
                Segment::Field(column) => {
                    let start = out.len();
                    match column.value(view) {
                        Some(value) => write_value(column, &value, render, out),
                        None if self.prints_missing => out.extend_from_slice(NO_VALUE),
                        None => {
                            out.truncate(line_start);
                            return false;
                        }
                    }
                    column.fit(out, start);
                }
            }
        }
        true
    }
}

/// Lists print as `(a,b)`, and so do the candidates of fields that have several.
fn write_value<F, R: Render<F> + ?Sized>(
    column: &Column<F>,
    value: &Value<'_>,
    render: &mut R,
    out: &mut Vec<u8>,
) {
    let (Value::List(items) | Value::AnyOf(items) | Value::Ends(items)) = value else {
        return render.render(column, value, out);
    };
    out.push(b'(');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        render.render(column, item, out);
    }
    out.push(b')');
}

/// Pads or cuts what was written since `start`; counts characters where it is UTF-8.
fn fit(out: &mut Vec<u8>, start: usize, width: usize) {
    let begins_character = |byte: u8| byte & 0xc0 != 0x80;
    let mut characters = 0;
    for at in start..out.len() {
        if !begins_character(out[at]) {
            continue;
        }
        if characters == width {
            out.truncate(at);
            return;
        }
        characters += 1;
    }
    out.resize(out.len() + width - characters, b' ');
}

fn width(source: &str, start: usize, end: usize) -> Result<Option<usize>, Error> {
    let digits = &source[start..end];
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse::<usize>() {
        Ok(0) => Ok(None),
        Ok(width) if width <= MAX_WIDTH => Ok(Some(width)),
        _ => Err(Error::new(
            ErrorKind::Syntax,
            Span::new(start, end),
            format!("the width `{digits}` is too large"),
        )
        .expected(format!("a width up to {MAX_WIDTH}"))),
    }
}

/// The field or transformer behind a `%` (at `percent`) and its width; with its end.
fn operand<S: Schema>(
    source: &str,
    percent: usize,
    start: usize,
    schema: &S,
) -> Result<(Operand, usize), Error> {
    let rest = &source[start..];
    let letters = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if Function::from_name(&rest[..letters]).is_some() && rest[letters..].starts_with('(') {
        return parse::parse_call(source, start);
    }
    let Some(length) = schema
        .longest_match(rest)
        .filter(|&n| n > 0 && rest.is_char_boundary(n))
    else {
        return Err(no_field(source, percent, start, schema));
    };
    let name = &rest[..length];
    let mut end = start + length;
    let takes_bracket = match schema.resolve(name, None) {
        Ok((_, spec)) => spec.bracket,
        // Perhaps because its argument is missing.
        Err(_) => true,
    };
    let mut argument = None;
    if takes_bracket && source[end..].starts_with('[') {
        let (text, after) = parse::parse_argument(source, end)?;
        argument = Some(text);
        end = after;
    }
    let kind = OperandKind::Field {
        name: name.to_owned(),
        argument,
    };
    Ok((Spanned::new(kind, Span::new(start, end)), end))
}

/// The error for a `%` without a known field behind it.
fn no_field<S: Schema>(source: &str, percent: usize, start: usize, schema: &S) -> Error {
    let rest = &source[start..];
    let word = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.')
        .map_or(rest, |end| &rest[..end])
        .trim_end_matches('.');
    if word.is_empty() {
        let what = if start > percent + 1 {
            "a width"
        } else {
            "`%`"
        };
        let error = Error::new(
            ErrorKind::Syntax,
            Span::new(percent, start),
            format!("{what} without a field behind it"),
        )
        .expected("a field such as `%proc.name`");
        return match rest.chars().next() {
            Some('-') => error.suggest("there is no right alignment; leave the `-` out"),
            _ => error.suggest("write `%%` for a percent sign"),
        };
    }
    if rest[word.len()..].starts_with('(') {
        let known = Function::ALL.map(Function::as_str);
        return Error::new(
            ErrorKind::Syntax,
            Span::new(start, start + word.len()),
            format!("unknown transformer `{word}`"),
        )
        .did_you_mean(nearest(word, known));
    }
    // A known name that cannot be resolved as it stands explains itself best.
    let message = match schema.resolve(word, None) {
        Err(refusal) => refusal,
        Ok(_) => SchemaError {
            message: format!("unknown field `{word}`"),
            suggestion: None,
        },
    };
    let near = message
        .suggestion
        .or_else(|| schema.suggest(word).into_iter().next());
    Error::new(
        ErrorKind::UnknownField,
        Span::new(start, start + word.len()),
        message.message,
    )
    .did_you_mean(near)
}
