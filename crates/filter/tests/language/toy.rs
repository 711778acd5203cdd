//! A small schema with a field of every type, and events made of a few values.

use filter::{Extract, FieldSpec, Op, Schema, SchemaError, Selection, TypeSet, Value, ValueType};

/// A field of the toy schema: its row in [`FIELDS`] and its argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub name: &'static str,
    pub argument: Option<String>,
}

type Row = (&'static str, ValueType, &'static [Trait]);

#[derive(Clone, Copy, PartialEq)]
enum Trait {
    List,
    /// Several candidates of which one must satisfy.
    Any,
    /// Two ends, filter only.
    Ends,
    Bracket,
    /// `.suffix` or `[…]`.
    Argument,
    NoRight,
    Within,
}
use Trait::*;

const FIELDS: &[Row] = &[
    ("evt.num", ValueType::U64, &[]),
    ("evt.type", ValueType::Text, &[]),
    ("evt.dir", ValueType::Text, &[]),
    ("evt.cpu", ValueType::I16, &[]),
    ("evt.is_io", ValueType::Bool, &[]),
    ("evt.latency", ValueType::Duration, &[]),
    ("evt.rawtime", ValueType::Time, &[]),
    ("evt.buffer", ValueType::Bytes, &[]),
    ("evt.arg", ValueType::Text, &[Argument]),
    ("evt.around", ValueType::U64, &[Bracket, Within, NoRight]),
    ("proc.name", ValueType::Text, &[]),
    ("proc.pname", ValueType::Text, &[]),
    ("proc.exe", ValueType::Path, &[]),
    ("proc.pid", ValueType::I64, &[]),
    ("proc.ppid", ValueType::I64, &[]),
    ("proc.uid", ValueType::U32, &[]),
    ("proc.cpu", ValueType::Double, &[]),
    ("proc.args", ValueType::Text, &[List]),
    ("proc.aname", ValueType::Text, &[Any, Bracket, NoRight]),
    ("fd.num", ValueType::I32, &[]),
    ("fd.name", ValueType::Path, &[]),
    ("fd.types", ValueType::Text, &[List, NoRight]),
    ("fd.cip", ValueType::IpAddr, &[]),
    ("fd.sip", ValueType::IpAddr, &[]),
    ("fd.ip", ValueType::IpAddr, &[Ends, NoRight]),
    ("fd.net", ValueType::IpNet, &[Ends, NoRight]),
    ("fd.sport", ValueType::Port, &[]),
    ("fd.port", ValueType::Port, &[Ends, NoRight]),
];

/// Event types: name, number, names of its arguments. Enter events are even, exits odd.
const EVENTS: &[(&str, u16, &[&str])] = &[
    ("open", 2, &[]),
    ("open", 3, &["fd", "name", "flags"]),
    ("close", 4, &["fd"]),
    ("close", 5, &["res"]),
    ("read", 6, &["fd", "size"]),
    ("read", 7, &["res", "data"]),
];

pub(crate) struct Toy;

fn types(member: impl Fn(&(&str, u16, &[&str])) -> bool) -> TypeSet {
    EVENTS
        .iter()
        .filter(|event| member(event))
        .map(|event| event.1)
        .collect()
}

fn refuse<T>(message: String, suggestion: Option<&str>) -> Result<T, SchemaError> {
    Err(SchemaError {
        message,
        suggestion: suggestion.map(str::to_owned),
    })
}

impl Schema for Toy {
    type Field = Field;

    fn resolve(
        &self,
        name: &str,
        bracket: Option<&str>,
    ) -> Result<(Field, FieldSpec), SchemaError> {
        let unknown = || refuse(format!("unknown field `{name}`"), None);
        let (row, argument) = match FIELDS.iter().find(|row| row.0 == name) {
            Some(row) => (row, bracket),
            None => match name.strip_prefix("evt.arg.") {
                Some(suffix) => (&FIELDS[8], Some(suffix)),
                None => return unknown(),
            },
        };
        let (name, ty, traits) = *row;
        if bracket.is_some() && !traits.contains(&Bracket) && !traits.contains(&Argument) {
            return refuse(format!("`{name}` takes no argument"), None);
        }
        if argument.is_none() && (traits.contains(&Argument) || traits.contains(&Within)) {
            return refuse(format!("`{name}` needs an argument"), None);
        }
        if name == "evt.arg"
            && let Some(argument) = argument
            && argument.parse::<u32>().is_err()
            && !EVENTS.iter().any(|event| event.2.contains(&argument))
        {
            return refuse(
                format!("no event has an argument `{argument}`"),
                Some("evt.arg.fd"),
            );
        }
        let ends = traits.contains(&Ends);
        let spec = FieldSpec {
            is_list: traits.contains(&List),
            multi: ends || traits.contains(&Any),
            bracket: traits.contains(&Bracket) || traits.contains(&Argument),
            filter_only: ends || traits.contains(&Within),
            no_rhs: traits.contains(&NoRight),
            no_transformer: ends || traits.contains(&Any) || traits.contains(&Within),
            within: traits.contains(&Within),
            ..FieldSpec::new(ty)
        };
        Ok((
            Field {
                name,
                argument: argument.map(str::to_owned),
            },
            spec,
        ))
    }

