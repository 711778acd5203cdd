//! Recorded answers of containerd and CRI-O.

use super::*;
use crate::cri::messages as m;
use crate::fixtures;
use serde_json::json;

fn texts(value: &Value, pointer: &str) -> HashMap<String, String> {
    value.map(pointer).into_iter().collect()
}

/// The message behind an answer that was recorded as JSON.
fn container_answer(json: &Value) -> ContainerStatusResponse {
    let mounts = json.list("/status/mounts").iter().map(|mount| m::Mount {
        container_path: mount.text("/containerPath").to_owned(),
        host_path: mount.text("/hostPath").to_owned(),
        readonly: mount.flag("/readonly"),
        propagation: 0,
    });
    let linux = "/status/resources/linux";
    let number = |name: &str| json.int(&format!("{linux}/{name}"));
    ContainerStatusResponse {
        status: Some(ContainerStatus {
            id: json.text("/status/id").to_owned(),
            metadata: Some(m::ContainerMetadata {
                name: json.text("/status/metadata/name").to_owned(),
                attempt: json.int("/status/metadata/attempt") as u32,
            }),
            created_at_ns: json.int("/status/createdAt"),
            image: Some(m::ImageSpec {
                image: json.text("/status/image/image").to_owned(),
            }),
            image_ref: json.text("/status/imageRef").to_owned(),
            labels: texts(json, "/status/labels"),
            annotations: texts(json, "/status/annotations"),
            mounts: mounts.collect(),
            resources: json.pointer(linux).map(|_| m::Resources {
                linux: Some(LinuxResources {
                    cpu_period: number("cpuPeriod"),
                    cpu_quota: number("cpuQuota"),
                    cpu_shares: number("cpuShares"),
                    memory_limit_in_bytes: number("memoryLimitInBytes"),
                    memory_swap_limit_in_bytes: number("memorySwapLimitInBytes"),
                    cpuset_cpus: json.text(&format!("{linux}/cpusetCpus")).to_owned(),
                }),
            }),
        }),
        info: texts(json, "/info"),
    }
}

fn sandbox_answer(json: &Value) -> PodSandboxStatusResponse {
    let mode = |name: &str| {
        let place = format!("/status/linux/namespaces/options/{name}");
        match json.text(&place) {
            "NODE" => NODE,
            "CONTAINER" => 1,
            _ => 0,
        }
    };
    PodSandboxStatusResponse {
        status: Some(PodSandboxStatus {
            id: json.text("/status/id").to_owned(),
            metadata: Some(m::PodSandboxMetadata {
                name: json.text("/status/metadata/name").to_owned(),
                uid: json.text("/status/metadata/uid").to_owned(),
                namespace: json.text("/status/metadata/namespace").to_owned(),
                attempt: 0,
            }),
            created_at_ns: json.int("/status/createdAt"),
            network: Some(m::PodNetwork {
                ip: json.text("/status/network/ip").to_owned(),
            }),
            linux: Some(m::LinuxSandbox {
                namespaces: Some(m::Namespaces {
                    options: Some(m::NamespaceOptions {
                        network: mode("network"),
                        pid: mode("pid"),
                        ipc: mode("ipc"),
                    }),
                }),
            }),
            labels: texts(json, "/status/labels"),
            annotations: texts(json, "/status/annotations"),
        }),
        info: texts(json, "/info"),
    }
}

#[test]
fn a_pods_container_of_containerd_1_6() {
    let Some(json) = fixtures::json("cri/containerd-1.6-container-status-verbose.json") else {
        return;
    };
    let mut c = container(&container_answer(&json), Engine::Containerd, 100).unwrap();
    assert_eq!((c.id.as_str(), c.name.as_str()), ("56cdc79fcf35", "web"));
    assert_eq!(c.image, "docker.io/library/redis:7.2");
    assert_eq!(c.image_repository, "docker.io/library/redis");
    assert_eq!(c.image_tag, "7.2");
    assert_eq!(
        c.image_digest,
        "sha256:0b479e8e0c503fa24158e4932186f6873f22df9960dd2e180de36fa32713d204"
    );
    assert_eq!(wants_image_id(&c), Some("docker.io/library/redis:7.2"));
    assert_eq!(c.created_time_s, 1_795_223_425);
    assert_eq!(
        (c.cpu_shares, c.cpu_quota, c.cpu_period),
        (512, 50_000, 100_000)
    );
    assert_eq!((c.memory_limit, c.cpuset_cpu_count), (67_108_864, 2));
    assert_eq!(c.mounts[0].to_string(), "/srv/data:/data::false:private");
    assert_eq!(c.user, "0");
    assert!(c.pod_sandbox_id.starts_with("721f53de682d"));
    assert_eq!(c.kubernetes.as_ref().unwrap().restarts, Some(2));
    assert!(!c.privileged);

    let json = fixtures::json("cri/containerd-1.6-pod-sandbox-status-verbose.json").unwrap();
    let answer = sandbox_answer(&json);
    add_sandbox(&mut c, &answer, 100);
    assert!(c.host_network && !c.host_pid && !c.host_ipc);
    assert_eq!(c.pod_sandbox_labels["app"], "web");
    assert_eq!(c.labels["io.kubernetes.pod.name"], "web-5d8f7c9b6d-x2x4z");
    assert!(
        c.kubernetes
            .unwrap()
            .pod_annotations
            .contains_key("kubernetes.io/config.source")
    );

    let pause = sandbox(&answer, Engine::Containerd, 100).unwrap();
    assert!(pause.is_pod_sandbox);
    assert_eq!(pause.image, "registry.k8s.io/pause:3.6");
    assert_eq!(pause.pod_sandbox_id, pause.full_id);
}

