//! Every field on events of every type with arbitrary parameters: no panic, and valid JSON.

use capture_format::table::EVENTS;
use capture_format::{EventBuf, EventBuilder, EventType};
use fields::{Context, Payload, Registry, Resolved, View, fields};
use filter::{Escapes, Filter, Template};
use state::State;

/// Rounds over the event table.
const ROUNDS: u64 = 2;

/// Small numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % below
    }

    fn bytes(&mut self, len: u64) -> Vec<u8> {
        (0..len).map(|_| self.next(256) as u8).collect()
    }
}

/// A parameter of the right size half of the time, small numbers among them, else of any size.
fn param(size: Option<usize>, numbers: &mut Numbers) -> Vec<u8> {
    match (size, numbers.next(4)) {
        (Some(size), 0 | 1) => {
            let small = numbers.next(8).to_le_bytes();
            let mut bytes = small[..size.min(8)].to_vec();
            bytes.resize(size, 0);
            bytes
        }
        (Some(size), 2) => numbers.bytes(size as u64),
        _ => {
            let len = numbers.next(24);
            numbers.bytes(len)
        }
    }
}

fn event(ty: EventType, numbers: &mut Numbers) -> EventBuf {
    let rows = ty.info().map_or(&[][..], |info| info.params);
    let count = match numbers.next(3) {
        0 => numbers.next(rows.len() as u64 + 3) as usize,
        _ => rows.len(),
    };
    let tid = numbers.next(4) as i64;
    let mut event = EventBuilder::new(ty, 1_000 + numbers.next(1_000), tid);
    for index in 0..count {
        let size = rows.get(index).and_then(|row| row.ty.fixed_size());
        event = event.param(&param(size, numbers));
    }
    event.build()
}

/// Every field, with the argument that its example gives it.
fn all_fields() -> Vec<Resolved> {
    fields()
        .flat_map(|field| -> Vec<Resolved> {
            if field.example.contains('%') {
                let template = Template::compile(field.example, Escapes::Keep, &Registry);
                return template.unwrap().fields().into_iter().cloned().collect();
            }
            let compiled = Filter::compile(field.example, &Registry).unwrap();
            compiled.filter.fields().into_iter().cloned().collect()
        })
        .collect()
}

#[test]
fn fields_stand_any_event() {
    let fields = all_fields();
    let mut numbers = Numbers(1);
    let mut state = State::new();
    let mut number = 0;
    let mut out = Vec::new();
    for round in 0..ROUNDS {
        let context = Context {
            payload: if round == 0 {
                Payload::Dots
            } else {
                Payload::HexAscii
            },
            resolve_ports: round == 1,
            ..Context::default()
        };
        for ty in (0..EVENTS.len() as u16 + 2).map(EventType) {
            let event = event(ty, &mut numbers);
            let applied = state.apply(&event.as_event());
            number += 1;
            let view = View::new(event.as_event(), number, &state, &applied, &context);
            for field in &fields {
                out.clear();
                let shown = view.write_text(field, &mut out);
                assert!(shown || out.is_empty(), "{}", field.field.name);
                out.clear();
                view.write_json(field, &mut out);
                let json = serde_json::from_slice::<serde_json::Value>(&out);
                assert!(json.is_ok(), "{}: {:?}", field.field.name, out);
            }
        }
    }
}
