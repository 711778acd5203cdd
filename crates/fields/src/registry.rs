//! Finds fields by name, with their arguments.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use capture_format::table::{EVENTS, EventInfo};
use capture_format::{Event, EventType};
use filter::{FieldSpec, Op, Schema, SchemaError, Selection, ValueType};

use crate::field::{Field, Flags, NumberFormat, Suffix};
use crate::{names, param};

/// A field with its argument, ready to be read from a [`crate::View`].
///
/// Clones share the memory of fields that compare an event with one before (`evt.deltatime`).
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The field.
    pub field: &'static Field,
    /// Its argument.
    pub arg: Arg,
    /// Type of its values: the field's, or for `evt.rawarg` the parameter's.
    pub ty: ValueType,
    /// How its numbers print: as above.
    pub format: NumberFormat,
    pub(crate) memo: Arc<Mutex<Memo>>,
}

/// Argument of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// None was written.
    None,
    /// A position; negative counts from the end where the field says so.
    Index(i64),
    /// Text in brackets.
    Key(String),
    /// What followed the dot.
    Name(String),
    /// A parameter name with its position by event type.
    Param(ParamByName),
}

/// Where every event type holds the parameter of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamByName {
    /// The name.
    pub name: String,
    /// Position by event type; `u8::MAX` where the type has none.
    positions: Arc<[u8]>,
    /// Types and positions of parameters that had the name in old events.
    legacy: Arc<[(EventType, usize)]>,
    /// Generic events of some calls have it among their decoded arguments.
    in_generic: bool,
}

impl ParamByName {
    fn new(name: &str) -> Option<ParamByName> {
        let positions: Arc<[u8]> = EVENTS
            .iter()
            .map(|event| {
                let at = event.params.iter().position(|p| p.name == name);
                at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
            })
            .collect();
        let changed = |event: &'static EventInfo| {
            let changed = event.legacy.iter().flat_map(|legacy| legacy.changed);
            changed.map(|param| (event.id, param))
        };
        let legacy = EVENTS
            .iter()
            .flat_map(changed)
            .filter(|(_, param)| param.name == name)
            .map(|(ty, param)| (ty, usize::from(param.index)))
            .collect();
        let in_generic = param::generic_params().any(|param| param.name == name);
        let somewhere = in_generic || positions.iter().any(|&at| at != u8::MAX);
        somewhere.then(|| Self {
            name: name.to_owned(),
            positions,
            legacy,
            in_generic,
        })
    }

    /// Whether events of this type can have the parameter.
    pub(crate) fn can_be_in(&self, ty: EventType) -> bool {
        self.position(ty).is_some() || (self.in_generic && ty == param::GENERIC_EXIT)
    }

    /// Position of the parameter in an event, by the name that its writer knew.
    pub fn position_in(&self, event: &Event<'_>) -> Option<usize> {
        let is_old = |index: usize| {
            let info = event.info();
            info.is_some_and(|info| param::legacy(event, info, index).is_some())
        };
        let mut legacy = self.legacy.iter().filter(|(ty, _)| *ty == event.ty);
        match legacy.find(|(_, index)| is_old(*index)) {
            Some((_, index)) => Some(*index),
            None if self.in_generic && event.ty == param::GENERIC_EXIT => (0..event.nparams())
                .find(|&index| {
                    let info = event.param_info(index);
                    info.is_some_and(|info| info.name == self.name)
                }),
            None => self.position(event.ty),
        }
    }

    /// Position of the parameter in events of this type.
    pub fn position(&self, ty: EventType) -> Option<usize> {
        match self.positions.get(usize::from(ty.0)) {
            None | Some(&u8::MAX) => None,
            Some(&at) => Some(usize::from(at)),
        }
    }
}

/// What a field remembers between events.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// Event for which the rest was last brought up to date.
    pub(crate) number: u64,
    /// Value for that event.
    pub(crate) value: u64,
    /// Last time or sum by CPU or thread.
    pub(crate) by_key: HashMap<i64, u64>,
}

