//! The text of container events.
//!
//! Writing follows the member order other readers were built on. Reading takes what is there:
//! captures of ten years lack members, hold `null` for objects, and carry members of their own.

use std::collections::BTreeMap;

use capture_format::event::STATE_ONLY;
use capture_format::{EventBuf, EventBuilder, EventType};
use serde_json::{Map, Value, json};

use super::{Container, Engine, Kubernetes, LookupState, Mount, Object, Port, Probe, Probes};

/// Why a container event's text could not be used.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The text is no JSON (cut, for instance).
    #[error("container event holds no JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    /// The members that make a container are missing.
    #[error("container event lacks `{0}`")]
    Missing(&'static str),
}

/// `PPME_CONTAINER_JSON_2_E`.
const CONTAINER_JSON_2: EventType = EventType(324);
/// Largest text of one event. Old readers take blocks of 64 KiB at most.
const MAX_TEXT_BYTES: usize = 60_000;

impl Container {
    /// Reads an event's text, with or without the NUL at its end.
    pub fn from_json(text: &[u8]) -> Result<Container, JsonError> {
        let text = text.strip_suffix(b"\0").unwrap_or(text);
        let value: Value = serde_json::from_slice(text)?;
        let members = value
            .get("container")
            .and_then(Value::as_object)
            .ok_or(JsonError::Missing("container"))?;
        let id = text_of(members, "id");
        if id.is_empty() {
            return Err(JsonError::Missing("id"));
        }
        let labels = texts_of(members.get("labels"));
        let engine = match members.get("type").and_then(number) {
            Some(5)
                if labels
                    .get("engine")
                    .is_some_and(|e| e == Engine::Nspawn.name()) =>
            {
                Engine::Nspawn
            }
            Some(5) | None => Engine::Unknown,
            Some(number) => Engine::from_number(u64::try_from(number).unwrap_or(u64::MAX)),
        };
        let full_id = match text_of(members, "full_id") {
            full_id if full_id.is_empty() => id.clone(),
            full_id => full_id,
        };
        Ok(Container {
            id,
            full_id,
            engine,
            name: text_of(members, "name"),
            image: text_of(members, "image"),
            image_id: text_of(members, "imageid"),
            image_repository: text_of(members, "imagerepo"),
            image_tag: text_of(members, "imagetag"),
            image_digest: text_of(members, "imagedigest"),
            privileged: flag_of(members, "privileged"),
            host_pid: flag_of(members, "host_pid"),
            host_network: flag_of(members, "host_network"),
            host_ipc: flag_of(members, "host_ipc"),
            is_pod_sandbox: flag_of(members, "is_pod_sandbox"),
            lookup: match members.get("lookup_state").and_then(number) {
                None | Some(1) => LookupState::Found,
                // A look-up that was still running when the file was written never ended.
                Some(_) => LookupState::Failed,
            },
            created_time_s: number_of(members, "created_time"),
            user: text_of(members, "User"),
            mounts: list_of(members, "Mounts", mount),
            probes: Probes {
                healthcheck: members.get("Healthcheck").and_then(probe),
                liveness: members.get("LivenessProbe").and_then(probe),
                readiness: members.get("ReadinessProbe").and_then(probe),
            },
            ip: match text_of(members, "ip") {
                ip if ip == "0.0.0.0" => String::new(),
                ip => ip,
            },
            cni_json: text_of(members, "cni_json"),
            pod_sandbox_id: text_of(members, "pod_sandbox_id"),
            ports: list_of(members, "port_mappings", port),
            labels,
            pod_sandbox_labels: texts_of(members.get("pod_sandbox_labels")),
            env: list_of(members, "env", |value| value.as_str().map(str::to_owned)),
            memory_limit: number_of(members, "memory_limit"),
            swap_limit: number_of(members, "swap_limit"),
            cpu_shares: number_of(members, "cpu_shares"),
            cpu_quota: number_of(members, "cpu_quota"),
            cpu_period: number_of(members, "cpu_period"),
            cpuset_cpu_count: number_of(members, "cpuset_cpu_count"),
            mesos_task_id: text_of(members, "mesos_task_id"),
            size_bytes: members.get("size").and_then(number).unwrap_or(-1),
            kubernetes: members
                .get("k8s")
                .and_then(Value::as_object)
                .map(|members| Box::new(kubernetes(members))),
        })
    }

