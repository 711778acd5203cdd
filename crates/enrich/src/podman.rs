//! Podman: what its native answers say beyond Docker's, and its storage, which is read where no
//! service runs (Podman needs none to run containers).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use state::container::{self, Container, Recognized};

use crate::docker::inspect::without_algorithm;
use crate::engine::{BoxFuture, Engine};
use crate::hub::{Hub, Ready};
use crate::image::ImageRef;
use crate::json::Peek;
use crate::{Config, Error, oci};

/// Largest file read; the list holds about 1 KiB per container.
const MAX_FILE_BYTES: u64 = 16 << 20;
/// Storage drivers, by which the folder is named.
const DRIVERS: &[&str] = &["overlay", "vfs", "btrfs", "zfs", "aufs"];

/// Adds what only the native answer to "inspect" has.
pub(crate) fn add_native(container: &mut Container, inspect: &Value) {
    container.engine = container::Engine::Podman;
    let image = inspect.text("/ImageName");
    if !image.is_empty() {
        let reference = ImageRef::parse(image);
        container.image = image.to_owned();
        container.image_repository = reference.repository;
        container.image_tag = reference.tag;
        container.image_digest = reference.digest;
    }
    if container.image_digest.is_empty() {
        container.image_digest = inspect.text("/ImageDigest").to_owned();
    }
    container.is_pod_sandbox |= inspect.flag("/IsInfra");
    if container.pod_sandbox_id.is_empty() {
        container.pod_sandbox_id = inspect.text("/Pod").to_owned();
    }
    let annotations = inspect.map("/Config/Annotations");
    container.privileged |= annotations
        .get("io.podman.annotations.privileged")
        .is_some_and(|text| text == "TRUE");
}

/// Podman's storage folders.
pub(crate) struct Storage {
    root: PathBuf,
    host_root: PathBuf,
    max_label_len: usize,
}

/// One item of `containers.json`.
#[derive(Deserialize)]
struct Stored {
    id: String,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    image: String,
    /// JSON in a text, written by Podman for itself.
    #[serde(default)]
    metadata: String,
    #[serde(default)]
    created: String,
}

impl Storage {
    pub(crate) fn new(config: &Config) -> Storage {
        Storage {
            root: config.host_path("/var/lib/containers/storage"),
            host_root: config.host_root.clone(),
            max_label_len: config.max_label_len,
        }
    }

    /// Root's storage, or that of the user whose engine runs the container.
    fn root_of(&self, uid: Option<u32>) -> Option<PathBuf> {
        let Some(uid) = uid else {
            return Some(self.root.clone());
        };
        let passwd = std::fs::read_to_string(self.host_root.join("etc/passwd")).ok()?;
        let home = passwd.lines().find_map(|line| {
            let mut columns = line.split(':');
            let found = columns.nth(2)?.parse() == Ok(uid);
            found.then(|| columns.nth(2))?
        })?;
        let home = self.host_root.join(home.strip_prefix('/')?);
        Some(home.join(".local/share/containers/storage"))
    }

    fn find(&self, recognized: &Recognized) -> Result<Option<Container>, Error> {
        let Some(root) = self.root_of(recognized.uid) else {
            return Ok(None);
        };
        for driver in DRIVERS {
            let folder = root.join(format!("{driver}-containers"));
            let Some(text) = read(&folder.join("containers.json"))? else {
                continue;
            };
            let stored: Vec<Stored> = serde_json::from_slice(&text)
                .map_err(|error| Error::Garbage(format!("containers.json: {error}")))?;
            let Some(stored) = stored
                .into_iter()
                .find(|item| item.id == recognized.full_id)
            else {
                continue;
            };
            let spec = folder.join(&stored.id).join("userdata/config.json");
            let spec = read(&spec)?.and_then(|text| serde_json::from_slice(&text).ok());
            return Ok(Some(self.container(stored, spec.as_ref())));
        }
        Ok(None)
    }

    fn container(&self, stored: Stored, spec: Option<&Value>) -> Container {
        let metadata: Value = serde_json::from_str(&stored.metadata).unwrap_or_default();
        let mut container = spec.map(oci::container).unwrap_or_default();
        let image = metadata.text("/image-name");
        let reference = ImageRef::parse(image);
        let created = crate::json::rfc3339_seconds(&stored.created);
        container.id = stored.id.chars().take(12).collect();
        container.full_id = stored.id;
        container.engine = container::Engine::Podman;
        container.name = match metadata.text("/name") {
            "" => stored.names.into_iter().next().unwrap_or_default(),
            name => name.to_owned(),
        };
        container.image = image.to_owned();
        container.image_id = without_algorithm(&stored.image).to_owned();
        container.image_repository = reference.repository;
        container.image_tag = if reference.tag.is_empty() {
            "latest".to_owned()
        } else {
            reference.tag
        };
        container.image_digest = reference.digest;
        container.created_time_s = created.unwrap_or(container.created_time_s);
        container.privileged |= spec.is_some_and(|spec| {
            let annotations = spec.map("/annotations");
            annotations
                .get("io.podman.annotations.privileged")
                .is_some_and(|text| text == "TRUE")
        });
        container
            .labels
            .retain(|_, value| value.len() <= self.max_label_len);
        container
    }
}

impl Engine for Storage {
    fn name(&self) -> &str {
        "podman storage"
    }

    /// A running service knows more.
    fn rank(&self, _recognized: &Recognized) -> u8 {
        1
    }

    fn present(&self) -> bool {
        true
    }

    fn may_know(&self, recognized: &Recognized) -> bool {
        recognized.engine == container::Engine::Podman
    }

    fn lookup<'a>(
        &'a self,
        recognized: &'a Recognized,
    ) -> BoxFuture<'a, Result<Option<Container>, Error>> {
        let storage = Storage {
            root: self.root.clone(),
            host_root: self.host_root.clone(),
            max_label_len: self.max_label_len,
        };
        let recognized = recognized.clone();
        Box::pin(async move {
            // Files may lie on a slow disk: not on the threads that serve the sockets.
            tokio::task::spawn_blocking(move || storage.find(&recognized))
                .await
                .unwrap_or(Ok(None))
        })
    }

    fn follow(
        self: Arc<Self>,
        _hub: Arc<Hub>,
        ready: Ready,
    ) -> BoxFuture<'static, Result<(), Error>> {
        Box::pin(async move {
            // Files tell nothing by themselves: containers are looked up as they are seen.
            drop(ready);
            std::future::pending().await
        })
    }
}

/// A file's contents, `None` when there is no such file.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    use std::io::Read;
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::Connect(format!("{}: {error}", path.display()))),
    };
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::Connect(format!("{}: {error}", path.display())))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Error::TooLarge {
            limit: MAX_FILE_BYTES as usize,
        });
    }
    Ok(Some(bytes))
}

#[cfg(test)]
#[path = "podman_tests.rs"]
mod tests;
