//! `evt.*`: latencies and times between events.

use filter::{Value, ValueType};

use super::generic::{built, raw_time};
use crate::field::{Class, Field, Flags, NumberFormat};
use crate::registry::Resolved;
use crate::time;
use crate::view::View;

const DURATION: Field = Field::new(Class::Event, ValueType::Duration);

const LATENCY: Field = Field {
    flags: Flags::DEPRECATED,
    ..DURATION
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "evt.latency",
        unit: "ns",
        doc: "Nanoseconds that the call took, on its end; 0 on its start.",
        example: "evt.latency > 1000000",
        extract: |view, _| Some(Value::U64(latency(view)?)),
        ..LATENCY
    },
    Field {
        name: "evt.latency.s",
        unit: "s",
        doc: "Whole seconds that the call took.",
        example: "evt.latency.s >= 1",
        extract: |view, _| Some(Value::U64(time::split(latency(view)?).0)),
        ..LATENCY
    },
    Field {
        name: "evt.latency.ns",
        format: NumberFormat::DecPad9,
        unit: "ns within the second",
        doc: "What `evt.latency.s` leaves out, in nanoseconds, printed with nine digits.",
        example: "evt.latency.ns > 500000000",
        extract: |view, _| Some(Value::U64(time::split(latency(view)?).1)),
        ..LATENCY
    },
    Field {
        name: "evt.latency.quantized",
        flags: Flags::TABLE_ONLY.and(Flags::DEPRECATED),
        doc: "Column of the call's latency in the spectrogram, on a logarithmic scale from 1.",
        example: "evt.latency.quantized > 10",
        extract: |view, _| {
            let column = quantized(latency(view)?, view.context.spectrogram_columns)?;
            Some(Value::U64(column))
        },
        ..Field::new(Class::Event, ValueType::U64)
    },
    Field {
        name: "evt.latency.human",
        flags: Flags::DEPRECATED,
        doc: "Time that the call took, with a unit that fits: 750ns, 1.50us, 10ms, 2.5s.",
        example: "evt.latency.human endswith ms",
        extract: |view, _| {
            let latency = latency(view)?;
            built(|out| time::write_human(latency, out))
        },
        ..Field::new(Class::Event, ValueType::Text)
    },
    Field {
        name: "evt.deltatime",
        flags: Flags::REMEMBERS,
        unit: "ns",
        doc: "Nanoseconds since the event on which this field was looked at before; 0 the first \
              time.",
        example: "evt.deltatime > 1000000",
        extract: |view, field| Some(Value::U64(delta(view, field))),
        ..DURATION
    },
    Field {
        name: "evt.deltatime.s",
        flags: Flags::REMEMBERS,
        unit: "s",
        doc: "Whole seconds of the time since the event on which this field was looked at before.",
        example: "evt.deltatime.s > 0",
        extract: |view, field| Some(Value::U64(time::split(delta(view, field)).0)),
        ..DURATION
    },
    Field {
        name: "evt.deltatime.ns",
        flags: Flags::REMEMBERS,
        format: NumberFormat::DecPad9,
        unit: "ns within the second",
        doc: "What `evt.deltatime.s` leaves out, in nanoseconds, printed with nine digits.",
        example: "evt.deltatime.ns > 1000000",
        extract: |view, field| Some(Value::U64(time::split(delta(view, field)).1)),
        ..DURATION
    },
    Field {
        name: "evt.outputtime",
        flags: Flags::PRINT_ONLY,
        doc: "Time of the event in the style that -t chooses; JSON has epoch nanoseconds.",
        example: "*%evt.outputtime %evt.type",
        extract: |view, _| built(|out| time::write_output_time(view, out)),
        write: Some(|view, _, out| {
            time::write_output_time(view, out);
            true
        }),
        json: Some(raw_time),
        ..Field::new(Class::Event, ValueType::Text)
    },
];

/// Time from start to end of the call, 0 when the start was not seen.
///
/// Notes belong to no call, except that signals, switches and the like happen within one.
pub(super) fn latency(view: &View<'_>) -> Option<u64> {
    let internal = view
        .event
        .info()
        .is_some_and(|info| info.category == capture_format::table::Category::Internal);
    (!internal).then_some(view.applied.latency_ns)
}

/// `floor(min(log10(ns), 11) * columns / 11) + 1`; nothing for 0.
pub(super) fn quantized(ns: u64, columns: u64) -> Option<u64> {
    if ns == 0 {
        return None;
    }
    let decades = (ns as f64).log10().min(11.0);
    Some((decades * columns as f64 / 11.0).floor() as u64 + 1)
}

/// Time since the event before for which this field was asked; asking twice changes nothing.
fn delta(view: &View<'_>, field: &Resolved) -> u64 {
    const BEFORE: i64 = 0;
    field.remember(view.number, |memo| {
        let now = view.event.timestamp_ns;
        let before = memo.by_key.insert(BEFORE, now).unwrap_or(now);
        now.saturating_sub(before)
    })
}