impl Resolved {
    /// The value for an event that depends on the events before; computed once per event.
    pub(crate) fn remember(&self, number: u64, compute: impl FnOnce(&mut Memo) -> u64) -> u64 {
        // A panic elsewhere cannot leave a memo half written.
        let mut memo = self
            .memo
            .lock()
            .unwrap_or_else(|poison| poison.into_inner());
        if memo.number != number {
            memo.value = compute(&mut memo);
            memo.number = number;
        }
        memo.value
    }
}

/// All fields, as the schema against which filters and formats are compiled.
#[derive(Clone, Copy, Debug, Default)]
pub struct Registry;

static BY_NAME: LazyLock<HashMap<&'static str, &'static Field>> =
    LazyLock::new(|| crate::fields().map(|field| (field.name, field)).collect());

static PARAM_NAMES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    EVENTS
        .iter()
        .flat_map(|event| event.params)
        .chain(param::generic_params())
        .map(|param| param.name)
        .collect()
});

impl Registry {
    /// A field by its exact name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        BY_NAME.get(name).copied()
    }

    /// The longest field name that ends at a dot or at the end, and what follows the dot.
    fn split<'n>(&self, name: &'n str) -> Option<(&'static Field, Option<&'n str>)> {
        if let Some(field) = self.field(name) {
            return Some((field, None));
        }
        name.rmatch_indices('.').find_map(|(dot, _)| {
            let field = self.field(&name[..dot])?;
            (field.argument.suffix != Suffix::No).then(|| (field, Some(&name[dot + 1..])))
        })
    }

    fn unknown(&self, name: &str) -> SchemaError {
        SchemaError {
            message: format!("unknown field `{name}`"),
            suggestion: self.suggest(name).into_iter().next(),
        }
    }
}

fn refuse(message: String) -> SchemaError {
    SchemaError {
        message,
        suggestion: None,
    }
}

fn index_argument(field: &Field, text: &str) -> Option<i64> {
    if !field.argument.index {
        return None;
    }
    text.trim().parse().ok()
}

fn bracket_argument(field: &Field, text: &str) -> Result<Arg, SchemaError> {
    if let Some(index) = index_argument(field, text) {
        return Ok(Arg::Index(index));
    }
    if field.argument.key {
        return Ok(Arg::Key(text.to_owned()));
    }
    if field.argument.index {
        return Err(refuse(format!(
            "`{}[{text}]`: expected a position such as `[1]`",
            field.name
        )));
    }
    let message = match field.argument.suffix {
        Suffix::No => format!("`{}` takes no argument", field.name),
        _ => format!(
            "`{0}` takes its argument after a dot: `{0}.{text}`",
            field.name
        ),
    };
    Err(refuse(message))
}

fn suffix_argument(field: &Field, text: &str) -> Result<Arg, SchemaError> {
    let refusal = |what: &str, suggestion| SchemaError {
        message: format!("`{}.{text}`: {what}", field.name),
        suggestion,
    };
    let close = |candidates: &mut dyn Iterator<Item = &'static str>| {
        nearest(text, candidates)
            .first()
            .map(|name| format!("{}.{name}", field.name))
    };
    match field.argument.suffix {
        Suffix::No => Err(refusal("takes no argument", None)),
        Suffix::Param => ParamByName::new(text).map(Arg::Param).ok_or_else(|| {
            refusal(
                "no event has a parameter of this name",
                close(&mut PARAM_NAMES.iter().copied()),
            )
        }),
        Suffix::EventType => {
            if let Ok(number) = text.parse() {
                return Ok(Arg::Index(number));
            }
            EVENTS
                .iter()
                .find(|event| event.name == text)
                .map(|event| Arg::Index(i64::from(event.id.0)))
                .ok_or_else(|| {
                    refusal(
                        "no event has this name",
                        close(&mut EVENTS.iter().map(|event| event.name)),
                    )
                })
        }
        Suffix::Side => match text {
            "src" | "dst" => Ok(Arg::Name(text.to_owned())),
            _ => Err(refusal("expected `src` or `dst`", None)),
        },
        Suffix::Word | Suffix::Label => {
            if text.is_empty() {
                return Err(refusal("expected a name after the dot", None));
            }
            Ok(Arg::Name(text.to_owned()))
        }
    }
}

