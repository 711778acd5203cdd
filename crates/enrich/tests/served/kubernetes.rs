//! An API server that answers like a real one: pages, watches, 403 and 410.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use enrich::{Config, Enricher, kubernetes};
use serde_json::{Value, json};

use crate::answer;
use crate::server::{self, Reply, ok};

const ID: &str = "56cdc79fcf35822d8ea3e272370f00138df1d6e10860ad6d68816c71946dbeac";
const POD: &str = "3e41dc6b-08a8-44db-bc2a-3724b18ab19a";

fn pod(labels: Value) -> Value {
    json!({
        "metadata": {
            "name": "web-5d8f7c9b6d-x2x4z", "namespace": "shop", "uid": POD, "labels": labels,
            "resourceVersion": "12",
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "controller": true,
                "name": "web-5d8f7c9b6d", "uid": "rs-uid"}],
        },
        "spec": {"nodeName": "node-1", "containers": [{"name": "web"}]},
        "status": {"phase": "Running", "podIP": "10.0.0.7", "qosClass": "Burstable",
            "containerStatuses": [{"name": "web", "restartCount": 2,
                "containerID": format!("docker://{ID}")}]},
    })
}

fn list(items: &[Value], next: &str) -> String {
    json!({"kind": "List", "metadata": {"resourceVersion": "10", "continue": next}, "items": items})
        .to_string()
}

fn other() -> Value {
    json!({"metadata": {"name": "other", "namespace": "shop", "uid": "other"}})
}

/// The server; watches of pods deliver what is sent into the channel.
fn api_server(changes: Receiver<String>, seen: Arc<Mutex<Vec<String>>>) -> String {
    let changes = Mutex::new(Some(changes));
    server::tcp(move |request| {
        if request.authorization != "Bearer s3cret" {
            return Reply::Body(401, String::new());
        }
        seen.lock().unwrap().push(request.path.clone());
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        if query.contains("watch=1") {
            return match (
                path,
                changes.lock().unwrap().take_if(|_| path == "/api/v1/pods"),
            ) {
                (_, Some(changes)) => Reply::Lines(changes),
                // The version is too old: the list must be read again.
                ("/api/v1/namespaces", None) => Reply::Body(410, String::new()),
                _ => Reply::Quiet,
            };
        }
        match path {
            "/api/v1/pods" if !query.contains("continue=") => ok(list(&[other()], "page 2")),
            "/api/v1/pods" => ok(list(&[pod(json!({"app": "web"}))], "")),
            "/api/v1/namespaces" => ok(list(
                &[json!({"metadata": {"name": "shop", "uid": "ns-uid", "labels": {"team": "a"}}})],
                "",
            )),
            "/api/v1/services" => ok(list(
                &[
                    json!({"metadata": {"name": "front", "namespace": "shop", "uid": "svc-uid"},
                    "spec": {"selector": {"app": "web"}}}),
                ],
                "",
            )),
            "/apis/apps/v1/replicasets" => ok(list(
                &[
                    json!({"metadata": {"name": "web-5d8f7c9b6d", "uid": "rs-uid", "ownerReferences":
                    [{"kind": "Deployment", "name": "web", "uid": "d-uid", "controller": true}]}}),
                ],
                "",
            )),
            "/apis/apps/v1/deployments" => {
                Reply::Body(403, "{\"message\":\"forbidden\"}".to_owned())
            }
            _ => ok(list(&[], "")),
        }
    })
}

/// A Docker with the pod's container, labelled as the kubelet of old did.
fn docker(path: &Path) {
    server::unix(path, |request| match request.path.as_str() {
        "/version" => ok("{}"),
        path if path.contains("/events") => Reply::Quiet,
        "/v1.24/containers/json" => ok(format!("[{{\"Id\":\"{ID}\"}}]")),
        path if path.contains(ID) => ok(json!({
            "Id": ID,
            "Name": format!("/k8s_web_web-5d8f7c9b6d-x2x4z_shop_{POD}_2"),
        })
        .to_string()),
        _ => Reply::Body(404, String::new()),
    });
}

/// Everything together: a node with one container, and the API server.
struct Cluster {
    enricher: Enricher,
    changes: Sender<String>,
    paths: Arc<Mutex<Vec<String>>>,
    _folder: tempfile::TempDir,
}

