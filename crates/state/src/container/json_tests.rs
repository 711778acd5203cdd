//! Container events: there and back, and what old or broken writers left.

use super::*;

/// A container with every member set.
fn full() -> Container {
    let texts = |items: &[(&str, &str)]| -> BTreeMap<String, String> {
        let owned = items
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        owned.collect()
    };
    let object = |name: &str| Object {
        name: name.to_owned(),
        uid: format!("uid-of-{name}"),
        labels: texts(&[("app", name)]),
    };
    let probe = |exe: &str| {
        Some(Probe {
            exe: exe.to_owned(),
            args: vec!["-c".to_owned(), "exit 0".to_owned()],
        })
    };
    Container {
        id: "833591de52b2".to_owned(),
        full_id: "833591de52b2c338".to_owned(),
        engine: Engine::Podman,
        name: "web".to_owned(),
        image: "redis:7.2".to_owned(),
        image_id: "0b47".to_owned(),
        image_repository: "redis".to_owned(),
        image_tag: "7.2".to_owned(),
        image_digest: "sha256:12".to_owned(),
        privileged: true,
        host_pid: true,
        host_network: true,
        host_ipc: true,
        is_pod_sandbox: true,
        lookup: LookupState::Found,
        created_time_s: 1_795_223_167,
        user: "1000".to_owned(),
        mounts: vec![Mount {
            source: "/srv/\"data\"".to_owned(),
            destination: "/data".to_owned(),
            mode: "ro".to_owned(),
            writable: true,
            propagation: "rprivate".to_owned(),
        }],
        probes: Probes {
            healthcheck: probe("/bin/sh"),
            liveness: probe("/live"),
            readiness: probe("/ready"),
        },
        ip: "172.17.0.2".to_owned(),
        cni_json: "{}".to_owned(),
        pod_sandbox_id: "721f53de682d".to_owned(),
        ports: vec![Port {
            host_ip: 0x7f00_0001,
            host_port: 32_768,
            container_port: 80,
        }],
        labels: texts(&[("k", "v\n")]),
        pod_sandbox_labels: texts(&[("app", "shop")]),
        env: vec!["MESOS_TASK_ID=web.1".to_owned()],
        memory_limit: 67_108_864,
        swap_limit: -1,
        cpu_shares: 1024,
        cpu_quota: 50_000,
        cpu_period: 100_000,
        cpuset_cpu_count: 2,
        mesos_task_id: "web.1".to_owned(),
        size_bytes: 12,
        kubernetes: Some(Box::new(Kubernetes {
            pod: object("web-5d8f-x2x4z"),
            pod_ip: "10.0.0.7".to_owned(),
            pod_annotations: texts(&[("a", "b")]),
            qos: "Burstable".to_owned(),
            node: "node-1".to_owned(),
            restarts: Some(2),
            namespace: Some(object("shop")),
            replication_controller: Some(object("rc")),
            replica_set: Some(object("web-5d8f")),
            deployment: Some(object("web")),
            owner: Some(("Job".to_owned(), object("job"))),
            services: vec![object("front"), object("back")],
            guessed: true,
        })),
    }
}

#[test]
fn what_is_written_is_read() {
    let container = full();
    assert_eq!(
        Container::from_json(container.to_json().as_bytes()).unwrap(),
        container
    );
    let unknown = Container {
        id: "x".to_owned(),
        full_id: "x".to_owned(),
        size_bytes: -1,
        ..Container::default()
    };
    assert_eq!(
        Container::from_json(unknown.to_json().as_bytes()).unwrap(),
        unknown
    );
}

#[test]
fn members_stand_in_the_order_readers_know() {
    let text = full().to_json();
    let places: Vec<_> = [
        "\"id\"",
        "\"full_id\"",
        "\"type\"",
        "\"Mounts\"",
        "\"labels\"",
        "\"size\"",
        "\"k8s\"",
    ]
    .iter()
    .map(|member| text.find(member).expect(member))
    .collect();
    assert!(places.is_sorted());
    assert!(text.starts_with("{\"container\":{\"id\":\"833591de52b2\""));
}

#[test]
fn nspawn_travels_as_custom_with_a_label() {
    let container = Container {
        id: "debian".to_owned(),
        engine: Engine::Nspawn,
        ..Container::default()
    };
    let text = container.to_json();
    assert!(text.contains("\"type\":5") && text.contains("\"engine\":\"systemd-nspawn\""));
    let back = Container::from_json(text.as_bytes()).unwrap();
    assert_eq!(back.engine, Engine::Nspawn);
}

#[test]
fn old_and_odd_events_are_read() {
    let oldest = br#"{"container":{"id":"abc","type":0,"name":"n","image":"i"}}"#;
    let container = Container::from_json(oldest).unwrap();
    assert_eq!(container.lookup, LookupState::Found);
    assert_eq!(
        (container.full_id.as_str(), container.size_bytes),
        ("abc", -1)
    );

    let odd =
        br#"{"container":{"id":"abc","type":"7","labels":null,"Mounts":null,"env":[1,"A=MESOS"],
        "port_mappings":[{"HostPort":99999999},{"HostPort":80}],"lookup_state":0,
        "ip":"0.0.0.0","created_time":"12","privileged":null,"surprise":{"deep":[1]}}}"#;
    let container = Container::from_json(odd).unwrap();
    assert_eq!(container.engine, Engine::Containerd);
    assert_eq!(container.env, ["A=MESOS"]);
    assert_eq!((container.ports.len(), container.created_time_s), (1, 12));
    assert_eq!(container.lookup, LookupState::Failed);
    assert_eq!(container.ip, "");
}

#[test]
fn broken_events_are_errors_and_no_panics() {
    let whole = full().to_json();
    for end in 0..whole.len() {
        if whole.is_char_boundary(end) {
            assert!(Container::from_json(&whole.as_bytes()[..end]).is_err());
        }
    }
    for text in [
        "null",
        "[]",
        "{}",
        "{\"container\":1}",
        "{\"container\":{\"id\":\"\"}}",
    ] {
        assert!(Container::from_json(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn too_much_text_loses_labels_first_and_mounts_next() {
    let mut container = full();
    container
        .labels
        .insert("big".to_owned(), "x".repeat(MAX_TEXT_BYTES));
    let back = Container::from_json(container.to_json().as_bytes()).unwrap();
    assert!(back.labels.is_empty() && back.mounts.len() == 1);

    container.mounts[0].source = "y".repeat(MAX_TEXT_BYTES);
    let back = Container::from_json(container.to_json().as_bytes()).unwrap();
    assert!(back.mounts.is_empty() && back.image == "redis:7.2");

    container.image = "z".repeat(MAX_TEXT_BYTES);
    let text = container.to_json();
    assert!(text.len() <= MAX_TEXT_BYTES);
    assert_eq!(
        Container::from_json(text.as_bytes()).unwrap().id,
        container.id
    );
}
