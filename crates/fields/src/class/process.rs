//! `proc.*`: the process behind the event.

use filter::{Value, ValueType};

use crate::field::{Class, Field, Flags, NumberFormat};
use crate::view::text;

const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Process, ValueType::Text)
};

const ID: Field = Field {
    flags: Flags::PROCESS_TABLE,
    format: NumberFormat::Id,
    ..Field::new(Class::Process, ValueType::I64)
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "proc.pid",
        doc: "Id of the process.",
        example: "proc.pid = 1",
        extract: |view, _| Some(Value::I64(view.thread()?.pid)),
        ..ID
    },
    Field {
        name: "proc.name",
        doc: "Command name: that of the executable, unless the program changed it, at most 15 \
              bytes.",
        example: "proc.name = nginx",
        extract: |view, _| text(&view.thread()?.comm),
        ..TEXT
    },
];
