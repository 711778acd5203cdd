//! Recorded answers of Docker, old and new, and what must come out of each.

use super::*;
use crate::fixtures;
use serde_json::json;

fn read(name: &str) -> Option<Container> {
    let answer = fixtures::json(&format!("docker/{name}.json"))?;
    Some(container(&answer, 100).expect(name))
}

#[test]
fn a_mesos_task_of_docker_20_10() {
    let Some(c) = read("engine-20.10-inspect-mesos-task") else {
        return;
    };
    assert_eq!(c.id, "833591de52b2");
    assert_eq!(c.full_id.len(), 64);
    assert_eq!(c.engine, Engine::Docker);
    assert_eq!(c.name, "mesos-7a8f1b2c-0d3e-4f5a-9b6c-1d2e3f4a5b6c");
    assert_eq!(c.image, "redis:7.2");
    assert_eq!(
        c.image_id,
        "0b479e8e0c503fa24158e4932186f6873f22df9960dd2e180de36fa32713d204"
    );
    assert_eq!(
        (c.image_repository.as_str(), c.image_tag.as_str()),
        ("redis", "7.2")
    );
    assert_eq!(c.created_time_s, 1_795_223_167);
    assert_eq!(c.memory_limit, 67_108_864);
    assert_eq!(c.swap_limit, 134_217_728);
    assert_eq!((c.cpu_shares, c.cpu_quota, c.cpu_period), (102, 0, 100_000));
    assert_eq!(c.cpuset_cpu_count, 2);
    assert_eq!(
        c.mounts[0].to_string(),
        "/srv/data:/mnt/mesos/sandbox::true:rprivate"
    );
    assert_eq!(
        c.mesos_task_id,
        "web.instance-0a1b2c3d-1111-2222-3333-444455556666._app.1"
    );
    assert_eq!(c.labels["vendor"], "example");
    assert_eq!(c.env.len(), 4, "{:?}", c.env);
    assert!(!c.privileged && !c.host_pid && !c.host_network && !c.host_ipc);
}

#[test]
fn host_namespaces_long_labels_and_a_health_check() {
    let Some(c) = read("engine-20.10-inspect-host-namespaces-health") else {
        return;
    };
    assert!(c.host_pid && c.host_network && c.host_ipc && !c.privileged);
    let health = c.probes.healthcheck.expect("a health check");
    assert_eq!(health.to_string(), "/bin/sh -c cat /data/ok");
    assert!(!c.labels.contains_key("com.example.long"));
    assert!(c.labels.contains_key("quote"));
    assert_eq!(c.env, Vec::<String>::new());
}

#[test]
fn a_privileged_container_that_never_ran() {
    let Some(c) = read("engine-20.10-inspect-created-privileged") else {
        return;
    };
    assert!(c.privileged && c.host_network);
    assert_eq!((c.name.as_str(), c.ip.as_str()), ("priv", ""));
}

#[test]
fn answers_of_old_engines() {
    let Some(old) = read("docker-java-1.22-inspect") else {
        return;
    };
    assert_eq!(
        (old.name.as_str(), old.image.as_str()),
        ("drunk_golick", "busybox")
    );
    let health = read("docker-java-1.24-inspect").unwrap();
    assert_eq!(health.ip, "172.17.0.2");
    assert_eq!(
        health.probes.healthcheck.unwrap().to_string(),
        "/bin/sh -c mysqladmin ping --silent"
    );
    let full = read("docker-java-inspect-full").unwrap();
    let ports: Vec<_> = full
        .ports
        .iter()
        .map(|p| (p.host_port, p.container_port))
        .collect();
    assert_eq!(ports, [(8080, 8080), (8081, 8081)]);
    assert_eq!(full.image_repository, "jenkinsci/workflow-demo");
    let overlay = read("spotify-1.22-containerInfo").unwrap();
    assert_eq!(overlay.ip, "10.0.1.3");
    assert_eq!(overlay.image_repository, "10.110.13.187:5001/bsp");
    assert_eq!(
        overlay.ports,
        [Port {
            host_ip: 0x0a6e_0d1f,
            host_port: 32_771,
            container_port: 8080
        }]
    );
}

#[test]
fn every_recorded_answer_is_read_without_a_panic() {
    for name in fixtures::all("docker")
        .into_iter()
        .chain(fixtures::all("podman"))
    {
        for line in fixtures::bytes(&name)
            .unwrap_or_default()
            .split(|&b| b == b'\n')
        {
            if let Ok(value) = serde_json::from_slice::<Value>(line) {
                let _ = container(&value, 100);
            }
        }
        if let Ok(value) =
            serde_json::from_slice::<Value>(&fixtures::bytes(&name).unwrap_or_default())
        {
            let _ = container(&value, 100);
        }
    }
}