    /// The event's text. When it would grow too long for old readers, labels and environment are
    /// left out, then mounts; it is always whole JSON.
    pub fn to_json(&self) -> String {
        let text = self.text();
        if text.len() <= MAX_TEXT_BYTES {
            return text;
        }
        let mut smaller = self.clone();
        smaller.labels = self.nspawn_label();
        smaller.pod_sandbox_labels.clear();
        smaller.env.clear();
        smaller.kubernetes = None;
        let text = smaller.text();
        if text.len() <= MAX_TEXT_BYTES {
            return text;
        }
        smaller.mounts.clear();
        smaller.ports.clear();
        smaller.probes = Probes::default();
        smaller.cni_json.clear();
        let text = smaller.text();
        if text.len() <= MAX_TEXT_BYTES {
            return text;
        }
        // Only the single texts are left, and something is very wrong with them.
        Container {
            id: self.id.clone(),
            full_id: self.full_id.clone(),
            engine: self.engine,
            name: self.name.chars().take(1_000).collect(),
            lookup: self.lookup,
            labels: self.nspawn_label(),
            size_bytes: -1,
            ..Container::default()
        }
        .text()
    }

    /// The event that carries the record, at the time of the last event of the stream. Failed
    /// look-ups change state and are not shown.
    pub fn to_event(&self, timestamp_ns: u64) -> EventBuf {
        let mut event = EventBuilder::new(CONTAINER_JSON_2, timestamp_ns, -1)
            .text(self.to_json())
            .build();
        if self.lookup != LookupState::Found {
            event.block_flags |= STATE_ONLY;
        }
        event
    }

    fn nspawn_label(&self) -> BTreeMap<String, String> {
        let label = ("engine".to_owned(), Engine::Nspawn.name().to_owned());
        BTreeMap::from_iter((self.engine == Engine::Nspawn).then_some(label))
    }

    fn text(&self) -> String {
        let mut labels = self.labels.clone();
        labels.extend(self.nspawn_label());
        let mut out = Members::default();
        out.put("id", &self.id);
        out.put("full_id", &self.full_id);
        out.put("type", self.engine.number());
        out.put("name", &self.name);
        out.put("image", &self.image);
        out.put("imageid", &self.image_id);
        out.put("imagerepo", &self.image_repository);
        out.put("imagetag", &self.image_tag);
        out.put("imagedigest", &self.image_digest);
        out.put("privileged", self.privileged);
        out.put("host_pid", self.host_pid);
        out.put("host_network", self.host_network);
        out.put("host_ipc", self.host_ipc);
        out.put("is_pod_sandbox", self.is_pod_sandbox);
        out.put("lookup_state", self.lookup.number());
        out.put("created_time", self.created_time_s);
        out.put("User", &self.user);
        out.put(
            "Mounts",
            self.mounts.iter().map(mount_json).collect::<Vec<_>>(),
        );
        let probes = [
            ("Healthcheck", &self.probes.healthcheck),
            ("LivenessProbe", &self.probes.liveness),
            ("ReadinessProbe", &self.probes.readiness),
        ];
        for (name, probe) in probes {
            if let Some(probe) = probe {
                out.put(name, json!({"exe": probe.exe, "args": probe.args}));
            }
        }
        let ip = if self.ip.is_empty() {
            "0.0.0.0"
        } else {
            &self.ip
        };
        out.put("ip", ip);
        out.put("cni_json", &self.cni_json);
        out.put("pod_sandbox_id", &self.pod_sandbox_id);
        out.put(
            "port_mappings",
            self.ports.iter().map(port_json).collect::<Vec<_>>(),
        );
        out.put("labels", json!(labels));
        out.put("pod_sandbox_labels", json!(self.pod_sandbox_labels));
        out.put("env", json!(self.env));
        out.put("memory_limit", self.memory_limit);
        out.put("swap_limit", self.swap_limit);
        out.put("cpu_shares", self.cpu_shares);
        out.put("cpu_quota", self.cpu_quota);
        out.put("cpu_period", self.cpu_period);
        out.put("cpuset_cpu_count", self.cpuset_cpu_count);
        if !self.mesos_task_id.is_empty() {
            out.put("mesos_task_id", &self.mesos_task_id);
        }
        out.put("metadata_deadline", 0);
        out.put("size", self.size_bytes);
        if let Some(kubernetes) = &self.kubernetes {
            out.put("k8s", kubernetes_json(kubernetes));
        }
        format!("{{\"container\":{{{}}}}}", out.0)
    }
}

/// Members in the order they were put; a `Map` would sort them.
#[derive(Default)]
struct Members(String);