impl Schema for Registry {
    type Field = Resolved;

    fn resolve(
        &self,
        name: &str,
        bracket: Option<&str>,
    ) -> Result<(Resolved, FieldSpec), SchemaError> {
        let (field, suffix) = self.split(name).ok_or_else(|| self.unknown(name))?;
        let arg = match (suffix, bracket) {
            (Some(_), Some(_)) => {
                return Err(refuse(format!("`{name}` already has its argument")));
            }
            (Some(suffix), None) => {
                suffix_argument(field, suffix).map_err(|error| match error.suggestion {
                    // `fd.name.x` is better explained as an unknown field than as an argument.
                    None if field.argument.suffix == Suffix::No => self.unknown(name),
                    _ => error,
                })?
            }
            (None, Some(bracket)) => bracket_argument(field, bracket)?,
            (None, None) if field.argument.required => {
                return Err(refuse(format!(
                    "`{}` needs an argument, for example `{}`",
                    field.name, field.example
                )));
            }
            (None, None) => Arg::None,
        };
        let (ty, format) = match &arg {
            Arg::Param(by_name) if field.name == "evt.rawarg" => param::raw_type(&by_name.name),
            _ => (field.ty, field.format),
        };
        let has = |flag| field.flags.contains(flag);
        let spec = FieldSpec {
            is_list: has(Flags::LIST),
            multi: has(Flags::MULTI) && arg == Arg::None,
            bracket: field.argument.index || field.argument.key,
            filter_only: has(Flags::FILTER_ONLY),
            no_rhs: has(Flags::NO_RHS),
            no_transformer: has(Flags::NO_TRANSFORMER),
            within: field.name == "evt.around",
            ..FieldSpec::new(ty)
        };
        let resolved = Resolved {
            field,
            arg,
            ty,
            format,
            memo: Arc::default(),
        };
        Ok((resolved, spec))
    }

    fn longest_match(&self, text: &str) -> Option<usize> {
        // Names are short; trying the prefixes from the longest on is quick enough for formats.
        let limit = text
            .bytes()
            .position(|b| !(b.is_ascii_alphanumeric() || b == b'.' || b == b'_'))
            .unwrap_or(text.len());
        let (field, end) = (1..=limit)
            .rev()
            .find_map(|end| Some((self.field(text.get(..end)?)?, end)))?;
        let Some(rest) = text[end..].strip_prefix('.') else {
            return Some(end);
        };
        let argument = match field.argument.suffix {
            Suffix::No => 0,
            Suffix::Param => longest_of(rest, |name| PARAM_NAMES.contains(name)),
            Suffix::EventType => {
                let digits = run(rest, |b| b.is_ascii_digit());
                digits.max(longest_of(rest, |name| {
                    EVENTS.iter().any(|event| event.name == name)
                }))
            }
            Suffix::Side => longest_of(rest, |side| matches!(side, "src" | "dst")),
            Suffix::Word => run(rest, |b| b.is_ascii_alphanumeric() || b == b'_'),
            Suffix::Label => run(rest, |b| {
                b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/')
            }),
        };
        Some(if argument == 0 {
            end
        } else {
            end + 1 + argument
        })
    }

    fn check_constant(&self, field: &Resolved, constant: &str) -> Result<(), SchemaError> {
        if !matches!(field.field.name, "evt.type" | "syscall.type") {
            return Ok(());
        }
        if names::event_names().any(|name| name == constant) {
            return Ok(());
        }
        Err(SchemaError {
            message: format!("unknown event type `{constant}`"),
            suggestion: nearest(constant, &mut names::event_names())
                .into_iter()
                .next(),
        })
    }

    fn allowed_values(&self, field: &Resolved) -> Option<Vec<String>> {
        let values = field.field.values;
        (!values.is_empty()).then(|| values.iter().map(|&value| value.to_owned()).collect())
    }

