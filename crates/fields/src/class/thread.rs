//! `thread.*`: the thread behind the event.

use filter::{Value, ValueType};

use crate::field::{Class, Field, Flags, NumberFormat};

const ID: Field = Field {
    flags: Flags::PROCESS_TABLE,
    format: NumberFormat::Id,
    ..Field::new(Class::Process, ValueType::I64)
};

pub(super) const FIELDS: &[Field] = &[Field {
    name: "thread.tid",
    doc: "Id of the thread.",
    example: "thread.tid = 1",
    extract: |view, _| Some(Value::I64(view.event.tid)),
    ..ID
}];
