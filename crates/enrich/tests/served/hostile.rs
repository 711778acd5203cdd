//! Engines that hang, lie, fail or drown their client.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use enrich::{Config, Enricher};
use state::container::{LookupState, Recognized, recognize_path};

use crate::server::{self, Reply, Request, ok};
use crate::{PATIENCE, answer};

fn socket(folder: &Path) -> PathBuf {
    folder.join("docker.sock")
}

fn config(folder: &Path) -> Config {
    Config {
        docker: Some(vec![socket(folder)]),
        timeout: Duration::from_millis(50),
        ..Config::nothing()
    }
}

fn docker(digit: &str) -> Recognized {
    recognize_path(&format!("/docker/{}", digit.repeat(64))).expect("a Docker path")
}

/// Asks for a container that the engine does not describe; the answer must be "failed", and the
/// trouble must be told once, with a count.
fn fails(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static, words: &str) {
    let folder = tempfile::tempdir().unwrap();
    server::unix(&socket(folder.path()), handler);
    let enricher = Enricher::start(config(folder.path())).unwrap();
    enricher.ask(docker("a"));
    let failed = answer(&enricher, |c| c.id == "aaaaaaaaaaaa");
    assert_eq!(failed.lookup, LookupState::Failed);
    let troubles = enricher.health().all();
    assert!(
        troubles
            .iter()
            .any(|trouble| trouble.message.contains(words)),
        "no `{words}` in {troubles:?}"
    );
    assert!(troubles.len() <= 3, "{troubles:?}");
    assert!(
        troubles.iter().any(|trouble| trouble.count > 1),
        "{troubles:?}"
    );
}

#[test]
fn an_engine_that_hangs_costs_nothing_but_names() {
    fails(|_| Reply::Silence, "no answer within 50 ms");
}

#[test]
fn an_engine_that_answers_garbage_is_no_engine() {
    fails(|_| Reply::Garbage, "unreadable answer");
}

#[test]
fn an_engine_that_answers_other_json_is_no_engine() {
    fails(
        |request| match request.path.as_str() {
            "/version" => ok("{}"),
            _ => ok("[1, {\"Id\": null}]"),
        },
        "unreadable answer",
    );
}

#[test]
fn an_engine_that_fails_says_so_once() {
    fails(
        |_| Reply::Body(500, "{\"message\":\"out of order\"}".to_owned()),
        "out of order",
    );
}

#[test]
fn fifty_megabytes_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let counts = server::unix(&socket(folder.path()), |request| {
        match request.path.as_str() {
            "/version" => ok("{}"),
            path if path.contains("/events") => Reply::Quiet,
            _ => Reply::Huge(50 << 20),
        }
    });
    let config = Config {
        timeout: Duration::from_secs(20),
        ..config(folder.path())
    };
    let enricher = Enricher::start(config).unwrap();
    enricher.ask(docker("b"));
    let failed = answer(&enricher, |c| c.id == "bbbbbbbbbbbb");
    assert_eq!(failed.lookup, LookupState::Failed);
    let troubles = enricher.health().all();
    assert!(
        troubles.iter().any(|t| t.message.contains("larger than")),
        "{troubles:?}"
    );
    let requests = counts.requests.load(Ordering::Relaxed);
    let sent = counts.body_bytes.load(Ordering::Relaxed);
    assert!(
        sent < requests * (10 << 20),
        "{sent} bytes of {requests} answers"
    );
}

#[test]
fn a_line_without_an_end_is_not_read_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let counts = server::unix(&socket(folder.path()), |request| {
        match request.path.as_str() {
            "/version" => ok("{}"),
            path if path.contains("/events") => Reply::Huge(50 << 20),
            _ => ok("[]"),
        }
    });
    let enricher = Enricher::start(config(folder.path())).unwrap();
    // The connection is given up; questions are answered as before.
    enricher.ask(docker("c"));
    answer(&enricher, |c| c.id == "cccccccccccc");
    let sent = counts.body_bytes.load(Ordering::Relaxed);
    let requests = counts.requests.load(Ordering::Relaxed);
    assert!(
        sent < requests * (10 << 20),
        "{sent} bytes of {requests} answers"
    );
}

