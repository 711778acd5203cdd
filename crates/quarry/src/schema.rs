//! The JSON Schema of the lines that `-j` prints, made from the fields.

use fields::{Field, Flags, Suffix};
use filter::ValueType;
use serde_json::{Map, Value, json};

/// The schema, as it lies in `docs/`.
pub(crate) fn text() -> String {
    let mut properties = Map::new();
    let mut patterns = Map::new();
    for field in fields::fields() {
        if field.flags.contains(Flags::FILTER_ONLY) {
            continue;
        }
        let argument = &field.argument;
        if !argument.required {
            properties.insert(field.name.to_owned(), value(field));
        }
        if argument.any() {
            let begins = match (argument.suffix, argument.index || argument.key) {
                (Suffix::No, _) => r"\[",
                (_, true) => r"[.\[]",
                (_, false) => r"\.",
            };
            let name = field.name.replace('.', r"\.");
            patterns.insert(format!("^{name}{begins}"), value(field));
        }
    }
    patterns.insert("^[a-z0-9]+\\(".to_owned(), json!({}));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "quarry -j",
        "description": "One line per event: an object with the fields of the format, keys sorted. \
            Times are nanoseconds since the epoch; numbers may exceed 2^53. Bytes that are no \
            UTF-8 are replaced by U+FFFD. A field without a value is null. What the fields mean \
            is listed by quarry --list-json.",
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": false,
    });
    format!("{schema:#}\n")
}

/// What a field's value looks like.
fn value(field: &Field) -> Value {
    let scalar = match field.ty {
        // The parameter named by the argument has its own type.
        _ if field.argument.suffix == Suffix::Param => {
            return json!({});
        }
        ValueType::I8
        | ValueType::I16
        | ValueType::I32
        | ValueType::I64
        | ValueType::U8
        | ValueType::U16
        | ValueType::U32
        | ValueType::U64
        | ValueType::Port
        | ValueType::Duration
        | ValueType::Time => "integer",
        ValueType::Bool => "boolean",
        ValueType::Double => "number",
        ValueType::Text
        | ValueType::Path
        | ValueType::Bytes
        | ValueType::IpAddr
        | ValueType::IpNet => "string",
    };
    let one = if field.json_differs() {
        "integer"
    } else {
        scalar
    };
    if field.flags.contains(Flags::LIST) {
        json!({"type": ["array", "null"], "items": {"type": one}})
    } else if field.argument.any() && !field.argument.required {
        // Without its argument such a field has one value per ancestor.
        json!({"type": [one, "array", "null"], "items": {"type": one}})
    } else {
        json!({"type": [one, "null"]})
    }
}
