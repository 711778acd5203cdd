//! `mesos.*` and `marathon.*`: the task behind the container, and the app behind the task.

use filter::ValueType;

use super::container::{container, item};
use crate::field::{Argument, Class, Field, Flags};

/// Known from a Mesos master or a Marathon.
const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE.and(Flags::DEPRECATED),
    ..Field::new(Class::Mesos, ValueType::Text)
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "mesos.task.name",
        doc: "Name of the Mesos task.",
        example: "mesos.task.name = web",
        ..TEXT
    },
    Field {
        name: "mesos.task.id",
        doc: "Id of the Mesos task, as found in the environment of the container.",
        example: "mesos.task.id startswith web.",
        extract: |view, _| item(&container(view)?.mesos_task_id),
        ..TEXT
    },
    Field {
        name: "mesos.task.label",
        argument: Argument::LABEL,
        doc: "Value of one label of the Mesos task.",
        example: "mesos.task.label[env] = prod",
        ..TEXT
    },
    Field {
        name: "mesos.task.labels",
        doc: "Labels of the Mesos task as KEY:VALUE, separated by comma and blank.",
        example: "mesos.task.labels contains env:prod",
        ..TEXT
    },
    Field {
        name: "mesos.framework.name",
        doc: "Name of the framework that started the Mesos task.",
        example: "mesos.framework.name = marathon",
        ..TEXT
    },
    Field {
        name: "mesos.framework.id",
        doc: "Id of the framework that started the Mesos task.",
        example: "mesos.framework.id endswith -0000",
        ..TEXT
    },
    Field {
        name: "marathon.app.name",
        doc: "Name of the Marathon app behind the Mesos task, which is its id.",
        example: "marathon.app.name = /shop/web",
        ..TEXT
    },
    Field {
        name: "marathon.app.id",
        doc: "Id of the Marathon app behind the Mesos task.",
        example: "marathon.app.id = /shop/web",
        ..TEXT
    },
    Field {
        name: "marathon.app.label",
        argument: Argument::LABEL,
        doc: "Value of one label of the Marathon app.",
        example: "marathon.app.label[env] = prod",
        ..TEXT
    },
    Field {
        name: "marathon.app.labels",
        doc: "Labels of the Marathon app as KEY:VALUE, separated by comma and blank.",
        example: "marathon.app.labels contains env:prod",
        ..TEXT
    },
    Field {
        name: "marathon.group.name",
        doc: "Name of the Marathon group that holds the app, which is its id.",
        example: "marathon.group.name = /shop",
        ..TEXT
    },
    Field {
        name: "marathon.group.id",
        doc: "Id of the Marathon group that holds the app.",
        example: "marathon.group.id = /shop",
        ..TEXT
    },
];