    fn longest_match(&self, text: &str) -> Option<usize> {
        if let Some(rest) = text.strip_prefix("evt.arg.") {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            return Some(8 + end);
        }
        FIELDS
            .iter()
            .map(|row| row.0)
            .filter(|name| text.starts_with(name))
            .map(str::len)
            .max()
    }

    fn check_constant(&self, field: &Field, constant: &str) -> Result<(), SchemaError> {
        if field.name != "evt.type" || EVENTS.iter().any(|event| event.0 == constant) {
            return Ok(());
        }
        let initial = constant.chars().next();
        let near = EVENTS
            .iter()
            .find(|event| event.0.chars().next() == initial);
        refuse(
            format!("unknown event type `{constant}`"),
            near.map(|event| event.0),
        )
    }

    fn allowed_values(&self, field: &Field) -> Option<Vec<String>> {
        (field.name == "evt.dir").then(|| vec!["<".into(), ">".into()])
    }

    fn selection(&self, field: &Field, op: Op, constants: &[&str]) -> Selection {
        match (field.name, op) {
            ("evt.type", Op::Eq | Op::In) => Selection {
                can_hold: types(|event| constants.contains(&event.0)),
                can_fail: types(|event| !constants.contains(&event.0)),
            },
            ("evt.arg", _) => Selection::only_on(types(|event| {
                field.argument.as_deref().is_none_or(|name| {
                    name.parse::<usize>().is_ok_and(|n| n < event.2.len())
                        || event.2.contains(&name)
                })
            })),
            _ => Selection::ANY,
        }
    }

    fn suggest(&self, name: &str) -> Vec<String> {
        // Names with the same letters in another order are enough for these tests.
        let sorted = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            bytes.sort_unstable();
            bytes
        };
        FIELDS
            .iter()
            .map(|row| row.0)
            .filter(|known| sorted(known) == sorted(name))
            .map(str::to_owned)
            .collect()
    }

    fn display_name(&self, field: &Field) -> String {
        match (&field.argument, field.name) {
            (None, name) => name.to_owned(),
            (Some(argument), "evt.arg") if argument.parse::<u32>().is_err() => {
                format!("evt.arg.{argument}")
            }
            (Some(argument), name) => format!("{name}[{argument}]"),
        }
    }
}

/// An event: values by the display name of their field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Event {
    pub values: Vec<(String, Value<'static>)>,
}

impl Event {
    pub(crate) fn with(mut self, name: &str, value: Value<'static>) -> Self {
        self.values.retain(|(known, _)| known != name);
        self.values.push((name.to_owned(), value));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.values.retain(|(known, _)| known != name);
        self
    }
}

impl Extract<Field> for Event {
    fn extract<'v>(&'v self, field: &Field) -> Option<Value<'v>> {
        let name = Toy.display_name(field);
        self.values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.clone())
    }
}

pub(crate) fn ip(text: &str) -> Value<'static> {
    Value::Ip(text.parse().expect("an address of the test"))
}

pub(crate) fn texts(items: &[&'static str]) -> Vec<Value<'static>> {
    items.iter().map(|item| Value::text(*item)).collect()
}

/// The event most tests look at: a `read` on a connection.
pub(crate) fn read_event() -> Event {
    Event::default()
        .with("evt.num", Value::U64(7))
        .with("evt.type", Value::text("read"))
        .with("evt.dir", Value::text("<"))
        .with("evt.cpu", Value::I64(0))
        .with("evt.is_io", Value::Bool(true))
        .with("evt.latency", Value::U64(1_500_000))
        .with("evt.rawtime", Value::U64(1_506_127_476_000_017_052))
        .with(
            "evt.buffer",
            Value::Bytes(b"GET /\x00\xff".as_slice().into()),
        )
        .with("evt.arg.res", Value::text("80"))
        .with("evt.around[1000]", Value::U64(2_500_000))
        .with("proc.name", Value::text("nginx"))
        .with("proc.pname", Value::text("Systemd"))
        .with("proc.exe", Value::text("/usr/sbin/nginx"))
        .with("proc.pid", Value::I64(42))
        .with("proc.ppid", Value::I64(1))
        .with("proc.uid", Value::U64(33))
        .with("proc.cpu", Value::F64(12.5))
        .with("proc.args", Value::List(texts(&["-c", "conf", "-vx"])))
        .with("proc.aname", Value::AnyOf(texts(&["bash", "sshd"])))
        .with("proc.aname[1]", Value::text("bash"))
        .with("fd.num", Value::I64(5))
        .with("fd.name", Value::text("10.0.0.1:40000->10.0.0.2:443"))
        .with("fd.types", Value::List(texts(&["ipv4", "file"])))
        .with("fd.cip", ip("10.0.0.1"))
        .with("fd.sip", ip("10.0.0.2"))
        .with("fd.ip", Value::Ends(vec![ip("10.0.0.1"), ip("10.0.0.2")]))
        .with("fd.net", Value::Ends(vec![ip("10.0.0.1"), ip("10.0.0.2")]))
        .with("fd.sport", Value::U64(443))
        .with(
            "fd.port",
            Value::Ends(vec![Value::U64(40_000), Value::U64(443)]),
        )
}