fn cluster() -> Cluster {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    docker(&at("docker.sock"));
    std::fs::write(at("token"), "s3cret\n").unwrap();
    let (changes, receive) = channel();
    let paths = Arc::default();
    let url = api_server(receive, Arc::clone(&paths));
    let config = Config {
        docker: Some(vec![at("docker.sock")]),
        node_name: Some("node-1".to_owned()),
        kubernetes: Some(kubernetes::Config {
            url,
            token_file: Some(at("token")),
            ..kubernetes::Config::default()
        }),
        ..Config::nothing()
    };
    Cluster {
        enricher: Enricher::start(config).unwrap(),
        changes,
        paths,
        _folder: folder,
    }
}

#[test]
fn a_pods_container_carries_what_the_api_server_knows() {
    let cluster = cluster();
    // Kinds arrive in any order: the last answer has them all.
    let container = answer(&cluster.enricher, |c| {
        c.kubernetes.as_ref().is_some_and(|k| {
            let namespace = k.namespace.as_ref().is_some_and(|n| !n.uid.is_empty());
            namespace
                && !k.services.is_empty()
                && k.deployment.as_ref().is_some_and(|d| d.uid == "d-uid")
        })
    });
    let k = container.kubernetes.unwrap();
    assert!(!k.guessed);
    assert_eq!(
        (k.pod.name.as_str(), k.pod.uid.as_str()),
        ("web-5d8f7c9b6d-x2x4z", POD)
    );
    assert_eq!(
        (k.pod_ip.as_str(), k.qos.as_str(), k.node.as_str()),
        ("10.0.0.7", "Burstable", "node-1")
    );
    assert_eq!(k.restarts, Some(2));
    assert_eq!(k.namespace.unwrap().labels["team"], "a");
    assert_eq!(k.replica_set.unwrap().uid, "rs-uid");
    // Deployments may not be read: the reference still names the one.
    assert_eq!(k.deployment.unwrap().name, "web");
    assert_eq!(k.services[0].name, "front");

    let troubles = cluster.enricher.health().all();
    assert!(
        troubles.iter().all(|t| t.source.ends_with("/deployments")),
        "{troubles:?}"
    );
    assert!(troubles.iter().all(|t| !t.to_string().contains("s3cret")));
    let paths = cluster.paths.lock().unwrap();
    let pods = paths.iter().filter(|path| path.starts_with("/api/v1/pods"));
    assert!(
        pods.into_iter()
            .all(|path| path.contains("fieldSelector=spec.nodeName%3Dnode-1"))
    );
}

#[test]
fn changes_of_a_pod_arrive_through_the_watch() {
    let cluster = cluster();
    answer(&cluster.enricher, |c| {
        c.kubernetes.as_ref().is_some_and(|k| !k.guessed)
    });
    let change = |kind: &str, object: Value| {
        cluster
            .changes
            .send(json!({"type": kind, "object": object}).to_string())
            .unwrap();
    };
    change("BOOKMARK", json!({"metadata": {"resourceVersion": "20"}}));
    change("MODIFIED", pod(json!({"app": "web", "canary": "yes"})));
    let container = answer(&cluster.enricher, |c| {
        let k = c.kubernetes.as_ref();
        k.is_some_and(|k| k.pod.labels.contains_key("canary"))
    });
    assert_eq!(container.kubernetes.unwrap().pod.labels["app"], "web");
}

#[test]
fn configurations_that_cannot_work_are_refused_without_their_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, "-----BEGIN SECRET s3cret").unwrap();
    let base = kubernetes::Config {
        url: "https://127.0.0.1:1".to_owned(),
        ..kubernetes::Config::default()
    };
    let missing = folder.path().join("missing");
    let configs = [
        kubernetes::Config {
            url: "127.0.0.1".to_owned(),
            ..base.clone()
        },
        kubernetes::Config {
            token_file: Some(missing.clone()),
            ..base.clone()
        },
        kubernetes::Config {
            ca_file: Some(missing),
            ..base.clone()
        },
        kubernetes::Config {
            client_certificate: Some((key.clone(), key)),
            ..base
        },
    ];
    for kubernetes in configs {
        let config = Config {
            kubernetes: Some(kubernetes),
            ..Config::nothing()
        };
        let error = Enricher::start(config).unwrap_err().to_string();
        assert!(!error.contains("s3cret"), "{error}");
    }
}
