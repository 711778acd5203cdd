//! Over all fields: complete, unique, documented, and as the reference describes them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fields::{Argument, Field, Registry, Suffix, fields};
use filter::{Escapes, Filter, Template, ValueType};

#[test]
fn names_are_unique_and_resolve_to_their_field() {
    let mut seen = BTreeSet::new();
    for field in fields() {
        assert!(seen.insert(field.name), "{} is there twice", field.name);
        assert!(std::ptr::eq(Registry.field(field.name).unwrap(), field));
    }
}

#[test]
fn every_field_is_documented() {
    for field in fields() {
        assert!(field.doc.ends_with('.'), "{}: {:?}", field.name, field.doc);
        assert!(!field.doc.contains("  "), "{}: {:?}", field.name, field.doc);
        assert!(!field.example.is_empty(), "{} has no example", field.name);
        assert!(field.example.contains(field.name), "{}", field.name);
    }
}

#[test]
fn every_example_compiles() {
    for field in fields() {
        if field.example.contains('%') {
            Template::compile(field.example, Escapes::Keep, &Registry)
                .map(drop)
                .unwrap_or_else(|error| panic!("{}: {error}", field.name));
        } else {
            Filter::compile(field.example, &Registry)
                .map(drop)
                .unwrap_or_else(|error| panic!("{}: {error}", field.name));
        }
    }
}

#[test]
fn fields_agree_with_the_reference() {
    let Some(reference) = reference() else {
        testkit::skip(
            "agreement of fields with the reference",
            "../shared/reference is not beside the clone",
        );
        return;
    };
    let known: BTreeMap<&str, &Field> = fields().map(|field| (field.name, field)).collect();
    let mut differences = Vec::new();
    for row in reference["fields"].as_array().unwrap() {
        let name = row["name"].as_str().unwrap();
        let Some(field) = known.get(name) else {
            differences.push(format!("{name}: missing"));
            continue;
        };
        let mut compare = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                differences.push(format!("{name}: {what}: ours {ours}, reference {theirs}"));
            }
        };
        compare("type", type_name(field).into(), string(&row["type"]));
        compare("format", format!("{:?}", field.format), format_name(row));
        compare("unit", field.unit.into(), string(&row["unit"]));
        let flags: BTreeSet<&str> = field.flags.names().collect();
        let theirs = row["flags"].as_array().unwrap();
        let theirs: BTreeSet<&str> = theirs.iter().map(|flag| flag.as_str().unwrap()).collect();
        compare("flags", format!("{flags:?}"), format!("{theirs:?}"));
        compare(
            "argument",
            argument(field.argument),
            reference_argument(row),
        );
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn reference() -> Option<serde_json::Value> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let file = workspace.parent()?.join("shared/reference/fields.json");
    let text = std::fs::read_to_string(file).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

fn string(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}

fn type_name(field: &Field) -> &'static str {
    match field.ty {
        _ if field.name == "evt.rawarg" => "dynamic",
        ValueType::Text | ValueType::Path => "string",
        ValueType::Bytes => "bytes",
        ValueType::Bool => "bool",
        ValueType::U32 => "u32",
        ValueType::U64 => "u64",
        ValueType::I16 => "i16",
        ValueType::I32 => "i32",
        ValueType::I64 => "i64",
        ValueType::Double => "double",
        ValueType::Duration => "duration",
        ValueType::Time => "time",
        ValueType::IpAddr => "ipaddr",
        ValueType::IpNet => "ipnet",
        ValueType::Port => "port",
        ValueType::I8 | ValueType::U8 | ValueType::U16 => "another",
    }
}

fn format_name(row: &serde_json::Value) -> String {
    match row["format"].as_str() {
        None => "None",
        Some("dec") => "Dec",
        Some("id") => "Id",
        Some("hex") => "Hex",
        Some("dec_pad9") => "DecPad9",
        Some(other) => other,
    }
    .to_owned()
}

/// Mode and kinds of an argument in the reference's words.
fn argument(argument: Argument) -> String {
    if !argument.any() {
        return "none".to_owned();
    }
    let mut kinds = BTreeSet::new();
    if argument.index {
        kinds.insert("index");
    }
    if argument.key {
        kinds.insert("key");
    }
    match argument.suffix {
        Suffix::No | Suffix::Label => {}
        Suffix::Param | Suffix::Word => {
            kinds.insert("name");
        }
        Suffix::EventType => kinds.extend(["name", "number"]),
        Suffix::Side => {
            kinds.insert("suffix");
        }
    }
    let mode = if argument.required {
        "required"
    } else {
        "optional"
    };
    format!("{mode} {kinds:?}")
}

fn reference_argument(row: &serde_json::Value) -> String {
    let argument = &row["argument"];
    let Some(kinds) = argument["kinds"].as_array() else {
        return "none".to_owned();
    };
    let kinds: BTreeSet<&str> = kinds.iter().map(|kind| kind.as_str().unwrap()).collect();
    format!("{} {kinds:?}", argument["mode"].as_str().unwrap())
}
