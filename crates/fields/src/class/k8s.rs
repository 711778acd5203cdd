//! `k8s.*`: the pod of the container and the objects around it.

use std::collections::BTreeMap;

use filter::{Value, ValueType};
use state::container::{Kubernetes, Object, recognize};

use super::container::{container, item};
use crate::field::{Argument, Class, Field, Flags};
use crate::labels;
use crate::registry::Resolved;
use crate::view::{View, owned, text};

const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::Kubernetes, ValueType::Text)
};

/// Known from an API server or guessed from names.
const OBJECT: Field = Field {
    flags: Flags::PROCESS_TABLE.and(Flags::DEPRECATED),
    ..TEXT
};

const NEW_TEXT: Field = Field::new(Class::Kubernetes, ValueType::Text);

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "k8s.pod.name",
        doc: "Name of the pod.",
        example: "k8s.pod.name startswith web-",
        extract: |view, _| pod_item(view, "io.kubernetes.pod.name", |pod| &pod.name),
        ..TEXT
    },
    Field {
        name: "k8s.pod.id",
        doc: "UID of the pod; `k8s.pod.uid` is the newer name.",
        example: "k8s.pod.id = 3d1e2f10-9f4b-4f0c-8d6e-2f1a7c5b9e00",
        extract: |view, _| pod_item(view, "io.kubernetes.pod.uid", |pod| &pod.uid),
        ..TEXT
    },
    Field {
        name: "k8s.pod.label",
        argument: Argument::LABEL,
        doc: "Value of one label of the pod.",
        example: "k8s.pod.label[app] = web",
        extract: |view, field| labels::one(pod_labels(view)?, &field.arg),
        ..TEXT
    },
    Field {
        name: "k8s.pod.labels",
        doc: "Labels of the pod as KEY:VALUE, separated by comma and blank.",
        example: "k8s.pod.labels contains app:web",
        extract: |view, _| labels::joined(pod_labels(view)?),
        ..TEXT
    },
    Field {
        name: "k8s.rc.name",
        doc: "Name of the replication controller that owns the pod.",
        example: "k8s.rc.name = web",
        extract: |view, _| item(&object(view, CONTROLLER)?.name),
        ..OBJECT
    },
    Field {
        name: "k8s.rc.id",
        doc: "UID of the replication controller that owns the pod.",
        example: "k8s.rc.id = 3d1e2f10-9f4b-4f0c-8d6e-2f1a7c5b9e00",
        extract: |view, _| item(&object(view, CONTROLLER)?.uid),
        ..OBJECT
    },
    Field {
        name: "k8s.rc.label",
        argument: Argument::LABEL,
        doc: "Value of one label of the replication controller that owns the pod.",
        example: "k8s.rc.label[app] = web",
        extract: |view, field| labels::one(&object(view, CONTROLLER)?.labels, &field.arg),
        ..OBJECT
    },
    Field {
        name: "k8s.rc.labels",
        doc: "Labels of the replication controller that owns the pod.",
        example: "k8s.rc.labels contains app:web",
        extract: |view, _| labels::joined(&object(view, CONTROLLER)?.labels),
        ..OBJECT
    },
    Field {
        name: "k8s.svc.name",
        doc: "Names of the services that select the pod, separated by comma and blank.",
        example: "k8s.svc.name = web",
        extract: |view, _| services(view, |service| Some(service.name.clone())),
        ..OBJECT
    },
    Field {
        name: "k8s.svc.id",
        doc: "UIDs of the services that select the pod, separated by comma and blank.",
        example: "k8s.svc.id contains 3d1e2f10",
        extract: |view, _| services(view, |service| Some(service.uid.clone())),
        ..OBJECT
    },
    Field {
        name: "k8s.svc.label",
        argument: Argument::LABEL,
        doc: "Value of one label of the services that select the pod, for those that have it.",
        example: "k8s.svc.label[app] = web",
        extract: service_label,
        ..OBJECT
    },
    Field {
        name: "k8s.svc.labels",
        doc: "Labels of the services that select the pod.",
        example: "k8s.svc.labels contains app:web",
        extract: |view, _| {
            services(view, |service| match labels::joined(&service.labels)? {
                Value::Text(text) => Some(String::from_utf8_lossy(&text).into_owned()),
                _ => None,
            })
        },
        ..OBJECT
    },
    Field {
        name: "k8s.ns.name",
        doc: "Kubernetes namespace of the pod.",
        example: "k8s.ns.name = production",
        extract: |view, _| {
            let container = container(view)?;
            label_of(container, "io.kubernetes.pod.namespace")
                .or_else(|| item(&object(view, NAMESPACE)?.name))
        },
        ..TEXT
    },
    Field {
        name: "k8s.ns.id",
        doc: "UID of the pod's namespace.",
        example: "k8s.ns.id = 3d1e2f10-9f4b-4f0c-8d6e-2f1a7c5b9e00",
        extract: |view, _| item(&object(view, NAMESPACE)?.uid),
        ..OBJECT
    },
    Field {
        name: "k8s.ns.label",
        argument: Argument::LABEL,
        doc: "Value of one label of the pod's namespace.",
        example: "k8s.ns.label[team] = shop",
        extract: |view, field| labels::one(&object(view, NAMESPACE)?.labels, &field.arg),
        ..OBJECT
    },
    Field {
        name: "k8s.ns.labels",
        doc: "Labels of the pod's namespace.",
        example: "k8s.ns.labels contains team:shop",
        extract: |view, _| labels::joined(&object(view, NAMESPACE)?.labels),
        ..OBJECT
    },
    Field {
        name: "k8s.rs.name",
        doc: "Name of the replica set that owns the pod.",
        example: "k8s.rs.name startswith web-",
        extract: |view, _| item(&object(view, REPLICA_SET)?.name),
        ..OBJECT
    },
    Field {
        name: "k8s.rs.id",
        doc: "UID of the replica set that owns the pod.",
        example: "k8s.rs.id = 3d1e2f10-9f4b-4f0c-8d6e-2f1a7c5b9e00",
        extract: |view, _| item(&object(view, REPLICA_SET)?.uid),
        ..OBJECT
    },
    Field {
        name: "k8s.rs.label",
        argument: Argument::LABEL,
        doc: "Value of one label of the replica set that owns the pod.",
        example: "k8s.rs.label[app] = web",
        extract: |view, field| labels::one(&object(view, REPLICA_SET)?.labels, &field.arg),
        ..OBJECT
    },
    Field {
        name: "k8s.rs.labels",
        doc: "Labels of the replica set that owns the pod.",
        example: "k8s.rs.labels contains app:web",
        extract: |view, _| labels::joined(&object(view, REPLICA_SET)?.labels),
        ..OBJECT
    },
    Field {
        name: "k8s.deployment.name",
        doc: "Name of the deployment that owns the pod.",
        example: "k8s.deployment.name = web",
        extract: |view, _| item(&object(view, DEPLOYMENT)?.name),
        ..OBJECT
    },
    Field {
        name: "k8s.deployment.id",
        doc: "UID of the deployment that owns the pod.",
        example: "k8s.deployment.id = 3d1e2f10-9f4b-4f0c-8d6e-2f1a7c5b9e00",
        extract: |view, _| item(&object(view, DEPLOYMENT)?.uid),
        ..OBJECT
    },
    Field {
        name: "k8s.deployment.label",
        argument: Argument::LABEL,
        doc: "Value of one label of the deployment that owns the pod.",
        example: "k8s.deployment.label[app] = web",
        extract: |view, field| labels::one(&object(view, DEPLOYMENT)?.labels, &field.arg),
        ..OBJECT
    },
    Field {
        name: "k8s.deployment.labels",
        doc: "Labels of the deployment that owns the pod.",
        example: "k8s.deployment.labels contains app:web",
        extract: |view, _| labels::joined(&object(view, DEPLOYMENT)?.labels),
        ..OBJECT
    },
    Field {
        name: "k8s.pod.ip",
        doc: "Primary IPv4 address of the pod.",
        example: "k8s.pod.ip = 10.244.0.17",
        extract: |view, _| {
            let container = container(view)?;
            match kubernetes(view).map(|kubernetes| kubernetes.pod_ip.as_str()) {
                Some(ip) if !ip.is_empty() => item(ip),
                _ if is_pod(view) => item(&container.ip),
                _ => None,
            }
        },
        ..NEW_TEXT
    },
    Field {
        name: "k8s.pod.cni.json",
        doc: "What the network plugin reported about the pod, as JSON.",
        example: "k8s.pod.cni.json contains cni0",
        extract: |view, _| {
            let container = container(view)?;
            is_pod(view).then(|| text(&container.cni_json))?
        },
        ..NEW_TEXT
    },
    Field {
        name: "k8s.pod.uid",
        doc: "UID of the pod.",
        example: "k8s.pod.uid = 3d1e2f10-9f4b-4f0c-8d6e-2f1a7c5b9e00",
        extract: |view, _| pod_item(view, "io.kubernetes.pod.uid", |pod| &pod.uid),
        ..NEW_TEXT
    },
    Field {
        name: "k8s.pod.sandbox_id",
        doc: "Short id of the container that holds the pod's namespaces.",
        example: "k8s.pod.sandbox_id = 5b6e2b7e9c11",
        extract: |view, _| {
            let id = &container(view)?.pod_sandbox_id;
            item(id.get(..12).unwrap_or(id))
        },
        ..NEW_TEXT
    },
    Field {
        name: "k8s.pod.full_sandbox_id",
        doc: "Full id of the container that holds the pod's namespaces.",
        example: "k8s.pod.full_sandbox_id startswith 5b6e2b7e9c11",
        extract: |view, _| item(&container(view)?.pod_sandbox_id),
        ..NEW_TEXT
    },
    Field {
        name: "k8s.container.name",
        doc: "Name of the container in its pod. New in Quarry.",
        example: "k8s.container.name = nginx",
        extract: |view, _| label_of(container(view)?, "io.kubernetes.container.name"),
        ..NEW_TEXT
    },
    Field {
        name: "k8s.container.restarts",
        doc: "How often the container was started again. New in Quarry.",
        example: "k8s.container.restarts > 3",
        extract: |view, _| kubernetes(view)?.restarts.map(Value::U64),
        ..Field::new(Class::Kubernetes, ValueType::U64)
    },
    Field {
        name: "k8s.pod.qos",
        doc: "Quality of service class of the pod; known before any answer. New in Quarry.",
        values: &["Guaranteed", "Burstable", "BestEffort"],
        example: "k8s.pod.qos = BestEffort",
        extract: |view, _| {
            let told = kubernetes(view).and_then(|kubernetes| item(&kubernetes.qos));
            told.or_else(|| {
                let cgroups = &view.thread()?.cgroups;
                let pod = recognize(cgroups.iter().map(Vec::as_slice))?.pod?;
                Some(Value::text(pod.qos.name()))
            })
        },
        ..NEW_TEXT
    },
    Field {
        name: "k8s.pod.annotation",
        argument: Argument::LABEL,
        doc: "Value of one annotation of the pod. New in Quarry.",
        example: "k8s.pod.annotation[kubernetes.io/config.source] = file",
        extract: |view, field| labels::one(&kubernetes(view)?.pod_annotations, &field.arg),
        ..NEW_TEXT
    },
    Field {
        name: "k8s.node.name",
        doc: "Name of the node that runs the pod. New in Quarry.",
        example: "k8s.node.name = node-1",
        extract: |view, _| item(&kubernetes(view)?.node),
        ..NEW_TEXT
    },
    Field {
        name: "k8s.owner.name",
        doc: "Name of the stateful set, daemon set or job that owns the pod. New in Quarry.",
        example: "k8s.owner.name = db",
        extract: |view, _| item(&kubernetes(view)?.owner.as_ref()?.1.name),
        ..NEW_TEXT
    },
    Field {
        name: "k8s.owner.kind",
        doc: "What owns the pod, if neither replica set nor replication controller: StatefulSet, \
              DaemonSet, Job. New in Quarry.",
        example: "k8s.owner.kind = DaemonSet",
        extract: |view, _| item(&kubernetes(view)?.owner.as_ref()?.0),
        ..NEW_TEXT
    },
];

