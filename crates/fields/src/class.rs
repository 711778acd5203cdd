//! The fields, one file per class.

mod evt;
mod evt_count;
mod evt_io;
mod evt_time;
mod fd;
mod fd_net;
mod fdlist;
mod fspath;
mod generic;
mod process;
mod process_new;
mod syslog;
mod thread;
mod user;
mod util;

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
        fields: &[process::FIELDS, process_new::FIELDS, thread::FIELDS],
    },
    ClassInfo {
        class: Class::User,
        name: "user",
        about: "the user that the thread runs as",
        fields: &[user::USER_FIELDS],
    },
    ClassInfo {
        class: Class::Group,
        name: "group",
        about: "the group that the thread runs as",
        fields: &[user::GROUP_FIELDS],
    },
    ClassInfo {
        class: Class::Fd,
        name: "fd",
        about: "the descriptor on which the event works",
        fields: &[fd::FIELDS, fd_net::FIELDS],
    },
    ClassInfo {
        class: Class::FsPath,
        name: "fs.path",
        about: "the paths that path-based calls name",
        fields: &[fspath::FIELDS],
    },
    ClassInfo {
        class: Class::FdList,
        name: "fdlist",
        about: "the descriptors that a poll waits for",
        fields: &[fdlist::FIELDS],
    },
    ClassInfo {
        class: Class::Syslog,
        name: "syslog",
        about: "messages written to the system log",
        fields: &[syslog::FIELDS],
    },
    ClassInfo {
        class: Class::Util,
        name: "util",
        about: "helpers",
        fields: &[util::FIELDS],
    },
];

/// All fields, class by class.
pub fn fields() -> impl Iterator<Item = &'static Field> {
    CLASSES.iter().flat_map(ClassInfo::fields)
}
