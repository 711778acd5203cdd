//! From Docker's answer to "inspect" to our record. Podman's native answer has nearly the same
//! members and is read here too.

use serde_json::Value;
use state::container::{Container, Engine, LookupState, Mount, Port, Probe, Probes};

use crate::image::ImageRef;
use crate::json::{Peek, rfc3339_seconds};

/// Label in which the kubelet of old kept what the user applied.
const APPLIED: &str = "annotation.kubectl.kubernetes.io/last-applied-configuration";

/// Reads an answer to `/containers/ID/json`; `None` when it holds no id.
pub(crate) fn container(inspect: &Value, max_label_len: usize) -> Option<Container> {
    let full_id = inspect.text("/Id");
    if full_id.is_empty() || !full_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let image = inspect.text("/Config/Image");
    let reference = ImageRef::parse(image);
    let env = inspect.texts("/Config/Env");
    let name = inspect.text("/Name");
    let name = name.strip_prefix('/').unwrap_or(name);
    let mut labels = inspect.map("/Config/Labels");
    let probes = probes(inspect, labels.get(APPLIED).map(String::as_str));
    add_kubernetes_labels(name, &mut labels);
    let mesos_task_id = mesos_task_id(&env)
        .or_else(|| labels.get("MESOS_TASK_ID").cloned())
        .unwrap_or_default();
    labels.retain(|_, value| value.len() <= max_label_len);
    let mode = |pointer| inspect.text(pointer) == "host";
    let mut container = Container {
        id: full_id.chars().take(12).collect(),
        full_id: full_id.to_owned(),
        engine: Engine::Docker,
        name: name.to_owned(),
        image: image.to_owned(),
        image_id: without_algorithm(inspect.text("/Image")).to_owned(),
        image_repository: reference.repository,
        image_tag: reference.tag,
        image_digest: reference.digest,
        privileged: inspect.flag("/HostConfig/Privileged"),
        host_pid: mode("/HostConfig/PidMode"),
        host_network: mode("/HostConfig/NetworkMode"),
        host_ipc: mode("/HostConfig/IpcMode"),
        is_pod_sandbox: name.starts_with("k8s_POD")
            || labels
                .get("io.kubernetes.docker.type")
                .is_some_and(|kind| kind == "podsandbox")
            || labels
                .get("com.amazonaws.ecs.container-name")
                .is_some_and(|name| name.starts_with("~internal~")),
        lookup: LookupState::Found,
        created_time_s: rfc3339_seconds(inspect.text("/Created")).unwrap_or(0),
        user: inspect.text("/Config/User").to_owned(),
        mounts: inspect.list("/Mounts").iter().map(mount).collect(),
        probes,
        ip: ip(inspect),
        ports: ports(inspect),
        pod_sandbox_id: labels
            .get("io.kubernetes.sandbox.id")
            .cloned()
            .unwrap_or_default(),
        labels,
        env: scheduler_env(env),
        memory_limit: inspect.int("/HostConfig/Memory"),
        swap_limit: inspect.int("/HostConfig/MemorySwap"),
        cpu_shares: positive_or(inspect.int("/HostConfig/CpuShares"), 1024),
        cpu_quota: inspect.int("/HostConfig/CpuQuota"),
        cpu_period: positive_or(inspect.int("/HostConfig/CpuPeriod"), 100_000),
        cpuset_cpu_count: count_cpus(inspect.text("/HostConfig/CpusetCpus")),
        mesos_task_id,
        size_bytes: inspect
            .pointer("/SizeRw")
            .map_or(-1, |_| inspect.int("/SizeRw")),
        ..Container::default()
    };
    let nano_cpus = inspect.int("/HostConfig/NanoCpus");
    if nano_cpus > 0 {
        container.cpu_quota = nano_cpus.saturating_mul(container.cpu_period) / 1_000_000_000;
    }
    if container.is_pod_sandbox {
        container.pod_sandbox_id.clone_from(&container.full_id);
        container.pod_sandbox_labels.clone_from(&container.labels);
    }
    Some(container)
}

