//! From CRI's answers to our record. The interesting half is in `info`, JSON whose shape is each
//! runtime's own affair.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use state::container::{Container, Engine, Kubernetes, LookupState, Mount};

use super::messages::{
    ContainerStatus, ContainerStatusResponse, LinuxResources, PodSandboxStatus,
    PodSandboxStatusResponse,
};
use crate::docker::inspect::{count_cpus, mesos_task_id, scheduler_env, without_algorithm};
use crate::image::ImageRef;
use crate::json::Peek;

/// CNI results are kept up to this size, as the field's other readers do.
const MAX_CNI_BYTES: usize = 4_096;
const RESTARTS: &str = "io.kubernetes.container.restartCount";
/// Namespace mode of the node itself.
const NODE: i32 = 2;

/// The engine by the name a runtime gives itself.
pub(crate) fn engine_of(runtime_name: &str) -> Engine {
    match runtime_name {
        "containerd" => Engine::Containerd,
        "cri-o" => Engine::CriO,
        _ => Engine::Cri,
    }
}

/// Reads the answer about a container. What the sandbox knows comes later, with [`add_sandbox`].
pub(crate) fn container(
    answer: &ContainerStatusResponse,
    engine: Engine,
    max_label_len: usize,
) -> Option<Container> {
    let status = answer
        .status
        .as_ref()
        .filter(|status| !status.id.is_empty())?;
    let info = info(&answer.info);
    let mut env = info.texts("/runtimeSpec/process/env");
    for variable in info.list("/config/envs") {
        env.push(format!(
            "{}={}",
            variable.text("/key"),
            variable.text("/value")
        ));
    }
    env.sort();
    env.dedup();
    let mut container = Container {
        id: status.id.chars().take(12).collect(),
        full_id: status.id.clone(),
        engine,
        name: status
            .metadata
            .as_ref()
            .map(|m| m.name.clone())
            .unwrap_or_default(),
        privileged: privileged(&info),
        lookup: LookupState::Found,
        created_time_s: status.created_at_ns / 1_000_000_000,
        user: info
            .pointer("/runtimeSpec/process/user/uid")
            .and_then(Value::as_u64)
            .map(|uid| uid.to_string())
            .unwrap_or_default(),
        mounts: status.mounts.iter().map(mount).collect(),
        pod_sandbox_id: info.text("/sandboxID").to_owned(),
        labels: kept(&status.labels, max_label_len),
        mesos_task_id: mesos_task_id(&env).unwrap_or_default(),
        env: scheduler_env(env),
        size_bytes: -1,
        ..Container::default()
    };
    add_image(&mut container, status, &info);
    let given = status
        .resources
        .as_ref()
        .and_then(|resources| resources.linux.as_ref());
    add_limits(&mut container, given, &info);
    let restarts = status
        .annotations
        .get(RESTARTS)
        .and_then(|text| text.parse().ok());
    let attempt = status
        .metadata
        .as_ref()
        .map(|metadata| u64::from(metadata.attempt));
    container.kubernetes = Some(Box::new(Kubernetes {
        restarts: restarts.or(attempt),
        ..Kubernetes::default()
    }));
    Some(container)
}

/// Adds what a container has from its pod: labels, address, namespaces.
pub(crate) fn add_sandbox(
    container: &mut Container,
    answer: &PodSandboxStatusResponse,
    max_label_len: usize,
) {
    let Some(status) = answer.status.as_ref() else {
        return;
    };
    let info = info(&answer.info);
    add_namespaces(container, status);
    container.pod_sandbox_labels = kept(&status.labels, max_label_len);
    if !container.host_network {
        let ip = status.network.as_ref().map(|network| network.ip.clone());
        container.ip = ip.filter(|ip| ip.contains('.')).unwrap_or_default();
    }
    container.cni_json = cni_json(&info, status);
    if let Some(metadata) = &status.metadata {
        for (key, value) in [
            ("io.kubernetes.pod.name", &metadata.name),
            ("io.kubernetes.pod.namespace", &metadata.namespace),
            ("io.kubernetes.pod.uid", &metadata.uid),
        ] {
            let label = container.labels.entry(key.to_owned());
            label.or_insert_with(|| value.clone());
        }
    }
    let kubernetes = container.kubernetes.get_or_insert_default();
    kubernetes.pod_annotations = kept(&status.annotations, max_label_len);
    kubernetes.pod_ip.clone_from(&container.ip);
}

