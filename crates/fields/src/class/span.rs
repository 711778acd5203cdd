//! `span.*`: marks that programs set, as sysdig's tracers did.
//!
//! Spans were marked by writing text to /dev/null. Quarry records such writes like any other and
//! follows no spans; the fields exist for old filters, and never have a value.

use filter::ValueType;

use crate::field::{Argument, Class, Field, Flags, NumberFormat, Suffix};

const DURATION: Field = Field {
    flags: Flags::DEPRECATED,
    ..Field::new(Class::Span, ValueType::Duration)
};

const I64: Field = Field {
    flags: Flags::DEPRECATED,
    ..Field::new(Class::Span, ValueType::I64)
};

const TEXT: Field = Field {
    flags: Flags::DEPRECATED,
    ..Field::new(Class::Span, ValueType::Text)
};

const U32: Field = Field {
    flags: Flags::DEPRECATED,
    ..Field::new(Class::Span, ValueType::U32)
};

const U64: Field = Field {
    flags: Flags::DEPRECATED,
    ..Field::new(Class::Span, ValueType::U64)
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "span.id",
        format: NumberFormat::Id,
        doc: "Number of the span.",
        example: "span.id = 1",
        ..I64
    },
    Field {
        name: "span.time",
        doc: "Local time of day at which the span was marked.",
        example: "span.time startswith 16:47",
        ..TEXT
    },
    Field {
        name: "span.ntags",
        doc: "Tags of the span.",
        example: "span.ntags = 2",
        ..U32
    },
    Field {
        name: "span.nargs",
        doc: "Arguments with which the span began.",
        example: "span.nargs > 0",
        ..U32
    },
    Field {
        name: "span.tags",
        doc: "Tags of the span, joined by dots.",
        example: "span.tags = web.login",
        ..TEXT
    },
    Field {
        name: "span.tag",
        argument: Argument::INDEX.required(),
        doc: "One tag of the span by position from 0, or from the end when negative.",
        example: "span.tag[0] = web",
        ..TEXT
    },
    Field {
        name: "span.args",
        doc: "Arguments of the mark as NAME=VALUE, joined by commas.",
        example: "span.args contains user=alice",
        ..TEXT
    },
    Field {
        name: "span.arg",
        argument: Argument::INDEX.or_suffix(Suffix::Word).required(),
        doc: "One argument of the mark, by name or position.",
        example: "span.arg.user = alice",
        ..TEXT
    },
    Field {
        name: "span.enterargs",
        doc: "Arguments with which the span began, as NAME=VALUE joined by commas.",
        example: "span.enterargs contains user=alice",
        ..TEXT
    },
    Field {
        name: "span.enterarg",
        argument: Argument::INDEX.or_suffix(Suffix::Word).required(),
        doc: "One argument with which the span began, by name or position.",
        example: "span.enterarg.user = alice",
        ..TEXT
    },
    Field {
        name: "span.duration",
        unit: "ns",
        doc: "Nanoseconds from the beginning of the span to its end.",
        example: "span.duration > 1000000",
        ..DURATION
    },
    Field {
        name: "span.duration.quantized",
        flags: Flags::DEPRECATED.and(Flags::TABLE_ONLY),
        doc: "Column of the span's duration in the spectrogram.",
        example: "span.duration.quantized > 10",
        ..U64
    },
    Field {
        name: "span.duration.human",
        doc: "Duration of the span with a unit that fits.",
        example: "span.duration.human endswith ms",
        ..TEXT
    },
    Field {
        name: "span.duration.fortag",
        flags: Flags::DEPRECATED.and(Flags::TABLE_ONLY),
        unit: "ns",
        argument: Argument::INDEX.required(),
        doc: "Duration of spans that have exactly the tags up to the position.",
        example: "span.duration.fortag[1] > 1000000",
        ..DURATION
    },
    Field {
        name: "span.count",
        flags: Flags::DEPRECATED.and(Flags::TABLE_ONLY),
        doc: "1 on the end of a span, 0 on its beginning.",
        example: "span.count = 1",
        ..U64
    },
    Field {
        name: "span.count.fortag",
        flags: Flags::DEPRECATED.and(Flags::TABLE_ONLY),
        argument: Argument::INDEX.required(),
        doc: "1 on the end of a span that has exactly the tags up to the position.",
        example: "span.count.fortag[1] = 1",
        ..U64
    },
    Field {
        name: "span.childcount.fortag",
        flags: Flags::DEPRECATED.and(Flags::TABLE_ONLY),
        argument: Argument::INDEX.required(),
        doc: "1 on the end of a span that has more tags than the position.",
        example: "span.childcount.fortag[1] = 1",
        ..U64
    },
    Field {
        name: "span.idtag",
        flags: Flags::DEPRECATED.and(Flags::TABLE_ONLY),
        argument: Argument::INDEX.required(),
        doc: "Number of the span and one tag in one word, a key for views.",
        example: "span.idtag[0] = 1web",
        ..TEXT
    },
    Field {
        name: "span.rawtime",
        flags: Flags::DEPRECATED.and(Flags::TABLE_ONLY),
        doc: "Epoch nanoseconds of the span's beginning.",
        example: "span.rawtime exists",
        ..TEXT
    },
    Field {
        name: "span.rawparenttime",
        flags: Flags::DEPRECATED.and(Flags::TABLE_ONLY),
        doc: "Epoch nanoseconds of the beginning of the span around it.",
        example: "span.rawparenttime exists",
        ..TEXT
    },
];