#[test]
fn images_complete_what_the_user_did_not_say() {
    let named = |image: &str| {
        let answer =
            json!({"Id": "a".repeat(64), "Image": "sha256:ff", "Config": {"Image": image}});
        container(&answer, 100).unwrap()
    };
    let image = json!({
        "RepoTags": ["other:1", "redis:7.2"],
        "RepoDigests": ["other@sha256:aa", "redis@sha256:bb"],
    });
    let mut by_name = named("redis");
    assert!(wants_image(&by_name));
    add_image(&mut by_name, &image);
    assert_eq!(
        (by_name.image_tag.as_str(), by_name.image_digest.as_str()),
        ("7.2", "sha256:bb")
    );

    let mut by_id = named(&format!("sha256:{}", "0".repeat(64)));
    add_image(&mut by_id, &image);
    assert_eq!(
        (
            by_id.image_repository.as_str(),
            by_id.image_tag.as_str(),
            by_id.image_digest.as_str()
        ),
        ("other", "1", "sha256:aa")
    );

    // A digest of another name counts only when there is no other.
    let mut elsewhere = named("local/redis:1");
    add_image(&mut elsewhere, &image);
    assert_eq!(elsewhere.image_digest, "");
    add_image(
        &mut elsewhere,
        &json!({"RepoDigests": ["x@sha256:cc", "y@sha256:cc"]}),
    );
    assert_eq!(elsewhere.image_digest, "sha256:cc");
}

#[test]
fn the_kubelets_names_stand_in_for_its_labels() {
    let answer = json!({
        "Id": "a".repeat(64),
        "Name": "/k8s_web_web-5d8f-x2x4z_shop_3e41dc6b-08a8-44db-bc2a-3724b18ab19a_2",
        "Config": {"Labels": {"io.kubernetes.sandbox.id": "721f53de682d", APPLIED:
            r#"{"spec":{"containers":[{"livenessProbe":{"exec":{"command":["/live","-v"]}}}]}}"#},
            "Healthcheck": {"Test": ["CMD", "/health"]}},
        "HostConfig": {"NanoCpus": 1_500_000_000_i64},
    });
    let c = container(&answer, 100).unwrap();
    assert_eq!(c.labels["io.kubernetes.pod.name"], "web-5d8f-x2x4z");
    assert_eq!(c.labels["io.kubernetes.pod.namespace"], "shop");
    assert_eq!(c.pod_sandbox_id, "721f53de682d");
    assert_eq!(c.probes.liveness.unwrap().to_string(), "/live -v");
    assert_eq!(c.probes.healthcheck, None);
    assert_eq!((c.cpu_quota, c.is_pod_sandbox), (150_000, false));
    let pause = json!({"Id": "b".repeat(64), "Name": "/k8s_POD_web_shop_uid_0"});
    assert!(container(&pause, 100).unwrap().is_pod_sandbox);
}

#[test]
fn odd_answers_give_a_record_or_none() {
    assert_eq!(container(&json!({}), 100), None);
    assert_eq!(container(&json!([]), 100), None);
    assert_eq!(container(&json!({"Id": "../../etc"}), 100), None);
    let odd = json!({"Id": "abc", "Name": null, "Config": null, "HostConfig": [],
        "Mounts": {"a": 1}, "NetworkSettings": {"Ports": {"x": 1, "80/tcp": [{"HostPort": "99999"}]}}});
    let c = container(&odd, 100).unwrap();
    assert_eq!(
        (c.id.as_str(), c.ports.len(), c.mounts.len()),
        ("abc", 0, 0)
    );
    let healthy = |test: Value| {
        let answer = json!({"Id": "abc", "Config": {"Healthcheck": {"Test": test}}});
        container(&answer, 100)
            .unwrap()
            .probes
            .healthcheck
            .map(|probe| probe.to_string())
    };
    assert_eq!(healthy(json!(["NONE"])), None);
    assert_eq!(healthy(json!(["CMD"])), None);
    assert_eq!(healthy(json!(["CMD", "/a", "b"])).as_deref(), Some("/a b"));
    assert_eq!(count_cpus("0-3,8, 10-11"), 7);
    assert_eq!(count_cpus("x-3,5-2,-1"), 0);
}

#[test]
fn a_create_event_alone_names_a_container() {
    let Some(events) = fixtures::bytes("docker/engine-20.10-events.ndjson") else {
        return;
    };
    let first = events.split(|&b| b == b'\n').next().unwrap();
    let event: Value = serde_json::from_slice(first).unwrap();
    let attributes = event.pointer("/Actor/Attributes").unwrap();
    let c = from_event(Engine::Docker, event.text("/Actor/ID"), attributes, 100);
    assert_eq!((c.id.as_str(), c.name.as_str()), ("934350dd6a15", "ev"));
    assert_eq!(
        (c.image.as_str(), c.image_tag.as_str()),
        ("redis:7.2", "7.2")
    );
    let keys: Vec<_> = c.labels.keys().map(String::as_str).collect();
    assert_eq!(keys, ["a", "vendor"]);
}
