//! Docker Engine over its socket. A Podman that poses as Docker is recognised and asked natively.

pub(crate) mod inspect;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::Deserialize;
use serde_json::Value;
use state::container::{self, Container, Recognized};
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use crate::engine::{BoxFuture, Engine};
use crate::http::{Http, percent_encode};
use crate::hub::{Hub, Ready};
use crate::json::Peek;
use crate::{Config, Error};

/// The oldest API we speak, and the first we ask for.
const OLDEST_API: (u32, u32) = (1, 24);
/// Largest answer about one container; real ones take 5 to 20 KiB.
const MAX_INSPECT_BYTES: usize = 4 << 20;
/// Answers about images that are remembered.
const MAX_IMAGES: usize = 1_000;
/// Look-ups at the same time that events and the inventory may start.
const MAX_AT_ONCE: usize = 16;

/// One Docker socket.
pub(crate) struct Docker {
    name: String,
    path: PathBuf,
    is_chosen: bool,
    http: Http,
    max_label_len: usize,
    dialect: OnceCell<Dialect>,
    images: Mutex<HashMap<String, Arc<Value>>>,
}

/// How the engine behind the socket wants to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Docker, with the path prefix of an API version both sides speak.
    Docker(String),
    /// Podman, with the prefix of its native API.
    Podman(String),
}

/// What the list of containers is read for.
#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "Id")]
    id: String,
}

impl Docker {
    pub(crate) fn new(path: &Path, config: &Config) -> Result<Docker, Error> {
        Docker::named("docker", path, config)
    }

    /// The same for a socket in one of Podman's places.
    pub(crate) fn named(engine: &str, path: &Path, config: &Config) -> Result<Docker, Error> {
        Ok(Docker {
            name: format!("{engine} at {}", path.display()),
            path: path.to_owned(),
            is_chosen: match engine {
                "podman" => config.podman.is_some(),
                _ => config.docker.is_some(),
            },
            http: Http::unix(path, config.timeout)?.max_body_bytes(MAX_INSPECT_BYTES),
            max_label_len: config.max_label_len,
            dialect: OnceCell::new(),
            images: Mutex::default(),
        })
    }

    async fn dialect(&self) -> Result<&Dialect, Error> {
        self.dialect
            .get_or_try_init(|| async {
                let version = self.http.json("/version").await?.unwrap_or_default();
                Ok(dialect(&version))
            })
            .await
    }

    /// Everything about one container, `None` when the engine does not know it.
    async fn inspect(&self, id: &str) -> Result<Option<Container>, Error> {
        let dialect = self.dialect().await?;
        let Some(answer) = self.http.json(&dialect.container(id)).await? else {
            return Ok(None);
        };
        let mut container = inspect::container(&answer, self.max_label_len)
            .ok_or_else(|| Error::Garbage("the answer about a container has no id".to_owned()))?;
        if matches!(dialect, Dialect::Podman(_)) {
            crate::podman::add_native(&mut container, &answer);
        }
        if container.ip.is_empty()
            && let Some(other) = inspect::network_of(&answer)
            && let Ok(Some(other)) = self.http.json(&dialect.container(other)).await
            && let Some(other) = inspect::container(&other, self.max_label_len)
        {
            container.ip = other.ip;
        }
        if !container.is_pod_sandbox
            && !container.pod_sandbox_id.is_empty()
            && let Ok(Some(sandbox)) = self
                .http
                .json(&dialect.container(&container.pod_sandbox_id))
                .await
            && let Some(sandbox) = inspect::container(&sandbox, self.max_label_len)
        {
            container.pod_sandbox_labels = sandbox.labels;
            if container.ip.is_empty() {
                container.ip = sandbox.ip;
            }
        }
        if inspect::wants_image(&container)
            && let Some(image) = self.image(dialect, &container.image_id).await
        {
            inspect::add_image(&mut container, &image);
        }
        if container.image_tag.is_empty() {
            container.image_tag = "latest".to_owned();
        }
        Ok(Some(container))
    }

    /// What the engine says about an image; asked once for each.
    async fn image(&self, dialect: &Dialect, id: &str) -> Option<Arc<Value>> {
        let lock = || {
            self.images
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner())
        };
        if let Some(known) = lock().get(id) {
            return Some(Arc::clone(known));
        }
        let answer = self.http.json(&dialect.image(id)).await.ok()??;
        // The layers and the configuration of an image are of no use here.
        let kept = serde_json::json!({
            "RepoTags": answer.texts("/RepoTags"),
            "RepoDigests": answer.texts("/RepoDigests"),
        });
        let kept = Arc::new(kept);
        let mut images = lock();
        if images.len() >= MAX_IMAGES {
            images.clear();
        }
        images.insert(id.to_owned(), Arc::clone(&kept));
        Some(kept)
    }

    async fn publish(&self, hub: &Hub, id: &str, event: Option<&Value>) {
        match self.inspect(id).await {
            Ok(Some(container)) => hub.publish(container),
            answer => {
                if let Err(error) = answer {
                    hub.health.report(&self.name, &error);
                }
                // Gone, or no answer: a "create" event itself has name, image and labels.
                if let Some(attributes) = event.and_then(|event| event.pointer("/Actor/Attributes"))
                {
                    let engine = match self.dialect.get() {
                        Some(Dialect::Podman(_)) => container::Engine::Podman,
                        _ => container::Engine::Docker,
                    };
                    hub.publish(inspect::from_event(
                        engine,
                        id,
                        attributes,
                        self.max_label_len,
                    ));
                }
            }
        }
    }
}

