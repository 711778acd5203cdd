//! Entry points for fuzzers: any bytes as an answer of each engine, no panic.

use prost::Message as _;
use serde_json::Value;
use state::container::{Container, Engine};

use crate::{cri, docker, ecs, kubernetes, oci, podman};

const MAX_LABEL_LEN: usize = 100;

/// Reads bytes as Docker's and as Podman's answer about a container, and about its image.
pub fn inspect(bytes: &[u8]) {
    let Ok(answer) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    if let Some(mut container) = docker::inspect::container(&answer, MAX_LABEL_LEN) {
        podman::add_native(&mut container, &answer);
        docker::inspect::add_image(&mut container, &answer);
        rewrite(&container);
    }
    rewrite(&docker::inspect::from_event(
        Engine::Docker,
        "abc",
        &answer,
        MAX_LABEL_LEN,
    ));
}

/// Reads bytes as the specification that OCI runtimes take.
pub fn specification(bytes: &[u8]) {
    if let Ok(spec) = serde_json::from_slice::<Value>(bytes) {
        rewrite(&Container {
            id: "abc".to_owned(),
            ..oci::container(&spec)
        });
    }
}

/// Reads bytes as CRI's answers, whole and in their JSON part.
pub fn cri(bytes: &[u8]) {
    use cri::messages::{ContainerStatus, ContainerStatusResponse, PodSandboxStatusResponse};
    let text = String::from_utf8_lossy(bytes).into_owned();
    let info = std::collections::HashMap::from([("info".to_owned(), text)]);
    let status = ContainerStatus {
        id: "abc".to_owned(),
        ..ContainerStatus::default()
    };
    let mut answers = vec![ContainerStatusResponse {
        status: Some(status),
        info,
    }];
    answers.extend(ContainerStatusResponse::decode(bytes));
    let sandbox = PodSandboxStatusResponse::decode(bytes).unwrap_or_default();
    for answer in answers {
        if let Some(mut container) = cri::status::container(&answer, Engine::Cri, MAX_LABEL_LEN) {
            cri::status::add_sandbox(&mut container, &sandbox, MAX_LABEL_LEN);
            rewrite(&container);
        }
    }
    let _ = cri::status::sandbox(&sandbox, Engine::Cri, MAX_LABEL_LEN);
}

/// Reads bytes as answers of the ECS agent and of the task metadata endpoint.
pub fn ecs(bytes: &[u8]) {
    if let Ok(answer) = serde_json::from_slice::<Value>(bytes) {
        ecs::read(&answer);
    }
}

/// Reads bytes as pages and changes of the Kubernetes API.
pub fn kubernetes(bytes: &[u8]) {
    kubernetes::read(bytes);
}

/// What was made of an answer must survive its way through an event.
fn rewrite(container: &Container) {
    let back = Container::from_json(container.to_json().as_bytes());
    assert_eq!(back.expect("our own JSON is read").id, container.id);
}

#[cfg(test)]
mod tests {
    use crate::fixtures;

    /// Real answers with pieces missing or exchanged, by a fixed pattern.
    #[test]
    fn broken_answers_are_no_panic() {
        let folders = ["docker", "podman", "cri", "ecs"];
        for name in folders.into_iter().flat_map(fixtures::all) {
            let whole = fixtures::bytes(&name).unwrap_or_default();
            let step = (whole.len() / 12).max(1);
            for at in (0..whole.len()).step_by(step) {
                let mut flipped = whole.clone();
                flipped[at] ^= 0x11;
                for bytes in [&whole[..at], &flipped] {
                    super::inspect(bytes);
                    super::specification(bytes);
                    super::cri(bytes);
                    super::ecs(bytes);
                    super::kubernetes(bytes);
                }
            }
        }
    }
}