/// Whether the record still wants what only an answer about the image tells.
pub(crate) fn wants_image(container: &Container) -> bool {
    !container.image_id.is_empty()
        && (container.image_repository.is_empty()
            || container.image_tag.is_empty()
            || container.image_digest.is_empty())
}

/// Completes repository, tag and digest from an answer to `/images/ID/json`.
pub(crate) fn add_image(container: &mut Container, image: &Value) {
    let tags = image.texts("/RepoTags");
    let digests = image.texts("/RepoDigests");
    let split = |text: &str| ImageRef::parse(text);
    if container.image_repository.is_empty()
        && let Some(first) = tags.iter().chain(&digests).map(|text| split(text)).next()
    {
        container.image_repository = first.repository;
    }
    let same = |found: &ImageRef| found.repository == container.image_repository;
    if container.image_tag.is_empty()
        && let Some(found) = tags.iter().map(|text| split(text)).find(same)
    {
        container.image_tag = found.tag;
    }
    if container.image_digest.is_empty() {
        let known: Vec<ImageRef> = digests.iter().map(|text| split(text)).collect();
        let only = || {
            let first = known.first()?;
            known
                .iter()
                .all(|other| other.digest == first.digest)
                .then_some(first)
        };
        if let Some(found) = known.iter().find(|found| same(found)).or_else(only) {
            container.image_digest.clone_from(&found.digest);
        }
    }
}

/// The record that a "create" event alone gives, for containers gone before they were asked for.
pub(crate) fn from_event(
    engine: Engine,
    full_id: &str,
    attributes: &Value,
    max_label_len: usize,
) -> Container {
    let image = attributes.text("/image");
    let reference = ImageRef::parse(image);
    let mut labels = attributes.map("");
    for own in ["image", "name", "exitCode", "containerExitCode", "podId"] {
        labels.remove(own);
    }
    labels.retain(|_, value| value.len() <= max_label_len);
    Container {
        id: full_id.chars().take(12).collect(),
        full_id: full_id.to_owned(),
        engine,
        name: attributes.text("/name").to_owned(),
        image: image.to_owned(),
        image_id: reference.id,
        image_tag: if reference.tag.is_empty() {
            "latest".to_owned()
        } else {
            reference.tag
        },
        image_repository: reference.repository,
        image_digest: reference.digest,
        lookup: LookupState::Found,
        labels,
        cpu_shares: 1024,
        cpu_period: 100_000,
        size_bytes: -1,
        ..Container::default()
    }
}

/// The container whose network this one shares.
pub(crate) fn network_of(inspect: &Value) -> Option<&str> {
    inspect
        .text("/HostConfig/NetworkMode")
        .strip_prefix("container:")
}

/// Only variables of schedulers are kept: an environment is full of secrets.
pub(crate) fn scheduler_env(env: Vec<String>) -> Vec<String> {
    let wanted = ["MESOS", "MARATHON", "mesos"];
    let mut env = env;
    env.retain(|variable| wanted.iter().any(|part| variable.contains(part)));
    env
}

/// The task id that Marathon or Chronos put into the environment.
pub(crate) fn mesos_task_id(env: &[String]) -> Option<String> {
    env.iter().find_map(|variable| {
        let value = variable
            .strip_prefix("MESOS_TASK_ID=")
            .or_else(|| variable.strip_prefix("mesos_task_id="))?;
        (!value.is_empty()).then(|| value.to_owned())
    })
}

/// Number of CPUs in a list such as `0-3,8`.
pub(crate) fn count_cpus(list: &str) -> i64 {
    let ranges = list.trim().split(',').filter_map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (i64, i64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (first >= 0 && last >= first).then_some(last.saturating_sub(first).saturating_add(1))
    });
    ranges.fold(0, i64::saturating_add)
}

/// The hexadecimal part of `sha256:HEX`.
pub(crate) fn without_algorithm(id: &str) -> &str {
    id.strip_prefix("sha256:").unwrap_or(id)
}