/// Reads the answer about a sandbox that is asked for as a container.
pub(crate) fn sandbox(
    answer: &PodSandboxStatusResponse,
    engine: Engine,
    max_label_len: usize,
) -> Option<Container> {
    let status = answer
        .status
        .as_ref()
        .filter(|status| !status.id.is_empty())?;
    let info = info(&answer.info);
    let image = info.text("/image");
    let reference = ImageRef::parse(image);
    let mut container = Container {
        id: status.id.chars().take(12).collect(),
        full_id: status.id.clone(),
        engine,
        name: status
            .metadata
            .as_ref()
            .map(|m| m.name.clone())
            .unwrap_or_default(),
        image: image.to_owned(),
        image_repository: reference.repository,
        image_tag: reference.tag,
        image_digest: reference.digest,
        is_pod_sandbox: true,
        lookup: LookupState::Found,
        created_time_s: status.created_at_ns / 1_000_000_000,
        pod_sandbox_id: status.id.clone(),
        labels: kept(&status.labels, max_label_len),
        size_bytes: -1,
        ..Container::default()
    };
    add_limits(&mut container, None, &info);
    add_sandbox(&mut container, answer, max_label_len);
    Some(container)
}

/// What to ask the image service for, when the answer lacked the image's id.
pub(crate) fn wants_image_id(container: &Container) -> Option<&str> {
    (container.image_id.is_empty() && !container.image.is_empty()).then_some(&container.image)
}

/// The runtime's own JSON, an empty one if it has none (some distributions cut it off).
fn info(info: &HashMap<String, String>) -> Value {
    let text = info.get("info").map_or("", String::as_str);
    serde_json::from_str(text).unwrap_or_default()
}