    fn selection(&self, field: &Resolved, op: Op, constants: &[&str]) -> Selection {
        crate::selection::of(field, op, constants)
    }

    fn remembers(&self, field: &Resolved) -> bool {
        field.field.flags.contains(Flags::REMEMBERS)
    }

    fn suggest(&self, name: &str) -> Vec<String> {
        let name = self.split(name).map_or(name, |(field, _)| field.name);
        nearest(name, &mut crate::fields().map(|field| field.name))
    }

    fn display_name(&self, field: &Resolved) -> String {
        let name = field.field.name;
        match &field.arg {
            Arg::None => name.to_owned(),
            Arg::Index(index) if field.field.argument.suffix == Suffix::EventType => {
                let event = usize::try_from(*index).ok().and_then(|at| EVENTS.get(at));
                match event {
                    Some(event) => format!("{name}.{}", event.name),
                    None => format!("{name}.{index}"),
                }
            }
            Arg::Index(index) => format!("{name}[{index}]"),
            Arg::Key(key) => format!("{name}[{key}]"),
            Arg::Name(suffix) => format!("{name}.{suffix}"),
            Arg::Param(by_name) => format!("{name}.{}", by_name.name),
        }
    }
}

fn run(text: &str, accept: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|&b| accept(b)).count()
}

/// Length of the longest word at the start of `text` that `known` knows.
fn longest_of(text: &str, known: impl Fn(&str) -> bool) -> usize {
    let word = run(text, |b| b.is_ascii_alphanumeric() || b == b'_');
    (1..=word)
        .rev()
        .find(|&end| known(&text[..end]))
        .unwrap_or(0)
}

/// Candidates within a third of the word's length in edits, nearest first.
fn nearest(word: &str, candidates: &mut dyn Iterator<Item = &'static str>) -> Vec<String> {
    let limit = (word.len() / 3).clamp(1, 4);
    let mut close: Vec<(usize, &str)> = candidates
        .map(|candidate| (edit_distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    close.sort_unstable();
    close.dedup();
    close.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffix_arguments_split_at_the_longest_field_name() {
        let (field, _) = Registry.resolve("evt.arg.fd", None).unwrap();
        assert_eq!(field.field.name, "evt.arg");
        assert_eq!(Registry.display_name(&field), "evt.arg.fd");
        let (field, _) = Registry.resolve("evt.type.is.open", None).unwrap();
        assert_eq!(field.field.name, "evt.type.is");
        assert_eq!(Registry.display_name(&field), "evt.type.is.open");
    }

    #[test]
    fn near_misses_are_suggested() {
        assert_eq!(Registry.suggest("proc.nmae")[0], "proc.name");
        let error = Registry.resolve("evt.arg.flgas", None).unwrap_err();
        assert_eq!(error.suggestion.as_deref(), Some("evt.arg.flags"));
    }

    #[test]
    fn text_after_a_field_in_a_format_is_text() {
        assert_eq!(Registry.longest_match("proc.namespace"), Some(9));
        assert_eq!(Registry.longest_match("evt.arg.fd)"), Some(10));
        assert_eq!(Registry.longest_match("evt.arg.resx"), Some(11));
        assert_eq!(Registry.longest_match("evt.num."), Some(7));
        assert_eq!(Registry.longest_match("nothing"), None);
    }

    #[test]
    fn event_type_constants_are_checked() {
        let (field, _) = Registry.resolve("evt.type", None).unwrap();
        assert!(Registry.check_constant(&field, "open").is_ok());
        let error = Registry.check_constant(&field, "opne").unwrap_err();
        assert_eq!(error.suggestion.as_deref(), Some("open"));
    }

    #[test]
    fn arguments_are_checked() {
        assert!(Registry.resolve("proc.apid", Some("x")).is_err());
        assert!(Registry.resolve("proc.apid", Some("2")).is_ok());
        assert!(Registry.resolve("proc.name", Some("2")).is_err());
        assert!(Registry.resolve("evt.arg", None).is_err());
        assert!(Registry.resolve("evt.rawarg", Some("0")).is_err());
    }
}