type Part = fn(&Kubernetes) -> Option<&Object>;

const CONTROLLER: Part = |kubernetes| kubernetes.replication_controller.as_ref();
const NAMESPACE: Part = |kubernetes| kubernetes.namespace.as_ref();
const REPLICA_SET: Part = |kubernetes| kubernetes.replica_set.as_ref();
const DEPLOYMENT: Part = |kubernetes| kubernetes.deployment.as_ref();

fn kubernetes<'a>(view: &View<'a>) -> Option<&'a Kubernetes> {
    container(view)?.kubernetes.as_deref()
}

fn object<'a>(view: &View<'a>, part: Part) -> Option<&'a Object> {
    part(kubernetes(view)?)
}

fn label_of<'a>(container: &'a state::Container, key: &str) -> Option<Value<'a>> {
    let labels = [&container.labels, &container.pod_sandbox_labels];
    labels.into_iter().find_map(|labels| item(labels.get(key)?))
}

/// Something of the pod: as the kubelet labelled the container, else as the API server says.
fn pod_item<'a>(view: &View<'a>, label: &str, of: fn(&Object) -> &String) -> Option<Value<'a>> {
    let container = container(view)?;
    label_of(container, label).or_else(|| item(of(&kubernetes(view)?.pod)))
}

fn is_pod(view: &View<'_>) -> bool {
    pod_item(view, "io.kubernetes.pod.name", |pod| &pod.name).is_some()
}

/// The pod's own labels: those of the sandbox, else those that the API server says.
fn pod_labels<'a>(view: &View<'a>) -> Option<&'a BTreeMap<String, String>> {
    let container = container(view)?;
    if !is_pod(view) {
        return None;
    }
    if !container.pod_sandbox_labels.is_empty() {
        return Some(&container.pod_sandbox_labels);
    }
    Some(kubernetes(view).map_or(&container.pod_sandbox_labels, |k| &k.pod.labels))
}

fn services(view: &View<'_>, of: impl Fn(&Object) -> Option<String>) -> Option<Value<'static>> {
    let services = &kubernetes(view)?.services;
    let items: Vec<String> = services.iter().filter_map(of).collect();
    if items.is_empty() {
        return None;
    }
    owned(items.join(", ").into_bytes())
}

fn service_label<'v>(view: &'v View<'v>, field: &Resolved) -> Option<Value<'v>> {
    let key = labels::key(&field.arg)?;
    services(view, |service| service.labels.get(key).cloned())
}