fn positive_or(value: i64, default: i64) -> i64 {
    if value > 0 { value } else { default }
}

fn mount(value: &Value) -> Mount {
    Mount {
        source: value.text("/Source").to_owned(),
        destination: value.text("/Destination").to_owned(),
        mode: value.text("/Mode").to_owned(),
        writable: value.flag("/RW"),
        propagation: value.text("/Propagation").to_owned(),
    }
}

fn ip(inspect: &Value) -> String {
    let own = inspect.text("/NetworkSettings/IPAddress");
    if !own.is_empty() {
        return own.to_owned();
    }
    let networks = inspect
        .pointer("/NetworkSettings/Networks")
        .and_then(Value::as_object);
    let mut ips = networks
        .into_iter()
        .flatten()
        .map(|(_, network)| network.text("/IPAddress"));
    ips.find(|ip| !ip.is_empty()).unwrap_or("").to_owned()
}

/// Published ports. The event's form has room for TCP over IPv4 only.
fn ports(inspect: &Value) -> Vec<Port> {
    let published = inspect
        .pointer("/NetworkSettings/Ports")
        .and_then(Value::as_object);
    let mut ports = Vec::new();
    for (inside, outside) in published.into_iter().flatten() {
        let Some(container_port) = inside
            .strip_suffix("/tcp")
            .and_then(|port| port.parse().ok())
        else {
            continue;
        };
        for binding in outside.list("") {
            let host_ip = match binding.text("/HostIp") {
                "" => Some(0),
                text => text.parse::<std::net::Ipv4Addr>().ok().map(u32::from),
            };
            let host_port = u16::try_from(binding.int("/HostPort")).ok();
            if let (Some(host_ip), Some(host_port)) = (host_ip, host_port) {
                ports.push(Port {
                    host_ip,
                    host_port,
                    container_port,
                });
            }
        }
    }
    ports
}

/// Kubernetes' probes win over Docker's health check: the kubelet switches the latter off.
fn probes(inspect: &Value, applied: Option<&str>) -> Probes {
    let mut probes = Probes::default();
    if let Some(spec) = applied.and_then(|text| serde_json::from_str::<Value>(text).ok()) {
        let command = |name| probe(&spec.texts(&format!("/spec/containers/0/{name}/exec/command")));
        probes.liveness = command("livenessProbe");
        probes.readiness = command("readinessProbe");
    }
    if probes == Probes::default() {
        let test = inspect.texts("/Config/Healthcheck/Test");
        probes.healthcheck = match test.split_first() {
            Some((kind, command)) if kind == "CMD" => probe(command),
            Some((kind, command)) if kind == "CMD-SHELL" => command.first().map(|text| Probe {
                exe: "/bin/sh".to_owned(),
                args: vec!["-c".to_owned(), text.clone()],
            }),
            _ => None,
        };
    }
    probes
}

fn probe(command: &[String]) -> Option<Probe> {
    let (exe, args) = command.split_first()?;
    Some(Probe {
        exe: exe.clone(),
        args: args.to_vec(),
    })
}

/// `k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT` says what the kubelet's labels say, where they lack.
fn add_kubernetes_labels(name: &str, labels: &mut std::collections::BTreeMap<String, String>) {
    let Some(rest) = name.strip_prefix("k8s_") else {
        return;
    };
    let parts: Vec<&str> = rest.split('_').collect();
    if let [container, pod, namespace, uid, _attempt] = parts[..] {
        for (key, value) in [
            ("io.kubernetes.container.name", container),
            ("io.kubernetes.pod.name", pod),
            ("io.kubernetes.pod.namespace", namespace),
            ("io.kubernetes.pod.uid", uid),
        ] {
            labels
                .entry(key.to_owned())
                .or_insert_with(|| value.to_owned());
        }
    }
}

#[cfg(test)]
#[path = "inspect_tests.rs"]
mod tests;
