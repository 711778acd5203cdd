//! `evtin.*`: events that happen between two marks of a program.
//!
//! Spans were marked by writing text to /dev/null. Quarry records such writes like any other and
//! follows no spans; the fields exist for old filters, and never have a value.

use filter::ValueType;

use crate::field::{Argument, Class, Field, Flags, NumberFormat, Suffix};

const I64: Field = Field {
    flags: Flags::DEPRECATED,
    ..Field::new(Class::InSpan, ValueType::I64)
};

const TEXT: Field = Field {
    flags: Flags::DEPRECATED,
    ..Field::new(Class::InSpan, ValueType::Text)
};

const U32: Field = Field {
    flags: Flags::DEPRECATED,
    ..Field::new(Class::InSpan, ValueType::U32)
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "evtin.span.id",
        format: NumberFormat::Id,
        doc: "For events of the thread that began the span while it is open: its number.",
        example: "evtin.span.id = 1",
        ..I64
    },
    Field {
        name: "evtin.span.ntags",
        doc: "For events of the thread that began the span while it is open: its tag count.",
        example: "evtin.span.ntags = 2",
        ..U32
    },
    Field {
        name: "evtin.span.nargs",
        doc: "For events of the thread that began the span while it is open: its argument count.",
        example: "evtin.span.nargs > 0",
        ..U32
    },
    Field {
        name: "evtin.span.tags",
        doc: "For events of the thread that began the span while it is open: its tags.",
        example: "evtin.span.tags = web.login",
        ..TEXT
    },
    Field {
        name: "evtin.span.tag",
        argument: Argument::INDEX.required(),
        doc: "For events of the thread that began the span while it is open: its tag at a position.",
        example: "evtin.span.tag[0] = web",
        ..TEXT
    },
    Field {
        name: "evtin.span.args",
        doc: "For events of the thread that began the span while it is open: its arguments.",
        example: "evtin.span.args contains user:alice",
        ..TEXT
    },
    Field {
        name: "evtin.span.arg",
        argument: Argument::INDEX.or_suffix(Suffix::Word).required(),
        doc: "For events of the thread that began the span while it is open: its argument by name or position.",
        example: "evtin.span.arg.user = alice",
        ..TEXT
    },
    Field {
        name: "evtin.span.p.id",
        format: NumberFormat::Id,
        doc: "For events of the process that began the span while it is open: its number.",
        example: "evtin.span.p.id = 1",
        ..I64
    },
    Field {
        name: "evtin.span.p.ntags",
        doc: "For events of the process that began the span while it is open: its tag count.",
        example: "evtin.span.p.ntags = 2",
        ..U32
    },
    Field {
        name: "evtin.span.p.nargs",
        doc: "For events of the process that began the span while it is open: its argument count.",
        example: "evtin.span.p.nargs > 0",
        ..U32
    },
    Field {
        name: "evtin.span.p.tags",
        doc: "For events of the process that began the span while it is open: its tags.",
        example: "evtin.span.p.tags = web.login",
        ..TEXT
    },
    Field {
        name: "evtin.span.p.tag",
        argument: Argument::INDEX.required(),
        doc: "For events of the process that began the span while it is open: its tag at a position.",
        example: "evtin.span.p.tag[0] = web",
        ..TEXT
    },
    Field {
        name: "evtin.span.p.args",
        doc: "For events of the process that began the span while it is open: its arguments.",
        example: "evtin.span.p.args contains user:alice",
        ..TEXT
    },
    Field {
        name: "evtin.span.p.arg",
        argument: Argument::INDEX.or_suffix(Suffix::Word).required(),
        doc: "For events of the process that began the span while it is open: its argument by name or position.",
        example: "evtin.span.p.arg.user = alice",
        ..TEXT
    },
    Field {
        name: "evtin.span.s.id",
        format: NumberFormat::Id,
        doc: "For events of processes whose parent began the span while it is open: its number.",
        example: "evtin.span.s.id = 1",
        ..I64
    },
    Field {
        name: "evtin.span.s.ntags",
        doc: "For events of processes whose parent began the span while it is open: its tag count.",
        example: "evtin.span.s.ntags = 2",
        ..U32
    },
    Field {
        name: "evtin.span.s.nargs",
        doc: "For events of processes whose parent began the span while it is open: its argument count.",
        example: "evtin.span.s.nargs > 0",
        ..U32
    },
    Field {
        name: "evtin.span.s.tags",
        doc: "For events of processes whose parent began the span while it is open: its tags.",
        example: "evtin.span.s.tags = web.login",
        ..TEXT
    },
    Field {
        name: "evtin.span.s.tag",
        argument: Argument::INDEX.required(),
        doc: "For events of processes whose parent began the span while it is open: its tag at a position.",
        example: "evtin.span.s.tag[0] = web",
        ..TEXT
    },
    Field {
        name: "evtin.span.s.args",
        doc: "For events of processes whose parent began the span while it is open: its arguments.",
        example: "evtin.span.s.args contains user:alice",
        ..TEXT
    },
    Field {
        name: "evtin.span.s.arg",
        argument: Argument::INDEX.or_suffix(Suffix::Word).required(),
        doc: "For events of processes whose parent began the span while it is open: its argument by name or position.",
        example: "evtin.span.s.arg.user = alice",
        ..TEXT
    },
    Field {
        name: "evtin.span.m.id",
        format: NumberFormat::Id,
        doc: "For events of any thread of the machine while it is open: its number.",
        example: "evtin.span.m.id = 1",
        ..I64
    },
    Field {
        name: "evtin.span.m.ntags",
        doc: "For events of any thread of the machine while it is open: its tag count.",
        example: "evtin.span.m.ntags = 2",
        ..U32
    },
    Field {
        name: "evtin.span.m.nargs",
        doc: "For events of any thread of the machine while it is open: its argument count.",
        example: "evtin.span.m.nargs > 0",
        ..U32
    },
    Field {
        name: "evtin.span.m.tags",
        doc: "For events of any thread of the machine while it is open: its tags.",
        example: "evtin.span.m.tags = web.login",
        ..TEXT
    },
    Field {
        name: "evtin.span.m.tag",
        argument: Argument::INDEX.required(),
        doc: "For events of any thread of the machine while it is open: its tag at a position.",
        example: "evtin.span.m.tag[0] = web",
        ..TEXT
    },
    Field {
        name: "evtin.span.m.args",
        doc: "For events of any thread of the machine while it is open: its arguments.",
        example: "evtin.span.m.args contains user:alice",
        ..TEXT
    },
    Field {
        name: "evtin.span.m.arg",
        argument: Argument::INDEX.or_suffix(Suffix::Word).required(),
        doc: "For events of any thread of the machine while it is open: its argument by name or position.",
        example: "evtin.span.m.arg.user = alice",
        ..TEXT
    },
];
