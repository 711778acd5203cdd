//! Compiled operands: fields, transformers, and what they yield for an event.

use std::borrow::Cow;

use crate::{
    Extract, FieldSpec, Schema, Value, ValueType,
    ast::{Function, Literal, Operand, OperandKind},
    compile::field,
    error::{Error, ErrorKind, Span},
    transform,
};

/// Something that yields a value for an event.
#[derive(Clone, Debug)]
pub(crate) enum Term<F> {
    Field(F),
    Text(Vec<u8>),
    List(Vec<Term<F>>),
    Call {
        function: Function,
        arguments: Vec<Term<F>>,
        selector: Option<u8>,
    },
}

/// What a term yields.
#[derive(Clone, Debug)]
pub(crate) struct TermType {
    pub(crate) ty: ValueType,
    pub(crate) is_list: bool,
    /// The specification, when the term is a plain field.
    pub(crate) spec: Option<FieldSpec>,
}

impl TermType {
    fn scalar(ty: ValueType) -> Self {
        TermType {
            ty,
            is_list: false,
            spec: None,
        }
    }

    fn list(ty: ValueType) -> Self {
        TermType {
            ty,
            is_list: true,
            spec: None,
        }
    }
}

/// In a sentence, with its article.
impl std::fmt::Display for TermType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.is_list {
            true => write!(f, "a list of {}", self.ty),
            false => f.write_str(self.ty.phrase()),
        }
    }
}

impl<F> Term<F> {
    /// The field, unless something is done to it.
    pub(crate) fn as_field(&self) -> Option<&F> {
        match self {
            Term::Field(field) => Some(field),
            _ => None,
        }
    }

    /// Adds every field the value depends on.
    pub(crate) fn fields<'t>(&'t self, out: &mut Vec<&'t F>) {
        match self {
            Term::Field(field) => out.push(field),
            Term::Text(_) => {}
            Term::List(items)
            | Term::Call {
                arguments: items, ..
            } => {
                items.iter().for_each(|item| item.fields(out));
            }
        }
    }

    /// The value for an event; one missing input makes it missing.
    pub(crate) fn eval<'v, E: Extract<F> + ?Sized>(&'v self, view: &'v E) -> Option<Value<'v>> {
        match self {
            Term::Field(field) => view.extract(field),
            Term::Text(text) => Some(Value::Text(Cow::Borrowed(text))),
            Term::List(items) => items
                .iter()
                .map(|item| item.eval(view))
                .collect::<Option<_>>()
                .map(Value::List),
            Term::Call {
                function,
                arguments,
                selector,
            } => {
                let mut values = arguments.iter().map(|argument| argument.eval(view));
                let first = values.next()??;
                match function {
                    Function::ToLower => transform::each(first, transform::to_lower),
                    Function::ToUpper => transform::each(first, transform::to_upper),
                    Function::B64 => transform::each(first, transform::b64),
                    Function::Basename => transform::each(first, transform::basename),
                    Function::Len => transform::len(first),
                    Function::Join => transform::join(&first, &values.next()??),
                    Function::Concat => transform::concat(first, values),
                    Function::GetOpt => transform::getopt(&first, &values.next()??, *selector),
                }
            }
        }
    }
}

/// Compiles an operand.
pub(crate) fn compile<S: Schema>(
    operand: &Operand,
    schema: &S,
) -> Result<(Term<S::Field>, TermType), Error> {
    match &operand.node {
        OperandKind::Field { name, argument } => {
            let (field, spec) = field(schema, name, argument.as_ref(), operand.span)?;
            let ty = TermType {
                ty: spec.ty,
                is_list: spec.is_list,
                spec: Some(spec),
            };
            Ok((Term::Field(field), ty))
        }
        OperandKind::Literal(text) => {
            Ok((Term::Text(text.clone()), TermType::scalar(ValueType::Text)))
        }
        OperandKind::List(items) => {
            let mut terms = Vec::new();
            for item in items {
                let (term, ty) = input(item, schema)?;
                if ty.is_list || !ty.ty.is_text() {
                    return Err(mismatch(item.span, format!("`{}` is {ty}", item.node))
                        .expected("text as element of a list"));
                }
                terms.push(term);
            }
            Ok((Term::List(terms), TermType::list(ValueType::Text)))
        }
        OperandKind::Call {
            function,
            arguments,
            selector,
        } => call(
            *function,
            arguments,
            selector.as_ref(),
            operand.span,
            schema,
        ),
    }
}