fn kept(labels: &HashMap<String, String>, max_label_len: usize) -> BTreeMap<String, String> {
    let short = labels
        .iter()
        .filter(|(_, value)| value.len() <= max_label_len);
    short
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn privileged(info: &Value) -> bool {
    let places = [
        "/runtimeSpec/linux/security_context/privileged",
        "/config/linux/security_context/privileged",
        "/privileged",
    ];
    let mut said = places
        .iter()
        .filter_map(|place| info.pointer(place)?.as_bool());
    said.next().unwrap_or(false)
}

fn mount(mount: &super::messages::Mount) -> Mount {
    let propagation = match mount.propagation {
        0 => "private",
        1 => "rslave",
        2 => "rshared",
        _ => "unknown",
    };
    Mount {
        source: mount.host_path.clone(),
        destination: mount.container_path.clone(),
        mode: String::new(),
        writable: !mount.readonly,
        propagation: propagation.to_owned(),
    }
}

fn add_image(container: &mut Container, status: &ContainerStatus, info: &Value) {
    let given = status
        .image
        .as_ref()
        .map(|image| image.image.as_str())
        .unwrap_or_default();
    let (name, digest) = match status.image_ref.split_once('@') {
        Some((name, digest)) => (name, digest),
        None if status.image_ref.starts_with("sha256:") => ("", status.image_ref.as_str()),
        None => ("", ""),
    };
    let annotation = |key: &str| {
        info.map("/runtimeSpec/annotations")
            .remove(key)
            .unwrap_or_default()
    };
    let is_name = |text: &String| !text.is_empty() && ImageRef::parse(text).id.is_empty();
    let candidates = [
        given.to_owned(),
        annotation("io.kubernetes.cri.image-name"),
        annotation("io.kubernetes.cri-o.ImageName"),
        annotation("io.kubernetes.cri-o.Image"),
        name.to_owned(),
    ];
    let image = candidates
        .into_iter()
        .find(is_name)
        .unwrap_or_else(|| given.to_owned());
    let reference = ImageRef::parse(&image);
    container.image_repository = if name.is_empty() {
        reference.repository
    } else {
        ImageRef::parse(name).repository
    };
    container.image_tag = reference.tag;
    container.image_digest = if digest.is_empty() {
        reference.digest
    } else {
        digest.to_owned()
    };
    container.image = image;
    let configured = without_algorithm(info.text("/config/image/image"));
    if ImageRef::parse(configured).id.len() == 64 {
        container.image_id = configured.to_owned();
    }
}

fn add_limits(container: &mut Container, given: Option<&LinuxResources>, info: &Value) {
    let spec = |pointer: &str| info.int(&format!("/runtimeSpec/linux/resources{pointer}"));
    let from_spec = LinuxResources {
        cpu_period: spec("/cpu/period"),
        cpu_quota: spec("/cpu/quota"),
        cpu_shares: spec("/cpu/shares"),
        memory_limit_in_bytes: spec("/memory/limit"),
        memory_swap_limit_in_bytes: spec("/memory/swap"),
        cpuset_cpus: info
            .text("/runtimeSpec/linux/resources/cpu/cpus")
            .to_owned(),
    };
    let given = given.unwrap_or(&from_spec);
    let first = |a: i64, b: i64, default: i64| {
        [a, b]
            .into_iter()
            .find(|&value| value > 0)
            .unwrap_or(default)
    };
    container.cpu_period = first(given.cpu_period, from_spec.cpu_period, 100_000);
    container.cpu_quota = first(given.cpu_quota, from_spec.cpu_quota, 0);
    container.cpu_shares = first(given.cpu_shares, from_spec.cpu_shares, 1024);
    container.memory_limit = first(
        given.memory_limit_in_bytes,
        from_spec.memory_limit_in_bytes,
        0,
    );
    container.swap_limit = first(
        given.memory_swap_limit_in_bytes,
        from_spec.memory_swap_limit_in_bytes,
        0,
    );
    let cpus = if given.cpuset_cpus.is_empty() {
        &from_spec.cpuset_cpus
    } else {
        &given.cpuset_cpus
    };
    container.cpuset_cpu_count = count_cpus(cpus);
}

fn add_namespaces(container: &mut Container, status: &PodSandboxStatus) {
    let linux = status.linux.as_ref();
    let options = linux.and_then(|linux| linux.namespaces.as_ref()?.options.as_ref());
    if let Some(options) = options {
        container.host_network = options.network == NODE;
        container.host_pid = options.pid == NODE;
        container.host_ipc = options.ipc == NODE;
    }
}

/// The pod's interfaces without those of the plumbing, and without what identifies the host's
/// hardware and files.
fn cni_json(info: &Value, status: &PodSandboxStatus) -> String {
    if let Some(interfaces) = info
        .pointer("/cniResult/Interfaces")
        .and_then(Value::as_object)
    {
        let mut interfaces = interfaces.clone();
        interfaces.retain(|name, _| name != "lo" && !name.starts_with("veth"));
        for interface in interfaces.values_mut().filter_map(Value::as_object_mut) {
            interface.remove("Mac");
            interface.remove("Sandbox");
        }
        let text = Value::Object(interfaces).to_string();
        return if text.len() <= MAX_CNI_BYTES && text != "{}" {
            text
        } else {
            String::new()
        };
    }
    let annotation = status.annotations.get("io.kubernetes.cri-o.CNIResult");
    annotation
        .filter(|text| text.len() <= MAX_CNI_BYTES)
        .cloned()
        .unwrap_or_default()
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
