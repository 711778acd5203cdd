//! The ECS agent and the task metadata endpoint, as recorded.

use std::path::Path;

use enrich::{Config, Enricher, ecs};
use state::container::recognize_path;

use crate::server::{self, Reply, ok};
use crate::{answer, fixture};

fn agent() -> Option<String> {
    let about = fixture("ecs/doc-ecs-agent-introspection-1.json")?;
    let tasks = fixture("ecs/doc-ecs-agent-introspection-2.json")?;
    Some(server::tcp(move |request| match request.path.as_str() {
        "/v1/metadata" => ok(about.clone()),
        "/v1/tasks" => ok(tasks.clone()),
        _ => Reply::Body(404, String::new()),
    }))
}

/// A Docker that runs a container of one of the agent's tasks, without any labels.
fn docker(path: &Path, id: &str) {
    let id = id.to_owned();
    server::unix(path, move |request| match request.path.as_str() {
        "/version" => ok("{}"),
        path if path.contains("/events") => Reply::Quiet,
        "/v1.24/containers/json" => ok(format!("[{{\"Id\":\"{id}\"}}]")),
        path if path.contains(&id) => ok(format!(
            "{{\"Id\":\"{id}\",\"Name\":\"/ecs-hello_world-8-mysql\",\"Config\":{{\"Image\":\"mysql:8\"}}}}"
        )),
        _ => Reply::Body(404, String::new()),
    });
}

#[test]
fn an_agents_tasks_label_containers_of_docker() {
    let Some(agent_url) = agent() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let id = "9581a69a761a557fbfce1d0f6745e4af5b9dbfb86b6b2c5c4df156f1a5932ff1";
    docker(&socket, id);
    let config = Config {
        docker: Some(vec![socket]),
        ecs: Some(ecs::Config {
            agent_url: Some(agent_url),
            task_url: None,
        }),
        ..Config::nothing()
    };
    let enricher = Enricher::start(config).unwrap();
    let labels = answer(&enricher, |c| {
        c.full_id == id && c.labels.contains_key("com.amazonaws.ecs.task-arn")
    })
    .labels;
    assert_eq!(labels["com.amazonaws.ecs.container-name"], "mysql");
    assert_eq!(
        labels["com.amazonaws.ecs.task-definition-family"],
        "hello_world"
    );
    assert_eq!(labels["com.amazonaws.ecs.task-definition-version"], "8");
    assert_eq!(labels["com.amazonaws.ecs.cluster"], "cluster_name");
}

#[test]
fn inside_a_task_its_metadata_describes_all_its_containers() {
    let Some(task) = fixture("ecs/doc-task-metadata-endpoint-v4-3.json") else {
        return;
    };
    let url = server::tcp(move |request| match request.path.as_str() {
        "/v4/abc/task" => ok(task.clone()),
        _ => Reply::Body(404, String::new()),
    });
    let config = Config {
        ecs: Some(ecs::Config {
            agent_url: None,
            task_url: Some(format!("{url}/v4/abc")),
        }),
        ..Config::nothing()
    };
    let enricher = Enricher::start(config).unwrap();
    let path = "/ecs/158d1c8083dd49d6b527399fd6414f5c/\
                ee08638adaaf009d78c248913f629e38299471d45fe7dc944d1039077e3424ca";
    enricher.ask(recognize_path(path).unwrap());
    let curl = answer(&enricher, |c| c.id == "ee08638adaaf");
    assert_eq!(curl.labels["com.amazonaws.ecs.service"], "MyService");
    assert_eq!(curl.labels["com.amazonaws.ecs.launch-type"], "EC2");
    assert_eq!(curl.image_tag, "latest");
    assert_eq!(enricher.health().all(), []);
}

#[test]
fn a_host_without_an_agent_says_nothing() {
    // The port is free again: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = Config {
        ecs: Some(ecs::Config {
            agent_url: Some(format!("http://{free}")),
            task_url: None,
        }),
        ..Config::nothing()
    };
    let enricher = Enricher::start(config).unwrap();
    while !enricher.settled() {
        enricher.next(std::time::Duration::from_millis(10));
    }
    assert_eq!(enricher.health().all(), []);
}
