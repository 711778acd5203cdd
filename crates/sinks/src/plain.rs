//! Values that belong to no field: results of transformers.

use std::io::Write as _;

use fields::write_json_string;
use filter::Value;

/// Appends a value as text; `false` when there is none.
pub(crate) fn text(value: Option<Value<'_>>, out: &mut Vec<u8>) -> bool {
    let Some(value) = value else {
        return false;
    };
    write_text(&value, out);
    true
}

fn write_text(value: &Value<'_>, out: &mut Vec<u8>) {
    // Writing to a vector cannot fail.
    let _ = match value {
        Value::I64(number) => write!(out, "{number}"),
        Value::U64(number) => write!(out, "{number}"),
        Value::Bool(flag) => write!(out, "{flag}"),
        Value::F64(number) => write!(out, "{number:.1}"),
        Value::Text(bytes) | Value::Bytes(bytes) => out.write_all(bytes),
        Value::Ip(ip) => write!(out, "{ip}"),
        Value::List(items) | Value::AnyOf(items) | Value::Ends(items) => {
            out.push(b'(');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write_text(item, out);
            }
            out.push(b')');
            Ok(())
        }
    };
}

/// Appends a value as JSON; `false`, and `null` appended, when there is none.
pub(crate) fn json(value: Option<Value<'_>>, out: &mut Vec<u8>) -> bool {
    let Some(value) = value else {
        out.extend_from_slice(b"null");
        return false;
    };
    write_json(&value, out);
    true
}

fn write_json(value: &Value<'_>, out: &mut Vec<u8>) {
    let _ = match value {
        Value::I64(number) => write!(out, "{number}"),
        Value::U64(number) => write!(out, "{number}"),
        Value::Bool(flag) => write!(out, "{flag}"),
        Value::F64(number) if number.is_finite() => write!(out, "{number:?}"),
        Value::F64(_) => write!(out, "null"),
        Value::Text(bytes) | Value::Bytes(bytes) => {
            write_json_string(bytes, out);
            Ok(())
        }
        Value::Ip(ip) => write!(out, "\"{ip}\""),
        Value::List(items) | Value::AnyOf(items) | Value::Ends(items) => {
            out.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write_json(item, out);
            }
            out.push(b']');
            Ok(())
        }
    };
}