impl Members {
    fn put(&mut self, name: &str, value: impl serde::Serialize) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(&json!(name).to_string());
        self.0.push(':');
        self.0.push_str(&json!(value).to_string());
    }
}

fn text_of(members: &Map<String, Value>, name: &str) -> String {
    members
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or("")
        .to_owned()
}

fn flag_of(members: &Map<String, Value>, name: &str) -> bool {
    members.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn number_of(members: &Map<String, Value>, name: &str) -> i64 {
    members.get(name).and_then(number).unwrap_or(0)
}

/// A number, or a number written as text.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|float| float as i64)),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn list_of<T>(
    members: &Map<String, Value>,
    name: &str,
    item: impl Fn(&Value) -> Option<T>,
) -> Vec<T> {
    let list = members.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(item).collect()
}

fn texts_of(value: Option<&Value>) -> BTreeMap<String, String> {
    let members = value.and_then(Value::as_object);
    let members = members.into_iter().flatten();
    members
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn mount(value: &Value) -> Option<Mount> {
    let members = value.as_object()?;
    Some(Mount {
        source: text_of(members, "Source"),
        destination: text_of(members, "Destination"),
        mode: text_of(members, "Mode"),
        writable: flag_of(members, "RW"),
        propagation: text_of(members, "Propagation"),
    })
}

fn mount_json(mount: &Mount) -> Value {
    json!({
        "Source": mount.source,
        "Destination": mount.destination,
        "Mode": mount.mode,
        "RW": mount.writable,
        "Propagation": mount.propagation,
    })
}

fn port(value: &Value) -> Option<Port> {
    let member = |name| value.get(name).and_then(number).unwrap_or(0);
    Some(Port {
        host_ip: u32::try_from(member("HostIp")).unwrap_or(0),
        host_port: u16::try_from(member("HostPort")).ok()?,
        container_port: u16::try_from(member("ContainerPort")).ok()?,
    })
}

fn port_json(port: &Port) -> Value {
    json!({
        "HostIp": port.host_ip,
        "HostPort": port.host_port,
        "ContainerPort": port.container_port,
    })
}

fn probe(value: &Value) -> Option<Probe> {
    let members = value.as_object()?;
    Some(Probe {
        exe: text_of(members, "exe"),
        args: list_of(members, "args", |arg| arg.as_str().map(str::to_owned)),
    })
}

fn kubernetes(members: &Map<String, Value>) -> Kubernetes {
    let object_of = |name: &str| members.get(name).and_then(object);
    Kubernetes {
        pod: object_of("pod").unwrap_or_default(),
        pod_ip: text_of(members, "pod_ip"),
        pod_annotations: texts_of(members.get("pod_annotations")),
        qos: text_of(members, "qos"),
        node: text_of(members, "node"),
        restarts: members
            .get("restarts")
            .and_then(number)
            .and_then(|restarts| u64::try_from(restarts).ok()),
        namespace: object_of("namespace"),
        replication_controller: object_of("rc"),
        replica_set: object_of("rs"),
        deployment: object_of("deployment"),
        owner: object_of("owner").map(|owner| (text_of(members, "owner_kind"), owner)),
        services: list_of(members, "services", object),
        guessed: flag_of(members, "guessed"),
    }
}

fn kubernetes_json(kubernetes: &Kubernetes) -> Value {
    let object = |object: &Option<Object>| object.as_ref().map(object_json);
    let (kind, owner) = kubernetes.owner.clone().unzip();
    let mut value = json!({
        "pod": object_json(&kubernetes.pod),
        "pod_ip": kubernetes.pod_ip,
        "pod_annotations": kubernetes.pod_annotations,
        "qos": kubernetes.qos,
        "node": kubernetes.node,
        "restarts": kubernetes.restarts,
        "namespace": object(&kubernetes.namespace),
        "rc": object(&kubernetes.replication_controller),
        "rs": object(&kubernetes.replica_set),
        "deployment": object(&kubernetes.deployment),
        "owner_kind": kind,
        "owner": object(&owner),
        "services": kubernetes.services.iter().map(object_json).collect::<Vec<_>>(),
        "guessed": kubernetes.guessed,
    });
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    value
}

fn object(value: &Value) -> Option<Object> {
    let members = value.as_object()?;
    Some(Object {
        name: text_of(members, "name"),
        uid: text_of(members, "uid"),
        labels: texts_of(members.get("labels")),
    })
}

fn object_json(object: &Object) -> Value {
    json!({"name": object.name, "uid": object.uid, "labels": object.labels})
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
