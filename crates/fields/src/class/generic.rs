//! `evt.*` for events of every source.

use capture_format::EventType;
use filter::{Value, ValueType};

use crate::field::{Class, Field, Flags, NumberFormat};
use crate::registry::Resolved;
use crate::time;
use crate::view::{View, owned, text};

const TEXT: Field = Field {
    flags: Flags::GENERIC,
    ..Field::new(Class::Generic, ValueType::Text)
};

/// Text about the time; JSON has the nanoseconds instead.
const TIME_TEXT: Field = Field {
    json: Some(raw_time),
    ..TEXT
};

const TIME: Field = Field {
    flags: Flags::GENERIC,
    ..Field::new(Class::Generic, ValueType::Time)
};

const DURATION: Field = Field {
    flags: Flags::GENERIC,
    ..Field::new(Class::Generic, ValueType::Duration)
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "evt.num",
        format: NumberFormat::Id,
        doc: "Position of the event in the stream, from 1. Events that are hidden or filtered out \
              count too, so printed numbers have gaps.",
        example: "evt.num <= 100",
        extract: |view, _| Some(Value::U64(view.number)),
        ..Field {
            flags: Flags::GENERIC,
            ..Field::new(Class::Generic, ValueType::U64)
        }
    },
    Field {
        name: "evt.time",
        doc: "Local time of day with nanoseconds, 16:47:14.717699659.",
        example: "evt.time startswith 16:47",
        extract: |view, _| built(|out| time::write_time_of_day(view, true, out)),
        ..TIME_TEXT
    },
    Field {
        name: "evt.time.s",
        doc: "Local time of day in whole seconds, 16:47:14.",
        example: "evt.time.s = 16:47:14",
        extract: |view, _| built(|out| time::write_time_of_day(view, false, out)),
        ..TIME_TEXT
    },
    Field {
        name: "evt.time.iso8601",
        doc: "Date and time in UTC after ISO 8601, 2019-04-10T16:47:14.717699659+0000.",
        example: "evt.time.iso8601 startswith 2019-04-10T16",
        extract: |view, _| built(|out| time::write_iso8601(view.event.timestamp_ns, out)),
        ..TIME_TEXT
    },
    Field {
        name: "evt.datetime",
        doc: "Local date and time with nanoseconds, 2019-04-10 16:47:14.717699659.",
        example: "evt.datetime startswith \"2019-04-10 16\"",
        extract: |view, _| built(|out| time::write_date_time(view, true, out)),
        ..TIME_TEXT
    },
    Field {
        name: "evt.datetime.s",
        doc: "Local date and time in whole seconds, 2019-04-10 16:47:14.",
        example: "evt.datetime.s = \"2019-04-10 16:47:14\"",
        extract: |view, _| built(|out| time::write_date_time(view, false, out)),
        ..TIME_TEXT
    },
    Field {
        name: "evt.rawtime",
        unit: "ns since epoch",
        doc: "Time of the event in nanoseconds since 1970 (UTC).",
        example: "evt.rawtime >= 1554914834717699659",
        extract: raw_time,
        ..TIME
    },
    Field {
        name: "evt.rawtime.s",
        unit: "s since epoch",
        doc: "Time of the event in whole seconds since 1970 (UTC).",
        example: "evt.rawtime.s = 1554914834",
        extract: |view, _| Some(Value::U64(time::split(view.event.timestamp_ns).0)),
        ..TIME
    },
    Field {
        name: "evt.rawtime.ns",
        format: NumberFormat::DecPad9,
        unit: "ns within the second",
        doc: "Nanoseconds of the event's time within its second, printed with nine digits.",
        example: "evt.rawtime.ns < 500000000",
        extract: |view, _| Some(Value::U64(time::split(view.event.timestamp_ns).1)),
        ..TIME
    },
    Field {
        name: "evt.reltime",
        format: NumberFormat::DecPad9,
        unit: "ns",
        doc: "Nanoseconds since the first event of the input.",
        example: "evt.reltime < 1000000000",
        extract: |view, _| Some(Value::U64(view.relative_ns())),
        ..DURATION
    },
    Field {
        name: "evt.reltime.s",
        unit: "s",
        doc: "Whole seconds since the first event of the input.",
        example: "evt.reltime.s >= 10",
        extract: |view, _| Some(Value::U64(time::split(view.relative_ns()).0)),
        ..DURATION
    },
    Field {
        name: "evt.reltime.ns",
        format: NumberFormat::DecPad9,
        unit: "ns within the second",
        doc: "What `evt.reltime.s` leaves out, in nanoseconds, printed with nine digits.",
        example: "evt.reltime.ns < 500000000",
        extract: |view, _| Some(Value::U64(time::split(view.relative_ns()).1)),
        ..DURATION
    },
    Field {
        name: "evt.pluginname",
        doc: "Plugin that made the event. Quarry loads no plugins, so there is never a value.",
        example: "evt.pluginname exists",
        ..TEXT
    },
    Field {
        name: "evt.plugininfo",
        doc: "The event as its plugin words it. Quarry loads no plugins, so there is never a value.",
        example: "evt.plugininfo exists",
        ..TEXT
    },
    Field {
        name: "evt.source",
        doc: "Where events of this kind come from: `syscall` for all that the kernel reports.",
        example: "evt.source = syscall",
        extract: |view, _| (view.event.ty != PLUGIN_EVENT).then(|| Value::text("syscall")),
        ..TEXT
    },
    Field {
        name: "evt.is_async",
        doc: "The event is a note added to the stream (about a container or a user, for example), \
              not something that a thread did.",
        example: "evt.is_async = true",
        extract: |view, _| Some(Value::Bool(is_note(view))),
        ..Field {
            flags: Flags::GENERIC,
            ..Field::new(Class::Generic, ValueType::Bool)
        }
    },
    Field {
        name: "evt.asynctype",
        doc: "Kind of the note, for events that are one.",
        example: "evt.asynctype = container",
        extract: |view, _| {
            if view.event.ty == ASYNC_EVENT {
                return text(crate::param::until_nul(view.param("name")?));
            }
            is_note(view).then(|| Value::text(crate::names::event_type(&view.event)))
        },
        ..TEXT
    },
    Field {
        name: "evt.hostname",
        doc: "Name of the machine on which the event happened, as recorded with it.",
        example: "evt.hostname = web-1",
        extract: |view, _| text(&view.state.machine()?.hostname),
        ..TEXT
    },
];

/// Event of a plugin source.
const PLUGIN_EVENT: EventType = EventType(322);

/// Note of a plugin, which carries its own name.
const ASYNC_EVENT: EventType = EventType(402);

/// Class bit of events that are notes (`EC_METAEVENT`).
const META_CLASS: u32 = 4096;

fn is_note(view: &View<'_>) -> bool {
    let bits = view.event.info().map_or(0, |info| info.category_bits);
    bits & META_CLASS != 0
}

pub(super) fn raw_time<'v>(view: &'v View<'v>, _: &Resolved) -> Option<Value<'v>> {
    Some(Value::U64(view.event.timestamp_ns))
}

/// Text that `write` puts together.
pub(super) fn built(write: impl FnOnce(&mut Vec<u8>)) -> Option<Value<'static>> {
    let mut out = Vec::new();
    write(&mut out);
    owned(out)
}
