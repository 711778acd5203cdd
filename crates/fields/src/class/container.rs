//! `container.*`: the container of the thread.

use filter::{Value, ValueType};
use state::container::{LookupState, Mount, Probe};
use state::{Container, Thread};

use crate::field::{Argument, Class, Field, Flags, Suffix};
use crate::labels;
use crate::registry::{Arg, Resolved};
use crate::view::{View, owned, text};

const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Container, ValueType::Text)
};

const NEW_TEXT: Field = Field::new(Class::Container, ValueType::Text);
const NEW_NUMBER: Field = Field::new(Class::Container, ValueType::U64);
const NEW_BOOL: Field = Field::new(Class::Container, ValueType::Bool);

const MOUNT: Field = Field {
    argument: Argument::INDEX.or_key().required(),
    ..TEXT
};

/// What stands for "no container".
const HOST: &str = "host";

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "container.id",
        doc: "Short id of the container; `host` outside containers.",
        example: "container.id != host",
        extract: |view, _| match view.thread()?.container_id.as_slice() {
            [] => Some(Value::text(HOST)),
            id => text(id),
        },
        ..TEXT
    },
    Field {
        name: "container.name",
        doc: "Name of the container; `host` outside containers.",
        example: "container.name = web",
        extract: |view, _| host_or(view, |container| item(&container.name)),
        ..TEXT
    },
    Field {
        name: "container.image",
        doc: "Image of the container as the user named it, such as nginx:1.27.",
        example: "container.image startswith nginx",
        extract: |view, _| item(&container(view)?.image),
        ..TEXT
    },
    Field {
        name: "container.image.id",
        doc: "Id of the container's image.",
        example: "container.image.id startswith 5ef79149e0ec",
        extract: |view, _| item(&container(view)?.image_id),
        ..TEXT
    },
    Field {
        name: "container.type",
        doc: "What runs the container: docker, podman, containerd, cri-o, lxc, …; `host` outside \
              containers.",
        example: "container.type = docker",
        extract: |view, _| host_or(view, |container| item(container.engine.name())),
        ..TEXT
    },
    Field {
        name: "container.privileged",
        doc: "The container runs with all rights of the host.",
        example: "container.privileged = true",
        extract: |view, _| {
            // The others have no such notion: "false" would be a claim.
            let container = container(view).filter(|c| c.engine.knows_privileged())?;
            Some(Value::Bool(container.privileged))
        },
        ..Field {
            flags: Flags::PROCESS_TABLE,
            ..NEW_BOOL
        }
    },
    Field {
        name: "container.mounts",
        doc: "All mounts as SOURCE:DESTINATION:MODE:WRITABLE:PROPAGATION, separated by commas.",
        example: "container.mounts contains /var/run/docker.sock",
        extract: |view, _| {
            let mounts = &container(view)?.mounts;
            let shown: Vec<String> = mounts.iter().map(Mount::to_string).collect();
            owned(shown.join(",").into_bytes())
        },
        ..TEXT
    },
    Field {
        name: "container.mount",
        doc: "One mount in full, by position or by a pattern for its source.",
        example: "container.mount[/etc/*] exists",
        extract: |view, field| {
            let mount = mount(view, field, |mount| &mount.source)?;
            owned(mount.to_string().into_bytes())
        },
        ..MOUNT
    },
    Field {
        name: "container.mount.source",
        doc: "Source of a mount, by position or by a pattern for its destination.",
        example: "container.mount.source[/data] = /srv/data",
        extract: |view, field| text(&mount(view, field, |mount| &mount.destination)?.source),
        ..MOUNT
    },
    Field {
        name: "container.mount.dest",
        doc: "Destination of a mount, by position or by a pattern for its source.",
        example: "container.mount.dest[/srv/data] = /data",
        extract: |view, field| text(&mount(view, field, |mount| &mount.source)?.destination),
        ..MOUNT
    },
    Field {
        name: "container.mount.mode",
        doc: "Mode of a mount, by position or by a pattern for its source.",
        example: "container.mount.mode[0] contains ro",
        extract: |view, field| text(&mount(view, field, |mount| &mount.source)?.mode),
        ..MOUNT
    },
    Field {
        name: "container.mount.rdwr",
        doc: "Whether a mount is writable, by position or by a pattern for its source.",
        values: &["true", "false"],
        example: "container.mount.rdwr[/etc/*] = true",
        extract: |view, field| {
            let writable = mount(view, field, |mount| &mount.source)?.writable;
            Some(Value::text(if writable { "true" } else { "false" }))
        },
        ..MOUNT
    },
    Field {
        name: "container.mount.propagation",
        doc: "Propagation of a mount, by position or by a pattern for its source.",
        example: "container.mount.propagation[0] = rshared",
        extract: |view, field| text(&mount(view, field, |mount| &mount.source)?.propagation),
        ..MOUNT
    },
    Field {
        name: "container.image.repository",
        doc: "Image of the container without tag and digest.",
        example: "container.image.repository = docker.io/library/nginx",
        extract: |view, _| item(&container(view)?.image_repository),
        ..TEXT
    },
    Field {
        name: "container.image.tag",
        doc: "Tag of the container's image.",
        example: "container.image.tag = latest",
        extract: |view, _| item(&container(view)?.image_tag),
        ..TEXT
    },
    Field {
        name: "container.image.digest",
        doc: "Digest of the container's image in its registry.",
        example: "container.image.digest startswith sha256:0f4c",
        extract: |view, _| item(&container(view)?.image_digest),
        ..TEXT
    },
    Field {
        name: "container.healthcheck",
        doc: "Command of the container's health check, `NONE` without one.",
        example: "container.healthcheck != NONE",
        extract: |view, _| probe(container(view)?.probes.healthcheck.as_ref()),
        ..TEXT
    },
    Field {
        name: "container.liveness_probe",
        doc: "Command of the pod's liveness probe, `NONE` without one.",
        example: "container.liveness_probe != NONE",
        extract: |view, _| probe(container(view)?.probes.liveness.as_ref()),
        ..TEXT
    },
    Field {
        name: "container.readiness_probe",
        doc: "Command of the pod's readiness probe, `NONE` without one.",
        example: "container.readiness_probe != NONE",
        extract: |view, _| probe(container(view)?.probes.readiness.as_ref()),
        ..TEXT
    },
    Field {
        name: "container.start_ts",
        unit: "ns since epoch",
        doc: "When the first process of the container started.",
        example: "container.start_ts > 1700000000000000000",
        extract: |view, _| start_ns(view.thread()?).map(Value::U64),
        ..Field::new(Class::Container, ValueType::U64)
    },
    Field {
        name: "container.duration",
        unit: "ns",
        doc: "Nanoseconds since the first process of the container started.",
        example: "container.duration < 60000000000",
        extract: |view, _| {
            let start = start_ns(view.thread()?)?;
            Some(Value::U64(view.event.timestamp_ns.saturating_sub(start)))
        },
        ..Field::new(Class::Container, ValueType::Duration)
    },
    Field {
        name: "container.ip",
        doc: "Primary IPv4 address of the container.",
        example: "container.ip = 172.17.0.2",
        extract: |view, _| item(&container(view)?.ip),
        ..NEW_TEXT
    },
    Field {
        name: "container.cni.json",
        doc: "What the network plugin reported about the pod, as JSON.",
        example: "container.cni.json contains cni0",
        extract: |view, _| text(&container(view)?.cni_json),
        ..NEW_TEXT
    },
    Field {
        name: "container.full_id",
        doc: "Id of the container in full; `host` outside containers.",
        example: "container.full_id startswith 5b6e2b7e9c11",
        extract: |view, _| host_or(view, |container| item(&container.full_id)),
        ..NEW_TEXT
    },
    Field {
        name: "container.host_pid",
        doc: "The container shares the pid namespace of the host.",
        example: "container.host_pid = true",
        extract: |view, _| Some(Value::Bool(container(view)?.host_pid)),
        ..NEW_BOOL
    },
    Field {
        name: "container.host_network",
        doc: "The container shares the network of the host.",
        example: "container.host_network = true",
        extract: |view, _| Some(Value::Bool(container(view)?.host_network)),
        ..NEW_BOOL
    },
    Field {
        name: "container.host_ipc",
        doc: "The container shares the ipc namespace of the host.",
        example: "container.host_ipc = true",
        extract: |view, _| Some(Value::Bool(container(view)?.host_ipc)),
        ..NEW_BOOL
    },
    Field {
        name: "container.label",
        argument: Argument::KEY.required().or_suffix(Suffix::Label),
        doc: "Value of one label of the container.",
        example: "container.label[com.docker.compose.service] = web",
        extract: |view, field| labels::one(&container(view)?.labels, &field.arg),
        ..NEW_TEXT
    },
    Field {
        name: "container.labels",
        doc: "Labels of the container as KEY:VALUE, separated by comma and blank; those that \
              Kubernetes adds are left out.",
        example: "container.labels contains env:prod",
        extract: |view, _| labels::joined(&container(view)?.labels),
        ..NEW_TEXT
    },
    Field {
        name: "container.created_time",
        unit: "s since epoch",
        doc: "When the container was created, in seconds. New in Quarry.",
        example: "container.created_time > 1700000000",
        extract: |view, _| positive(container(view)?.created_time_s),
        ..NEW_NUMBER
    },
    Field {
        name: "container.user",
        doc: "User that the container is configured to run as. New in Quarry.",
        example: "container.user = 1000",
        extract: |view, _| item(&container(view)?.user),
        ..NEW_TEXT
    },
    Field {
        name: "container.env",
        doc: "Variables of schedulers (Mesos, Marathon) in the container's environment, separated \
              by comma and blank. New in Quarry.",
        example: "container.env contains MARATHON_APP_ID=/web",
        extract: |view, _| some(container(view)?.env.join(", ")),
        ..NEW_TEXT
    },
    Field {
        name: "container.ports",
        doc: "Published ports as ADDRESS:PORT->PORT, separated by comma and blank. New in Quarry.",
        example: "container.ports contains :8080->",
        extract: |view, _| {
            let ports = container(view)?.ports.iter();
            let shown: Vec<String> = ports.map(state::container::Port::to_string).collect();
            some(shown.join(", "))
        },
        ..NEW_TEXT
    },
    Field {
        name: "container.memory_limit",
        unit: "bytes",
        doc: "Memory that the container may use; nothing when it is not limited. New in Quarry.",
        example: "container.memory_limit < 134217728",
        extract: |view, _| positive(container(view)?.memory_limit),
        ..NEW_NUMBER
    },
    Field {
        name: "container.cpu_quota",
        unit: "us per period",
        doc: "CPU time that the container may use in each period of container.cpu_period; nothing \
              when it is not limited. New in Quarry.",
        example: "container.cpu_quota < 50000",
        extract: |view, _| positive(container(view)?.cpu_quota),
        ..NEW_NUMBER
    },
    Field {
        name: "container.cpu_period",
        unit: "us",
        doc: "Period of container.cpu_quota. New in Quarry.",
        example: "container.cpu_period = 100000",
        extract: |view, _| positive(container(view)?.cpu_period),
        ..NEW_NUMBER
    },
    Field {
        name: "container.engine_state",
        doc: "How the look-up of the container's metadata went: found, failed, or started when \
              there is no answer. New in Quarry.",
        values: &["started", "found", "failed"],
        example: "container.engine_state = failed",
        extract: |view, _| {
            if view.thread()?.container_id.is_empty() {
                return None;
            }
            let lookup = container(view).map_or(LookupState::Started, |c| c.lookup);
            Some(Value::text(lookup.name()))
        },
        ..NEW_TEXT
    },
];

