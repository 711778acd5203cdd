//! Docker Engine, in a network namespace of its own.

use std::path::Path;

use enrich::{Config, Enricher};
use state::container::Engine;
use testkit::engines::Docker;

use crate::{alone, recognized, record};

fn only_docker(socket: &Path) -> Config {
    Config {
        docker: Some(vec![socket.to_owned()]),
        ..Config::nothing()
    }
}

#[test]
fn containers_of_docker_are_described_before_and_after_the_start() {
    let _alone = alone();
    let Some(docker) = Docker::start() else {
        return;
    };
    let id = docker.run(&[
        "run",
        "-d",
        "--name",
        "web",
        "--label",
        "tier=front",
        "-v",
        "/mnt:/data:ro",
        "-p",
        "18080:80",
        "--memory",
        "32m",
        "--cpus",
        "0.5",
        "-e",
        "MESOS_TASK_ID=web.1",
        "-e",
        "SECRET=x",
        "--health-cmd",
        "true",
        "bb:1",
        "/bin/sleep",
        "1000",
    ]);
    let enricher = Enricher::start(only_docker(&docker.socket)).unwrap();

    let web = record(&enricher, |c| c.name == "web");
    assert_eq!(web.full_id, id);
    assert_eq!(web.id, id[..12]);
    assert_eq!(web.engine, Engine::Docker);
    assert_eq!(
        (
            web.image.as_str(),
            web.image_repository.as_str(),
            web.image_tag.as_str()
        ),
        ("bb:1", "bb", "1")
    );
    assert_eq!(web.image_id.len(), 64);
    assert_eq!(web.labels["tier"], "front");
    assert_eq!(web.mounts[0].to_string(), "/mnt:/data:ro:false:rprivate");
    assert_eq!(web.memory_limit, 32 << 20);
    assert_eq!(web.cpu_quota, 50_000);
    assert_eq!(
        (
            web.ports[0].host_ip,
            web.ports[0].host_port,
            web.ports[0].container_port
        ),
        (0, 18_080, 80)
    );
    assert!(web.ip.starts_with("172."), "{}", web.ip);
    assert_eq!(web.env, ["MESOS_TASK_ID=web.1"]);
    assert_eq!(
        web.probes.healthcheck.as_ref().unwrap().to_string(),
        "/bin/sh -c true"
    );
    assert!(!web.privileged && web.created_time_s > 1_600_000_000);

    // The kernel's view of its first process leads to the same id.
    let pid = docker.run(&["inspect", "-f", "{{.State.Pid}}", "web"]);
    let by_cgroup = recognized(&pid);
    assert_eq!(
        (by_cgroup.engine, by_cgroup.full_id.as_str()),
        (Engine::Docker, id.as_str())
    );

    // Docker's own events tell of new containers without being asked.
    let id = docker.run(&[
        "create",
        "--name",
        "later",
        "--privileged",
        "--network",
        "host",
        "--pid",
        "host",
        "bb:1",
        "/bin/true",
    ]);
    let later = record(&enricher, |c| c.name == "later");
    assert_eq!(later.full_id, id);
    assert!(later.privileged && later.host_network && later.host_pid);
    assert_eq!(enricher.health().all(), []);
}

#[test]
fn a_container_is_looked_up_by_what_its_cgroup_says() {
    let _alone = alone();
    let Some(docker) = Docker::start() else {
        return;
    };
    let enricher = Enricher::start(only_docker(&docker.socket)).unwrap();
    let id = docker.run(&["run", "-d", "bb:1", "/bin/sleep", "1000"]);
    let pid = docker.run(&["inspect", "-f", "{{.State.Pid}}", &id]);
    assert!(enricher.ask(recognized(&pid)));
    let found = record(&enricher, |c| c.full_id == id);
    assert_eq!(found.image, "bb:1");

    // An id that no engine knows is answered too, as failed.
    let unknown = state::container::recognize_path(&format!("/docker/{}", "0".repeat(64))).unwrap();
    enricher.ask(unknown.clone());
    let answer = loop {
        match enricher.next(crate::PATIENCE) {
            Some(answer) if answer.id == unknown.id => break answer,
            Some(_) => {}
            None => panic!("no answer"),
        }
    };
    assert_eq!(answer.lookup, state::container::LookupState::Failed);
}