#[test]
fn a_hanging_engine_does_not_hold_up_another() {
    let folder = tempfile::tempdir().unwrap();
    server::unix(&socket(folder.path()), |_| Reply::Silence);
    let working = folder.path().join("podman.sock");
    server::unix(&working, |request| match request.path.as_str() {
        "/version" => {
            ok(r#"{"Components":[{"Name":"Podman Engine","Details":{"APIVersion":"4.3.1"}}]}"#)
        }
        "/v4.3.1/libpod/containers/json" => ok("[]"),
        path if path.contains("/events") => Reply::Quiet,
        path => {
            let id = path.split('/').nth(4).unwrap_or_default();
            ok(format!(
                "{{\"Id\":\"{id}\",\"Name\":\"works\",\"ImageName\":\"bb:1\"}}"
            ))
        }
    });
    let config = Config {
        podman: Some(vec![working]),
        timeout: PATIENCE,
        ..config(folder.path())
    };
    let enricher = Enricher::start(config).unwrap();
    // More questions than the hanging socket takes at once.
    for digit in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] {
        enricher.ask(docker(digit));
    }
    let podman = recognize_path(&format!("/machine.slice/libpod-{}.scope", "f".repeat(64)));
    enricher.ask(podman.unwrap());
    let found = answer(&enricher, |c| c.id == "ffffffffffff");
    assert_eq!(
        (found.name.as_str(), found.lookup),
        ("works", LookupState::Found)
    );
}

#[test]
fn containers_gone_before_they_are_asked_for_keep_what_their_event_said() {
    let folder = tempfile::tempdir().unwrap();
    let (send, lines) = std::sync::mpsc::channel();
    let lines = std::sync::Mutex::new(Some(lines));
    server::unix(&socket(folder.path()), move |request| {
        match request.path.as_str() {
            "/version" => ok("{}"),
            "/v1.24/containers/json" => ok("[]"),
            path if path.contains("/events") => match lines.lock().unwrap().take() {
                Some(lines) => Reply::Lines(lines),
                None => Reply::Quiet,
            },
            _ => Reply::Body(404, "{\"message\":\"No such container\"}".to_owned()),
        }
    });
    let enricher = Enricher::start(config(folder.path())).unwrap();
    let id = "d".repeat(64);
    send.send("no json".to_owned()).unwrap();
    let event = format!(
        "{{\"Type\":\"container\",\"Action\":\"create\",\"Actor\":{{\"ID\":\"{id}\",\
         \"Attributes\":{{\"image\":\"bb:1\",\"name\":\"brief\",\"tier\":\"front\"}}}}}}"
    );
    send.send(event).unwrap();
    let brief = answer(&enricher, |c| c.full_id == id);
    assert_eq!(
        (brief.name.as_str(), brief.image.as_str()),
        ("brief", "bb:1")
    );
    assert_eq!(brief.labels["tier"], "front");
    assert_eq!(brief.lookup, LookupState::Found);
}

#[test]
fn a_cri_socket_that_hangs_or_speaks_http_costs_nothing_but_names() {
    for silent in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cri.sock");
        server::unix(&path, move |_| {
            if silent {
                Reply::Silence
            } else {
                Reply::Garbage
            }
        });
        let config = Config {
            cri: Some(vec![path]),
            cri_timeout: Duration::from_millis(50),
            ..Config::nothing()
        };
        let enricher = Enricher::start(config).unwrap();
        let id = "e".repeat(64);
        enricher.ask(recognize_path(&format!("/x.slice/cri-containerd-{id}.scope")).unwrap());
        let failed = answer(&enricher, |c| c.full_id == id);
        assert_eq!(failed.lookup, LookupState::Failed);
        assert!(!enricher.health().all().is_empty());
    }
}
