//! `util.*`: helpers.

use filter::{Value, ValueType};

use crate::field::{Class, Field, Flags, NumberFormat};

pub(super) const FIELDS: &[Field] = &[Field {
    name: "util.cnt",
    flags: Flags::HIDDEN.and(Flags::REMEMBERS),
    format: NumberFormat::Id,
    doc: "Counts the events on which it is looked at, from 1.",
    example: "util.cnt <= 10",
    extract: |view, field| {
        Some(Value::U64(
            field.remember(view.number, |memo| memo.value + 1),
        ))
    },
    ..Field::new(Class::Util, ValueType::U64)
}];
