//! Which event types a comparison can hold on, for fields whose value follows from the type.
//!
//! Only types in the event table count: readers skip others before any filter sees them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use capture_format::EventType;
use capture_format::table::{Direction, EVENTS, EventInfo, SYSCALLS};
use filter::{Op, Selection, TypeSet};

use crate::registry::{Arg, Resolved};

/// Event types below are as old as the format. Types are only ever appended, and a call whose own
/// types came later is a generic event in captures made before.
const FIRST_LATER_TYPE: u16 = 136;

/// Names of calls that a generic event can stand for.
static GENERIC_NAMES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let always_decoded = |own: &[EventType]| own.iter().any(|ty| ty.0 < FIRST_LATER_TYPE);
    SYSCALLS
        .iter()
        .filter(|call| !always_decoded(call.all_events))
        .map(|call| call.legacy_name)
        .chain(["<unknown>"])
        .collect()
});

/// See [`filter::Schema::selection`].
pub(crate) fn of(field: &Resolved, op: Op, constants: &[&str]) -> Selection {
    match field.field.name {
        "evt.type" => by_name(op, constants, |_| true),
        "syscall.type" => by_name(op, constants, crate::class::is_syscall_type),
        "evt.dir" => by_value(op, constants, |event| {
            Some(match event.id.direction() {
                Direction::Enter => ">",
                Direction::Exit => "<",
            })
        }),
        "evt.arg" | "evt.rawarg" => Selection::only_on(types(|event| match &field.arg {
            Arg::Param(param) => param.can_be_in(event.id),
            // Generic events can hold the arguments of any call.
            Arg::Index(index) => {
                event.id == crate::param::GENERIC_EXIT
                    || usize::try_from(*index).is_ok_and(|index| index < event.params.len())
            }
            Arg::None | Arg::Key(_) | Arg::Name(_) => true,
        })),
        "evt.buffer" => {
            Selection::only_on(types(|event| event.params.iter().any(|p| p.name == "data")))
        }
        _ => Selection::ANY,
    }
}

fn types(member: impl Fn(&EventInfo) -> bool) -> TypeSet {
    EVENTS
        .iter()
        .filter(|event| member(event))
        .map(|event| event.id.0)
        .collect()
}

/// For the name of the event; types outside `has_name` have none.
fn by_name(op: Op, constants: &[&str], has_name: fn(&EventInfo) -> bool) -> Selection {
    let mut selection = by_value(op, constants, |event| has_name(event).then_some(event.name));
    if selection == Selection::ANY {
        return selection;
    }
    // The type does not tell which call a generic event stands for.
    let mut holding = 0;
    for name in GENERIC_NAMES.iter() {
        holding += usize::from(holds(op, constants, name).unwrap_or(true));
    }
    let generic = [0, 1].into_iter().collect::<TypeSet>();
    let others = types(|event| event.id.0 > 1);
    let with_generic = |set: TypeSet, possible: bool| {
        let set = set.and(others);
        if possible { set.or(generic) } else { set }
    };
    selection.can_hold = with_generic(selection.can_hold, holding > 0);
    selection.can_fail = with_generic(selection.can_fail, holding < GENERIC_NAMES.len());
    selection
}

/// For a value that the type alone decides.
fn by_value(
    op: Op,
    constants: &[&str],
    value: impl Fn(&EventInfo) -> Option<&'static str>,
) -> Selection {
    if holds(op, constants, "").is_none() {
        return Selection::ANY;
    }
    let holds_on = |event: &EventInfo| {
        value(event).is_some_and(|value| holds(op, constants, value).unwrap_or(true))
    };
    Selection {
        can_hold: types(holds_on),
        can_fail: types(|event| !holds_on(event)),
    }
}

/// Whether the comparison holds for a text; `None` for operators that are not followed here.
fn holds(op: Op, constants: &[&str], value: &str) -> Option<bool> {
    let any = |test: fn(&str, &str) -> bool| constants.iter().any(|c| test(value, c));
    Some(match op {
        Op::Exists => true,
        Op::Eq | Op::In | Op::Intersects => any(|value, c| value == c),
        // A comparison with another field has no constants.
        Op::Ne if constants.is_empty() => return None,
        Op::Ne => !any(|value, c| value == c),
        Op::Contains => any(|value, c| value.contains(c)),
        Op::StartsWith => any(|value, c| value.starts_with(c)),
        Op::EndsWith => any(|value, c| value.ends_with(c)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use capture_format::EventType;
    use filter::Filter;

    use crate::Registry;

    /// Symbols of the event types on which a filter can hold.
    fn holding(source: &str) -> Vec<&'static str> {
        let compiled = Filter::compile(source, &Registry).expect(source);
        let types = compiled.filter.event_types().iter();
        types
            .filter_map(|ty| EventType(ty).info())
            .map(|event| event.symbol)
            .collect()
    }

    #[test]
    fn a_call_with_its_own_events_selects_these() {
        assert_eq!(
            holding("evt.type = open"),
            ["SYSCALL_OPEN_E", "SYSCALL_OPEN_X"]
        );
        assert_eq!(
            holding("evt.type = open and evt.dir = <"),
            ["SYSCALL_OPEN_X"]
        );
        assert_eq!(
            holding("evt.type = open and evt.arg.fd exists"),
            ["SYSCALL_OPEN_X"]
        );
        assert_eq!(holding("evt.type = switch").len(), 2);
    }

    #[test]
    fn a_call_without_its_own_events_selects_the_generic_ones() {
        assert_eq!(
            holding("evt.type = sethostname"),
            ["GENERIC_E", "GENERIC_X"]
        );
        // Decoded today, generic in older captures.
        assert_eq!(
            holding("evt.type = openat2 and evt.dir = <"),
            ["GENERIC_X", "SYSCALL_OPENAT2_X"]
        );
    }

    #[test]
    fn negation_is_exact_but_for_generic_events() {
        let all = holding("evt.num > 0").len();
        assert_eq!(holding("evt.type != open").len(), all - 2);
        assert_eq!(holding("not evt.type = open").len(), all - 2);
        assert_eq!(holding("not evt.type = sethostname").len(), all);
        assert_eq!(holding("not evt.dir = <").len(), all / 2);
    }

    #[test]
    fn a_field_that_remembers_sees_every_event() {
        let source = "evt.deltatime > 1 and evt.type = open";
        let filter = Filter::compile(source, &Registry).expect(source).filter;
        assert_eq!(filter.event_types().iter().count(), 2);
        assert_eq!(filter.decide(4), None);
    }

    #[test]
    fn an_argument_that_the_event_lacks_draws_a_warning() {
        let source = "evt.type = open and evt.arg.backlog > 3";
        let warnings = Filter::compile(source, &Registry).expect(source).warnings;
        assert_eq!(warnings.len(), 1);
    }
}
