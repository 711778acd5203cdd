//! The fields, one file per class.

mod container;
mod ecs;
mod evt;
mod evt_count;
mod evt_io;
mod evt_time;
mod fd;
mod fd_net;
mod fdlist;
mod fspath;
mod generic;
mod in_span;
mod k8s;
mod mesos;
mod process;
mod process_new;
mod span;
mod syslog;
mod thread;
mod user;
mod util;

pub(crate) use evt::is_syscall_type;

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
        class: Class::Container,
        name: "container",
        about: "the container of the thread",
        fields: &[container::FIELDS],
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
        class: Class::Kubernetes,
        name: "k8s",
        about: "the pod of the container and the objects around it",
        fields: &[k8s::FIELDS],
    },
    ClassInfo {
        class: Class::Mesos,
        name: "mesos",
        about: "the Mesos task of the container, its framework and Marathon app",
        fields: &[mesos::FIELDS],
    },
    ClassInfo {
        class: Class::Ecs,
        name: "ecs",
        about: "the task of Amazon's Elastic Container Service",
        fields: &[ecs::FIELDS],
    },
    ClassInfo {
        class: Class::Span,
        name: "span",
        about: "marks that programs set; kept for old filters, never has a value",
        fields: &[span::FIELDS],
    },
    ClassInfo {
        class: Class::InSpan,
        name: "evtin",
        about: "events between two marks of a program; kept for old filters, never has a value",
        fields: &[in_span::FIELDS],
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
