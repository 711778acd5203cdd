//! `user.*` and `group.*`: whom the thread runs as.

use capture_format::UserEntry;
use filter::{Value, ValueType};

use crate::field::{Class, Field, Flags, NumberFormat};
use crate::view::{View, text};

const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::User, ValueType::Text)
};

const ID: Field = Field {
    flags: Flags::PROCESS_TABLE,
    format: NumberFormat::Id,
    ..Field::new(Class::User, ValueType::U32)
};

pub(super) const USER_FIELDS: &[Field] = &[
    Field {
        name: "user.uid",
        doc: "Number of the user, 4294967295 when unknown.",
        example: "user.uid = 0",
        extract: |view, _| Some(Value::U64(u64::from(view.thread()?.uid))),
        ..ID
    },
    Field {
        name: "user.name",
        doc: "Name of the user.",
        example: "user.name = root",
        extract: |view, _| text(&user(view, view.thread()?.uid)?.name),
        ..TEXT
    },
    Field {
        name: "user.homedir",
        doc: "Home directory of the user.",
        example: "user.homedir startswith /home/",
        extract: |view, _| text(&user(view, view.thread()?.uid)?.home),
        ..TEXT
    },
    Field {
        name: "user.shell",
        doc: "Login shell of the user.",
        example: "user.shell = /bin/bash",
        extract: |view, _| text(&user(view, view.thread()?.uid)?.shell),
        ..TEXT
    },
    Field {
        name: "user.loginuid",
        doc: "Number of the user who logged in, kept across su and sudo; -1 without a login.",
        example: "user.loginuid = 1000",
        extract: |view, _| {
            let uid = view.thread()?.loginuid;
            Some(Value::I64(if uid == u32::MAX {
                -1
            } else {
                i64::from(uid)
            }))
        },
        ..Field {
            flags: Flags::PROCESS_TABLE,
            format: NumberFormat::Id,
            ..Field::new(Class::User, ValueType::I64)
        }
    },
    Field {
        name: "user.loginname",
        doc: "Name of the user who logged in, kept across su and sudo.",
        example: "user.loginname = alice",
        extract: |view, _| text(&user(view, view.thread()?.loginuid)?.name),
        ..TEXT
    },
];

pub(super) const GROUP_FIELDS: &[Field] = &[
    Field {
        name: "group.gid",
        doc: "Number of the group, 4294967295 when unknown.",
        example: "group.gid = 0",
        extract: |view, _| Some(Value::U64(u64::from(view.thread()?.gid))),
        ..Field {
            class: Class::Group,
            ..ID
        }
    },
    Field {
        name: "group.name",
        doc: "Name of the group.",
        example: "group.name = docker",
        extract: |view, _| {
            let thread = view.thread()?;
            text(view.state.group_name(thread.gid, &thread.container_id)?)
        },
        ..Field {
            class: Class::Group,
            ..TEXT
        }
    },
];

fn user<'a>(view: &View<'a>, uid: u32) -> Option<&'a UserEntry> {
    view.state.user(uid, &view.thread()?.container_id)
}
