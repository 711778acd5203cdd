//! Values as text and as JSON.

use std::io::Write as _;

use filter::{Value, ValueType};

use crate::context::Context;
use crate::field::{ExtractFn, Flags, NumberFormat};
use crate::json;
use crate::payload;
use crate::registry::{Arg, Resolved};
use crate::view::View;

impl View<'_> {
    /// Appends the field's text; `false`, and nothing appended, when it has no value.
    pub fn write_text(&self, field: &Resolved, out: &mut Vec<u8>) -> bool {
        if let Some(write) = field.field.write {
            return write(self, field, out);
        }
        let value = self.shown(field, field.field.extract);
        if let Some(value) = &value {
            render(field, value, self.context, out);
        }
        value.is_some()
    }

    /// Appends the field as a JSON value; `false`, and `null` appended, when it has no value.
    pub fn write_json(&self, field: &Resolved, out: &mut Vec<u8>) -> bool {
        let extract = field.field.json.unwrap_or(field.field.extract);
        let whole = View {
            uncut: true,
            ..*self
        };
        let value = whole.shown(field, extract);
        match &value {
            Some(value) => render_json(value, self.context, out),
            None => out.extend_from_slice(b"null"),
        }
        value.is_some()
    }

    /// The value to show: for fields about ancestors without a number, that of the process itself.
    fn shown<'v>(&'v self, field: &Resolved, extract: ExtractFn) -> Option<Value<'v>> {
        let ancestors = field.field.flags.contains(Flags::MULTI) && field.field.argument.index;
        if ancestors && field.arg == Arg::None {
            let mut own = field.clone();
            own.arg = Arg::Index(0);
            return extract(self, &own);
        }
        extract(self, field)
    }
}

/// Appends a value as text.
///
/// Text goes out as it is, control characters included: making it safe for a terminal is the
/// sink's task.
pub fn render(field: &Resolved, value: &Value<'_>, context: &Context, out: &mut Vec<u8>) {
    // Writing to a vector cannot fail.
    let _ = match value {
        Value::I64(number) => {
            write_signed(field, *number, out);
            Ok(())
        }
        Value::U64(number) => {
            write_unsigned(field.format, *number, out);
            Ok(())
        }
        Value::Bool(flag) => write!(out, "{flag}"),
        Value::F64(number) => write!(out, "{number:.1}"),
        Value::Text(text) => out.write_all(text),
        Value::Bytes(bytes) => {
            payload::write(context.payload, context.uncut, bytes, out);
            Ok(())
        }
        Value::Ip(ip) => write!(out, "{ip}"),
        Value::List(items) => {
            write_items(field, items, context, (b"(", b",", b")"), out);
            Ok(())
        }
        Value::AnyOf(items) | Value::Ends(items) => {
            write_items(field, items, context, (b"", b" ", b""), out);
            Ok(())
        }
    };
}

fn write_signed(field: &Resolved, number: i64, out: &mut Vec<u8>) {
    if field.format == NumberFormat::Hex {
        // Negative numbers show the bits of their own width.
        let bits = match field.ty {
            ValueType::I8 => u64::from(number as u8),
            ValueType::I16 => u64::from(number as u16),
            ValueType::I32 => u64::from(number as u32),
            _ => number as u64,
        };
        write_unsigned(NumberFormat::Hex, bits, out);
    } else {
        let _ = write!(out, "{number}");
    }
}

fn write_unsigned(format: NumberFormat, number: u64, out: &mut Vec<u8>) {
    let _ = match format {
        NumberFormat::Hex => write!(out, "{number:X}"),
        NumberFormat::DecPad9 => write!(out, "{number:09}"),
        NumberFormat::None | NumberFormat::Dec | NumberFormat::Id => write!(out, "{number}"),
    };
}

fn write_items(
    field: &Resolved,
    items: &[Value<'_>],
    context: &Context,
    (open, separator, close): (&[u8], &[u8], &[u8]),
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(open);
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            out.extend_from_slice(separator);
        }
        render(field, item, context, out);
    }
    out.extend_from_slice(close);
}

/// Appends a value as JSON: numbers and booleans bare, everything else as strings, lists as
/// arrays.
///
/// Bytes are shown in the chosen payload style, never cut. What is not UTF-8 is replaced by
/// U+FFFD, so that the output is always valid JSON.
pub fn render_json(value: &Value<'_>, context: &Context, out: &mut Vec<u8>) {
    match value {
        Value::I64(number) => {
            let _ = write!(out, "{number}");
        }
        Value::U64(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Bool(flag) => {
            let _ = write!(out, "{flag}");
        }
        Value::F64(number) if number.is_finite() => {
            let _ = write!(out, "{number:?}");
        }
        Value::F64(_) => out.extend_from_slice(b"null"),
        Value::Text(text) => json::write_string(text, out),
        Value::Bytes(bytes) => {
            let mut shown = Vec::new();
            payload::write_uncut(context.payload, bytes, &mut shown);
            json::write_string(&shown, out);
        }
        Value::Ip(ip) => json::write_string(ip.to_string().as_bytes(), out),
        Value::List(items) | Value::AnyOf(items) | Value::Ends(items) => {
            out.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                render_json(item, context, out);
            }
            out.push(b']');
        }
    }
}
