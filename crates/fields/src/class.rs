//! The fields, one file per class.

mod evt;
mod evt_count;
mod evt_io;
mod evt_time;
mod generic;
mod process;
mod thread;

use crate::field::{Class, ClassInfo, Field};

/// All classes in listing order; a class can have several entries, one per file.
pub static CLASSES: &[ClassInfo] = &[
    ClassInfo {
        class: Class::Generic,
        name: "evt",
        about: "every event, whatever its source",
        fields: &[generic::FIELDS],
    },
    ClassInfo {
        class: Class::Event,
        name: "evt",
        about: "events of the kernel: system calls, switches, signals, page faults, notes",
        fields: &[
            evt_time::FIELDS,
            evt::FIELDS,
            evt_io::FIELDS,
            evt_count::FIELDS,
        ],
    },
    ClassInfo {
        class: Class::Process,
        name: "process",
        about: "the process and thread behind the event",
        fields: &[process::FIELDS, thread::FIELDS],
    },
];

/// All fields, class by class.
pub fn fields() -> impl Iterator<Item = &'static Field> {
    CLASSES.iter().flat_map(ClassInfo::fields)
}