/// Compiles an operand that a transformer works on.
fn input<S: Schema>(operand: &Operand, schema: &S) -> Result<(Term<S::Field>, TermType), Error> {
    let (term, ty) = compile(operand, schema)?;
    if ty.spec.as_ref().is_some_and(|spec| spec.no_transformer) {
        return Err(mismatch(
            operand.span,
            format!("`{}` cannot stand in a transformer", operand.node),
        ));
    }
    Ok((term, ty))
}

fn call<S: Schema>(
    function: Function,
    arguments: &[Operand],
    selector: Option<&Literal>,
    span: Span,
    schema: &S,
) -> Result<(Term<S::Field>, TermType), Error> {
    let name = function.as_str();
    let (shape, least, most) = match function {
        Function::Join => ("join(SEPARATOR, LIST)", 2, 2),
        Function::GetOpt => ("getopt(LIST, OPTIONS)", 2, 2),
        Function::Concat => ("concat(A, B, …)", 2, usize::MAX),
        Function::Len => ("len(VALUE)", 1, 1),
        Function::Basename => ("basename(PATH)", 1, 1),
        Function::ToLower => ("tolower(TEXT)", 1, 1),
        Function::ToUpper => ("toupper(TEXT)", 1, 1),
        Function::B64 => ("b64(TEXT)", 1, 1),
    };
    if !(least..=most).contains(&arguments.len()) {
        let found = match arguments.len() {
            0 => "nothing".to_owned(),
            1 => "one argument".to_owned(),
            n => format!("{n} arguments"),
        };
        return Err(
            mismatch(span, format!("`{name}` is given {found}")).expected(format!("`{shape}`"))
        );
    }
    let mut terms = Vec::new();
    let mut types = Vec::new();
    for argument in arguments {
        let (term, ty) = input(argument, schema)?;
        terms.push(term);
        types.push(ty);
    }
    for (i, (ty, argument)) in types.iter().zip(arguments).enumerate() {
        let wanted = match (function, i) {
            (Function::Join, 1) => (!ty.is_list || !ty.ty.is_text()).then_some("a list of text"),
            (Function::GetOpt, 0) => (!ty.is_list || !ty.ty.is_text()).then_some("a list of text"),
            (Function::Len, _) => {
                let counted = ty.is_list || ty.ty.is_text() || ty.ty == ValueType::Bytes;
                (!counted).then_some("text, bytes or a list")
            }
            (Function::B64, _) => {
                let encoded = !ty.is_list && (ty.ty.is_text() || ty.ty == ValueType::Bytes);
                (!encoded).then_some("text or bytes")
            }
            _ => (ty.is_list || !ty.ty.is_text()).then_some("text"),
        };
        if let Some(wanted) = wanted {
            return Err(
                mismatch(argument.span, format!("`{}` is {ty}", argument.node))
                    .expected(format!("{wanted} in `{shape}`")),
            );
        }
    }
    let selector = match selector {
        None => None,
        Some(text) if function != Function::GetOpt => {
            return Err(mismatch(
                text.span,
                format!("`{name}` takes no argument in brackets"),
            ));
        }
        Some(text) => match text.node.as_slice() {
            [letter] => Some(*letter),
            _ => {
                return Err(mismatch(text.span, "`getopt` selects by a single letter")
                    .expected("one option letter, such as `[c]`"));
            }
        },
    };
    let ty = match function {
        Function::Len => TermType::scalar(ValueType::U64),
        Function::GetOpt if selector.is_none() => TermType::list(ValueType::Text),
        Function::B64 if types[0].ty == ValueType::Bytes => TermType::scalar(ValueType::Bytes),
        _ => TermType::scalar(ValueType::Text),
    };
    Ok((
        Term::Call {
            function,
            arguments: terms,
            selector,
        },
        ty,
    ))
}

fn mismatch(span: Span, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::TypeMismatch, span, message)
}