/// What is known about the thread's container; nothing on the host, or while the answer is out.
pub(super) fn container<'a>(view: &View<'a>) -> Option<&'a Container> {
    let id = &view.thread()?.container_id;
    if id.is_empty() {
        return None;
    }
    view.state.container(id)
}

fn host_or<'a>(
    view: &View<'a>,
    of: impl Fn(&'a Container) -> Option<Value<'a>>,
) -> Option<Value<'a>> {
    if view.thread()?.container_id.is_empty() {
        return Some(Value::text(HOST));
    }
    of(container(view)?)
}

/// Text that has no value when empty.
pub(super) fn item(value: &str) -> Option<Value<'_>> {
    (!value.is_empty()).then(|| Value::text(value))
}

/// Numbers of which 0 and less say "none".
fn positive(value: i64) -> Option<Value<'static>> {
    u64::try_from(value)
        .ok()
        .filter(|&value| value > 0)
        .map(Value::U64)
}

/// A made text that has no value when empty.
fn some(text: String) -> Option<Value<'static>> {
    (!text.is_empty()).then(|| Value::owned_text(text))
}

fn mount<'a>(
    view: &View<'a>,
    field: &Resolved,
    matched: impl Fn(&Mount) -> &String,
) -> Option<&'a Mount> {
    let mounts = &container(view)?.mounts;
    match &field.arg {
        Arg::Index(index) => mounts.get(usize::try_from(*index).ok()?),
        Arg::Key(pattern) => mounts
            .iter()
            .find(|mount| glob(pattern.as_bytes(), matched(mount).as_bytes())),
        Arg::None | Arg::Name(_) | Arg::Param(_) => None,
    }
}

/// Shell pattern with `*` and `?` over a whole path.
fn glob(pattern: &[u8], path: &[u8]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => (0..=path.len()).any(|skip| glob(rest, &path[skip..])),
        (Some((b'?', rest)), Some((_, path))) => glob(rest, path),
        (Some((wanted, rest)), Some((byte, path))) => wanted == byte && glob(rest, path),
        _ => false,
    }
}

fn probe(probe: Option<&Probe>) -> Option<Value<'static>> {
    match probe {
        None => Some(Value::text("NONE")),
        Some(probe) => owned(probe.to_string().into_bytes()),
    }
}

fn start_ns(thread: &Thread) -> Option<u64> {
    let start = thread.pidns_init_start_ns;
    (!thread.container_id.is_empty() && start != 0).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn mounts_are_found_by_pattern() {
        assert!(glob(b"/etc/*", b"/etc/ssl/certs"));
        assert!(glob(b"/dat?", b"/data"));
        assert!(glob(b"*", b""));
        assert!(!glob(b"/etc", b"/etc/ssl"));
        assert!(!glob(b"/etc/?", b"/etc/"));
    }
}