impl Engine for Docker {
    fn name(&self) -> &str {
        &self.name
    }

    fn present(&self) -> bool {
        self.path.exists()
    }

    fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    fn may_know(&self, recognized: &Recognized) -> bool {
        match self.dialect.get() {
            Some(Dialect::Podman(_)) => recognized.engine == container::Engine::Podman,
            Some(Dialect::Docker(_)) => matches!(
                recognized.engine,
                container::Engine::Docker | container::Engine::Cri
            ),
            None => matches!(
                recognized.engine,
                container::Engine::Docker | container::Engine::Cri | container::Engine::Podman
            ),
        }
    }

    fn lookup<'a>(
        &'a self,
        recognized: &'a Recognized,
    ) -> BoxFuture<'a, Result<Option<Container>, Error>> {
        Box::pin(self.inspect(&recognized.full_id))
    }

    fn follow(
        self: Arc<Self>,
        hub: Arc<Hub>,
        ready: Ready,
    ) -> BoxFuture<'static, Result<(), Error>> {
        Box::pin(async move {
            let dialect = self.dialect().await?.clone();
            // Subscribed first, listed next: nothing falls in between.
            let mut lines = self.http.lines(&dialect.events()).await?;
            let mut running = JoinSet::new();
            let listed: Vec<Listed> = self.http.typed(&dialect.list()).await?.unwrap_or_default();
            for Listed { id } in listed {
                let (engine, hub) = (Arc::clone(&self), Arc::clone(&hub));
                room_for_one(&mut running).await;
                running.spawn(async move { engine.publish(&hub, &id, None).await });
            }
            while running.join_next().await.is_some() {}
            drop(ready);

            while let Some(line) = lines.next().await? {
                let Ok(event) = serde_json::from_slice::<Value>(&line) else {
                    let error = Error::Garbage("an event is no JSON".to_owned());
                    hub.health.report(&self.name, &error);
                    continue;
                };
                let id = match event.text("/Actor/ID") {
                    "" => event.text("/id"),
                    id => id,
                };
                if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    continue;
                }
                let id = id.to_owned();
                let action = match event.text("/Action") {
                    "" => event.text("/status"),
                    action => action,
                };
                match action {
                    "create" | "start" | "rename" | "update" => {
                        let created = action == "create";
                        let (engine, hub) = (Arc::clone(&self), Arc::clone(&hub));
                        room_for_one(&mut running).await;
                        running.spawn(async move {
                            let event = created.then_some(&event);
                            engine.publish(&hub, &id, event).await;
                        });
                    }
                    "destroy" | "remove" => hub.forget(&id),
                    _ => {}
                }
            }
            Ok(())
        })
    }
}

/// Waits until fewer than the highest number of tasks run.
async fn room_for_one(running: &mut JoinSet<()>) {
    while running.try_join_next().is_some() {}
    while running.len() >= MAX_AT_ONCE {
        running.join_next().await;
    }
}

/// Chooses by the answer to `/version`.
fn dialect(version: &Value) -> Dialect {
    let podman = version
        .list("/Components")
        .iter()
        .find(|component| component.text("/Name") == "Podman Engine");
    if let Some(podman) = podman {
        let api = match podman.text("/Details/APIVersion") {
            "" => "4.0.0",
            api => api,
        };
        return Dialect::Podman(format!("/v{}/libpod", percent_encode(api)));
    }
    let number = |text: &str| {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    let newest = number(version.text("/ApiVersion"));
    let oldest = number(version.text("/MinAPIVersion"));
    let (major, minor) = match (oldest, newest) {
        (Some(oldest), _) if oldest > OLDEST_API => oldest,
        (_, Some(newest)) if newest < OLDEST_API => newest,
        _ => OLDEST_API,
    };
    Dialect::Docker(format!("/v{major}.{minor}"))
}

impl Dialect {
    fn prefix(&self) -> &str {
        match self {
            Dialect::Docker(prefix) | Dialect::Podman(prefix) => prefix,
        }
    }

    fn container(&self, id: &str) -> String {
        let prefix = self.prefix();
        format!("{prefix}/containers/{}/json", percent_encode(id))
    }

    fn image(&self, id: &str) -> String {
        let prefix = self.prefix();
        format!("{prefix}/images/{}/json", percent_encode(id))
    }

    fn list(&self) -> String {
        format!("{}/containers/json", self.prefix())
    }

    fn events(&self) -> String {
        let filters = percent_encode("{\"type\":[\"container\"]}");
        match self {
            Dialect::Docker(prefix) => format!("{prefix}/events?filters={filters}"),
            Dialect::Podman(prefix) => format!("{prefix}/events?stream=true&filters={filters}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_api_version_is_one_both_sides_speak() {
        let docker = |prefix: &str| Dialect::Docker(prefix.to_owned());
        let cases = [
            (
                json!({"ApiVersion": "1.41", "MinAPIVersion": "1.12"}),
                docker("/v1.24"),
            ),
            (
                json!({"ApiVersion": "1.52", "MinAPIVersion": "1.44"}),
                docker("/v1.44"),
            ),
            (json!({"ApiVersion": "1.22"}), docker("/v1.22")),
            (json!({}), docker("/v1.24")),
            (json!(null), docker("/v1.24")),
            (
                json!({"ApiVersion": "1.41", "Components": [
                    {"Name": "Podman Engine", "Details": {"APIVersion": "4.3.1"}}]}),
                Dialect::Podman("/v4.3.1/libpod".to_owned()),
            ),
        ];
        for (version, expected) in cases {
            assert_eq!(dialect(&version), expected, "{version}");
        }
    }
}
