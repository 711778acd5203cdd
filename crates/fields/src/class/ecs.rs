//! `ecs.*`: the task of Amazon's Elastic Container Service behind the container.

use filter::{Value, ValueType};
use state::container::recognize;

use super::container::{container, item};
use crate::field::{Class, Field, Flags};
use crate::view::{View, owned};

const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Ecs, ValueType::Text)
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "ecs.cluster",
        doc: "Name of the cluster.",
        example: "ecs.cluster = production",
        extract: |view, _| last_part(label(view, CLUSTER)?),
        ..TEXT
    },
    Field {
        name: "ecs.cluster.arn",
        doc: "Amazon resource name of the cluster, where it is known in full.",
        example: "ecs.cluster.arn endswith :cluster/production",
        extract: |view, _| {
            label(view, CLUSTER)
                .filter(|arn| arn.starts_with("arn:"))
                .and_then(item)
        },
        ..TEXT
    },
    Field {
        name: "ecs.task.arn",
        doc: "Amazon resource name of the task.",
        example: "ecs.task.arn endswith /1dc5c17a422b4dc8b493371970c6c4d6",
        extract: |view, _| item(label(view, TASK)?),
        ..TEXT
    },
    Field {
        name: "ecs.task.id",
        doc: "Id of the task.",
        example: "ecs.task.id = 1dc5c17a422b4dc8b493371970c6c4d6",
        extract: |view, _| match label(view, TASK) {
            Some(arn) => last_part(arn),
            None => task_of_cgroup(view),
        },
        ..TEXT
    },
    Field {
        name: "ecs.task.family",
        doc: "Family of the task definition.",
        example: "ecs.task.family = web",
        extract: |view, _| item(label(view, FAMILY)?),
        ..TEXT
    },
    Field {
        name: "ecs.task.version",
        doc: "Revision of the task definition.",
        example: "ecs.task.version = 7",
        extract: |view, _| item(label(view, VERSION)?),
        ..TEXT
    },
    Field {
        name: "ecs.service",
        doc: "Service that the task belongs to, where the agent tells.",
        example: "ecs.service = web",
        extract: |view, _| item(label(view, SERVICE)?),
        ..TEXT
    },
    Field {
        name: "ecs.container.name",
        doc: "Name of the container in the task definition.",
        example: "ecs.container.name = nginx",
        extract: |view, _| item(label(view, CONTAINER)?),
        ..TEXT
    },
    Field {
        name: "ecs.container.arn",
        doc: "Amazon resource name of the container, where the agent tells.",
        example: "ecs.container.arn exists",
        extract: |view, _| item(label(view, CONTAINER_ARN)?),
        ..TEXT
    },
    Field {
        name: "ecs.launch_type",
        doc: "How the task is run, EC2 or FARGATE, where the agent tells.",
        example: "ecs.launch_type = EC2",
        extract: |view, _| item(label(view, LAUNCH_TYPE)?),
        ..TEXT
    },
    Field {
        name: "ecs.az",
        doc: "Availability zone of the task, where the agent tells.",
        example: "ecs.az = eu-central-1a",
        extract: |view, _| item(label(view, ZONE)?),
        ..TEXT
    },
    Field {
        name: "ecs.container_instance.arn",
        doc: "Amazon resource name of the machine in its cluster, where the agent tells.",
        example: "ecs.container_instance.arn exists",
        extract: |view, _| item(label(view, INSTANCE)?),
        ..TEXT
    },
];

/// Labels that the agent puts on every container of a task, and those that metadata adds in the
/// same form.
const CLUSTER: &str = "com.amazonaws.ecs.cluster";
const TASK: &str = "com.amazonaws.ecs.task-arn";
const FAMILY: &str = "com.amazonaws.ecs.task-definition-family";
const VERSION: &str = "com.amazonaws.ecs.task-definition-version";
const CONTAINER: &str = "com.amazonaws.ecs.container-name";
const SERVICE: &str = "com.amazonaws.ecs.service";
const CONTAINER_ARN: &str = "com.amazonaws.ecs.container-arn";
const LAUNCH_TYPE: &str = "com.amazonaws.ecs.launch-type";
const ZONE: &str = "com.amazonaws.ecs.availability-zone";
const INSTANCE: &str = "com.amazonaws.ecs.container-instance-arn";

fn label<'a>(view: &View<'a>, key: &str) -> Option<&'a str> {
    container(view)?.labels.get(key).map(String::as_str)
}

/// The cgroup's path names the task where the agent manages cgroups, whoever else knows nothing.
fn task_of_cgroup(view: &View<'_>) -> Option<Value<'static>> {
    let thread = view.thread()?;
    if thread.container_id.is_empty() {
        return None;
    }
    let found = recognize(thread.cgroups.iter().map(Vec::as_slice))?;
    owned(found.ecs_task?.into_bytes())
}

/// The part of a resource name after the last slash.
fn last_part(arn: &str) -> Option<Value<'_>> {
    item(arn.rsplit('/').next().unwrap_or(arn))
}
