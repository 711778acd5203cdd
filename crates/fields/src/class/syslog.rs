//! `syslog.*`: messages written to the system log.

use filter::{Value, ValueType};

use crate::field::{Class, Field};
use crate::syslog::Message;
use crate::view::text;

const TEXT: Field = Field::new(Class::Syslog, ValueType::Text);
const NUMBER: Field = Field::new(Class::Syslog, ValueType::U32);

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "syslog.facility.str",
        doc: "Part of the system that wrote the message: kern, user, mail, daemon, auth \
              and so on.",
        example: "syslog.facility.str = auth",
        extract: |view, _| Some(Value::text(Message::of(view)?.facility_name())),
        ..TEXT
    },
    Field {
        name: "syslog.facility",
        doc: "Number of the part of the system that wrote the message.",
        example: "syslog.facility = 4",
        extract: |view, _| Some(Value::U64(u64::from(Message::of(view)?.facility()))),
        ..NUMBER
    },
    Field {
        name: "syslog.severity.str",
        doc: "Severity of the message: emerg, alert, crit, err, warn, notice, info or debug.",
        example: "syslog.severity.str in (emerg, alert, crit, err)",
        extract: |view, _| Some(Value::text(Message::of(view)?.severity_name())),
        ..TEXT
    },
    Field {
        name: "syslog.severity",
        doc: "Severity of the message as a number, 0 the worst.",
        example: "syslog.severity <= 3",
        extract: |view, _| Some(Value::U64(u64::from(Message::of(view)?.severity()))),
        ..NUMBER
    },
    Field {
        name: "syslog.message",
        doc: "Text of the message, as far as it was recorded (-s).",
        example: "syslog.message contains failed",
        extract: |view, _| text(Message::of(view)?.text),
        ..TEXT
    },
];
