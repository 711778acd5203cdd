//! `evt.count*`: ones that views add up.

use capture_format::table::Category;
use filter::{Value, ValueType};
use state::FdKind;

use super::evt::{event_category, failed, is_exit};
use crate::field::{Class, Field, Flags};
use crate::view::View;

const COUNT: Field = Field::new(Class::Event, ValueType::U32);

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "evt.count",
        doc: "1 for every event.",
        example: "*%evt.type %evt.count",
        extract: |_, _| ONE,
        ..COUNT
    },
    Field {
        name: "evt.count.error",
        doc: "1 for calls that failed.",
        example: "evt.count.error = 1",
        extract: |view, _| one_if(failed(view)),
        ..COUNT
    },
    Field {
        name: "evt.count.error.file",
        doc: "1 for failed calls on files and directories, opening them included.",
        example: "evt.count.error.file = 1",
        extract: |view, _| one_if(failed(view) && area(view) == Area::File),
        ..COUNT
    },
    Field {
        name: "evt.count.error.net",
        doc: "1 for failed calls on IP and unix sockets, accepting and connecting included.",
        example: "evt.count.error.net = 1",
        extract: |view, _| one_if(failed(view) && area(view) == Area::Net),
        ..COUNT
    },
    Field {
        name: "evt.count.error.memory",
        doc: "1 for failed calls about memory.",
        example: "evt.count.error.memory = 1",
        extract: |view, _| one_if(failed(view) && is_memory(view)),
        ..COUNT
    },
    Field {
        name: "evt.count.error.other",
        doc: "1 for failed calls that are not about files, sockets or memory.",
        example: "evt.count.error.other = 1",
        extract: |view, _| one_if(failed(view) && area(view) == Area::Other && !is_memory(view)),
        ..COUNT
    },
    Field {
        name: "evt.count.exit",
        doc: "1 for ends of calls.",
        example: "evt.count.exit = 1",
        extract: |view, _| one_if(is_exit(&view.event)),
        ..COUNT
    },
    Field {
        name: "evt.count.procinfo",
        flags: Flags::TABLE_ONLY,
        doc: "1 for the periodic records about main threads in old captures.",
        example: "evt.count.procinfo = 1",
        extract: |view, _| {
            let main = view.thread().is_some_and(|thread| thread.tid == thread.pid);
            one_if(is_procinfo(view) && main)
        },
        ..COUNT
    },
    Field {
        name: "evt.count.threadinfo",
        flags: Flags::TABLE_ONLY,
        doc: "1 for the periodic records about threads in old captures.",
        example: "evt.count.threadinfo = 1",
        extract: |view, _| one_if(is_procinfo(view)),
        ..COUNT
    },
];

const ONE: Option<Value<'static>> = Some(Value::U64(1));

fn one_if(condition: bool) -> Option<Value<'static>> {
    if condition { ONE } else { None }
}

fn is_memory(view: &View<'_>) -> bool {
    event_category(&view.event) == Category::Memory
}

pub(super) fn is_procinfo(view: &View<'_>) -> bool {
    view.event.ty.0 == 234
}

#[derive(PartialEq, Eq)]
enum Area {
    File,
    Net,
    Other,
}

/// What a call was about: told by its descriptor, or by its type where it failed to make one.
fn area(view: &View<'_>) -> Area {
    match view.fd().map(|fd| fd.kind) {
        Some(FdKind::File | FdKind::Directory) => Area::File,
        Some(
            FdKind::Ipv4 | FdKind::Ipv6 | FdKind::Ipv4Server | FdKind::Ipv6Server | FdKind::Unix,
        ) => Area::Net,
        Some(_) => Area::Other,
        None => match view.event.ty.0 {
            3 | 59 | 103 | 307 | 327 | 337 => Area::File,
            23 | 27 | 57 | 247 | 249 | 389 => Area::Net,
            _ => Area::Other,
        },
    }
}