#[test]
fn verbose_information_of_both_runtimes() {
    for (name, engine) in [
        (
            "cri/containerd-verbose-container-info.json",
            Engine::Containerd,
        ),
        ("cri/crio-verbose-container-info.json", Engine::CriO),
    ] {
        let Some(info) = fixtures::json(name) else {
            return;
        };
        let answer = ContainerStatusResponse {
            status: Some(ContainerStatus {
                id: "a".repeat(64),
                image_ref: "reg.example.com/a/b@sha256:12".to_owned(),
                ..ContainerStatus::default()
            }),
            info: [("info".to_owned(), info.to_string())].into(),
        };
        let c = container(&answer, engine, 100).unwrap();
        assert_eq!(c.pod_sandbox_id.len(), 64, "{name}");
        assert_eq!(c.image_repository, "reg.example.com/a/b", "{name}");
        assert_eq!(c.image_digest, "sha256:12", "{name}");
        assert_eq!(c.user, "0", "{name}");
        assert!(c.cpu_shares > 0 && !c.image.is_empty(), "{name}: {c:?}");
    }
}

#[test]
fn a_runtime_that_tells_little_gives_a_record_all_the_same() {
    let bare = ContainerStatusResponse {
        status: Some(ContainerStatus {
            id: "abc".to_owned(),
            ..ContainerStatus::default()
        }),
        info: [("info".to_owned(), "{cut".to_owned())].into(),
    };
    let c = container(&bare, Engine::Cri, 100).unwrap();
    assert_eq!(
        (c.id.as_str(), c.image.as_str(), c.cpu_shares),
        ("abc", "", 1024)
    );
    assert_eq!(
        container(&ContainerStatusResponse::default(), Engine::Cri, 100),
        None
    );
    assert_eq!(
        sandbox(&PodSandboxStatusResponse::default(), Engine::Cri, 100),
        None
    );
}

#[test]
fn images_are_named_by_whatever_names_them() {
    let named = |image: &str, image_ref: &str, info: Value| {
        let answer = ContainerStatusResponse {
            status: Some(ContainerStatus {
                id: "abc".to_owned(),
                image: Some(m::ImageSpec {
                    image: image.to_owned(),
                }),
                image_ref: image_ref.to_owned(),
                ..ContainerStatus::default()
            }),
            info: [("info".to_owned(), info.to_string())].into(),
        };
        container(&answer, Engine::CriO, 100).unwrap()
    };
    let id = format!("sha256:{}", "0".repeat(64));
    let spec =
        json!({"runtimeSpec": {"annotations": {"io.kubernetes.cri-o.ImageName": "q.io/a:1"}}});
    let c = named(&id, "q.io/a@sha256:ff", spec);
    assert_eq!((c.image.as_str(), c.image_tag.as_str()), ("q.io/a:1", "1"));
    assert_eq!(
        (c.image_repository.as_str(), c.image_digest.as_str()),
        ("q.io/a", "sha256:ff")
    );
    let c = named(&id, "q.io/a@sha256:ff", json!({}));
    assert_eq!((c.image.as_str(), c.image_tag.as_str()), ("q.io/a", ""));
    let c = named(
        "q.io/a:2",
        "",
        json!({"config": {"image": {"image": id}}, "privileged": true}),
    );
    assert_eq!(c.image_id, "0".repeat(64));
    assert!(c.privileged);
}

#[test]
fn interfaces_are_shown_without_the_hosts_plumbing() {
    let answer = |info: Value, annotations: &[(&str, &str)]| {
        let mut answer =
            sandbox_answer(&json!({"status": {"id": "abc", "network": {"ip": "10.0.0.7"}}}));
        let owned = annotations
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        answer.status.as_mut().unwrap().annotations = owned.collect();
        answer.info = [("info".to_owned(), info.to_string())].into();
        sandbox(&answer, Engine::Containerd, 100).unwrap()
    };
    let interfaces = json!({"cniResult": {"Interfaces": {
        "lo": {}, "veth12": {"Mac": "00"},
        "eth0": {"Mac": "00:11", "Sandbox": "/var/run/netns/x", "IPConfigs": [{"IP": "10.0.0.7"}]}}}});
    let c = answer(interfaces, &[]);
    assert_eq!(c.cni_json, r#"{"eth0":{"IPConfigs":[{"IP":"10.0.0.7"}]}}"#);
    assert_eq!(c.ip, "10.0.0.7");
    let c = answer(json!({}), &[("io.kubernetes.cri-o.CNIResult", "{\"a\":1}")]);
    assert_eq!(c.cni_json, "{\"a\":1}");
    let long = "x".repeat(MAX_CNI_BYTES + 1);
    assert_eq!(
        answer(json!({}), &[("io.kubernetes.cri-o.CNIResult", &long)]).cni_json,
        ""
    );
}
