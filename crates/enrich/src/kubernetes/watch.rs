//! Listing and watching, one task for each kind of object.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::objects::{List, WatchEvent};
use super::store::Kind;
use crate::Error;
use crate::backoff::Backoff;
use crate::http::{Http, percent_encode};
use crate::hub::{Hub, Ready};

/// What is watched, where it lives.
const RESOURCES: &[(Kind, &str)] = &[
    (Kind::Pod, "/api/v1/pods"),
    (Kind::Namespace, "/api/v1/namespaces"),
    (Kind::Service, "/api/v1/services"),
    (
        Kind::ReplicationController,
        "/api/v1/replicationcontrollers",
    ),
    (Kind::ReplicaSet, "/apis/apps/v1/replicasets"),
    (Kind::Deployment, "/apis/apps/v1/deployments"),
];
/// Objects per page of a list.
const PAGE: u32 = 500;
/// Changes of many objects in a row become one round of news for containers.
const GATHER: Duration = Duration::from_millis(200);
/// What is forbidden now may be allowed later.
const FORBIDDEN_PAUSE: Duration = Duration::from_secs(60);
/// The state that a watch starts from is too old: the list must be read again.
const GONE: u16 = 410;

/// One kind of object at one server.
struct Watcher {
    kind: Kind,
    path: &'static str,
    /// Query that restricts pods to our node.
    selector: String,
    http: Arc<Http>,
    hub: Arc<Hub>,
    changed: Arc<Notify>,
    name: String,
}

/// Starts a task for each kind, and one that passes news on.
pub(super) fn start(hub: &Arc<Hub>, http: &Arc<Http>) {
    let changed = Arc::new(Notify::new());
    for &(kind, path) in RESOURCES {
        let node = hub.config.node_name.as_ref().filter(|_| kind == Kind::Pod);
        let selector = node.map_or_else(String::new, |node| {
            format!(
                "&fieldSelector={}",
                percent_encode(&format!("spec.nodeName={node}"))
            )
        });
        let watcher = Watcher {
            kind,
            path,
            selector,
            http: Arc::clone(http),
            hub: Arc::clone(hub),
            changed: Arc::clone(&changed),
            name: format!("kubernetes at {}{path}", http.base()),
        };
        tokio::spawn(watcher.run(hub.starting()));
    }
    let hub = Arc::clone(hub);
    tokio::spawn(async move {
        loop {
            changed.notified().await;
            tokio::time::sleep(GATHER).await;
            hub.redecorate(|_| true);
        }
    });
}

impl Watcher {
    async fn run(self, ready: Ready) {
        let mut ready = Some(ready);
        let mut backoff = Backoff::up_to(Duration::from_secs(30));
        loop {
            let listed = self.list().await;
            drop(ready.take());
            let ended = match listed {
                Ok(version) => {
                    backoff = Backoff::up_to(Duration::from_secs(30));
                    self.watch(version).await
                }
                Err(error) => Err(error),
            };
            if let Err(error) = ended {
                self.hub.health.report(&self.name, &error);
                if matches!(
                    error,
                    Error::Status {
                        status: 401 | 403,
                        ..
                    }
                ) {
                    tokio::time::sleep(FORBIDDEN_PAUSE).await;
                }
            }
            tokio::time::sleep(backoff.pause()).await;
        }
    }

    /// Reads all objects; the version from which a watch goes on.
    async fn list(&self) -> Result<String, Error> {
        let mut items = Vec::new();
        let mut next = String::new();
        loop {
            let path = format!("{}?limit={PAGE}{}{next}", self.path, self.selector);
            let page: Option<List> = self.http.typed(&path).await?;
            let page = page.ok_or_else(|| Error::status(404, b"no such kind of object"))?;
            items.extend(page.items);
            if page.metadata.next_page.is_empty() {
                self.hub
                    .decorator
                    .kubernetes
                    .store()
                    .replace(self.kind, items);
                self.changed.notify_one();
                return Ok(page.metadata.resource_version);
            }
            next = format!("&continue={}", percent_encode(&page.metadata.next_page));
        }
    }

    /// Follows changes until the list must be read again.
    async fn watch(&self, mut version: String) -> Result<(), Error> {
        loop {
            let path = format!(
                "{}?watch=1&allowWatchBookmarks=true&resourceVersion={}{}",
                self.path,
                percent_encode(&version),
                self.selector
            );
            let mut lines = match self.http.lines(&path).await {
                Ok(lines) => lines,
                Err(Error::Status { status: GONE, .. }) => return Ok(()),
                Err(error) => return Err(error),
            };
            let before = version.clone();
            while let Some(line) = lines.next().await? {
                let event: WatchEvent = serde_json::from_slice(&line)
                    .map_err(|error| Error::Garbage(format!("a change of an object: {error}")))?;
                let object = event.object;
                let changed_to = object.metadata.resource_version.clone();
                let mut store = self.hub.decorator.kubernetes.store();
                let news = match event.kind.as_str() {
                    "ADDED" | "MODIFIED" => store.put(self.kind, object),
                    "DELETED" => {
                        store.remove(self.kind, &object);
                        false
                    }
                    "ERROR" if object.code == GONE => return Ok(()),
                    "ERROR" => return Err(Error::status(object.code, b"the watch failed")),
                    _ => false,
                };
                drop(store);
                if news {
                    self.changed.notify_one();
                }
                if !changed_to.is_empty() {
                    version = changed_to;
                }
            }
            // Servers end watches after some minutes; one that does so at once is left in peace.
            if version == before {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
