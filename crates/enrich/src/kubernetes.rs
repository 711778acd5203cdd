//! Kubernetes: from the node's container runtime alone, and from the API server where one is
//! configured.
//!
//! The runtime's labels name pod, namespace and container; owners are guessed from names. The API
//! server adds what only it knows: labels of namespaces, owners, and the services that select a
//! pod. Each kind of object is watched by a task of its own, so that what one may not read leaves
//! the others working.

mod guess;
mod objects;
mod store;
mod watch;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use state::container::{Container, Kubernetes};

use crate::Error;
use crate::http::{self, Authorization, Http};
use crate::hub::Hub;
use store::Store;

/// Deadline of a list; large clusters answer slowly.
const DEADLINE: Duration = Duration::from_secs(10);
/// Largest page of a list, 500 objects.
const MAX_PAGE_BYTES: usize = 64 << 20;
/// Where a pod finds its own credentials.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// How to reach the API server.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `https://HOST:PORT`.
    pub url: String,
    /// File with a bearer token; it is read for each request, since tokens are renewed.
    pub token_file: Option<PathBuf>,
    /// File with the certificates that the server's is checked against (PEM).
    pub ca_file: Option<PathBuf>,
    /// Files with our own certificate and its key (PEM).
    pub client_certificate: Option<(PathBuf, PathBuf)>,
}

/// Everything known about pods and what belongs to them.
pub(crate) struct Knowledge {
    node_name: Option<String>,
    store: Mutex<Store>,
}

impl Knowledge {
    pub(crate) fn new(node_name: Option<String>) -> Knowledge {
        Knowledge {
            node_name,
            store: Mutex::default(),
        }
    }

    /// Completes a container that runs in a pod.
    pub(crate) fn add_to(&self, container: &mut Container) {
        let label = |key: &str| {
            let sandbox = container.pod_sandbox_labels.get(key);
            container
                .labels
                .get(key)
                .or(sandbox)
                .cloned()
                .unwrap_or_default()
        };
        let uid = label("io.kubernetes.pod.uid");
        let store = self.store();
        let pod = store.pod(&uid, &container.full_id);
        if uid.is_empty() && pod.is_none() {
            return;
        }
        let mut kubernetes = match container.kubernetes.take() {
            Some(kubernetes) => *kubernetes,
            None => Kubernetes::default(),
        };
        kubernetes.pod.uid = uid;
        kubernetes.pod.name = label("io.kubernetes.pod.name");
        if let Some(node) = &self.node_name {
            kubernetes.node.clone_from(node);
        }
        if kubernetes.pod_ip.is_empty() && !container.host_network {
            kubernetes.pod_ip.clone_from(&container.ip);
        }
        if let Some(pod) = pod {
            store.describe(pod, &container.full_id, &mut kubernetes);
        }
        drop(store);
        guess::owners(&mut kubernetes, &container.pod_sandbox_labels);
        container.kubernetes = Some(Box::new(kubernetes));
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Reads any bytes as answers of the API server, for fuzzers.
pub(crate) fn read(bytes: &[u8]) {
    let mut store = Store::default();
    if let Ok(list) = serde_json::from_slice::<objects::List>(bytes) {
        store.replace(store::Kind::Pod, list.items);
    }
    if let Ok(event) = serde_json::from_slice::<objects::WatchEvent>(bytes) {
        let uid = event.object.metadata.uid.clone();
        store.put(store::Kind::Pod, event.object);
        if let Some(pod) = store.pod(&uid, "") {
            store.describe(pod, "", &mut Kubernetes::default());
        }
    }
}

/// Starts watching the API server.
///
/// # Errors
/// [`Error::Config`] when the URL or a file of the configuration is of no use.
pub(crate) fn start(hub: &Arc<Hub>, config: &Config) -> Result<(), Error> {
    let http = Arc::new(client(config)?.max_body_bytes(MAX_PAGE_BYTES));
    watch::start(hub, &http);
    Ok(())
}

fn client(config: &Config) -> Result<Http, Error> {
    let read = |path: &PathBuf| {
        std::fs::read(path)
            .map_err(|error| Error::Config(format!("cannot read `{}`: {error}", path.display())))
    };
    let account =
        |name: &str| Some(PathBuf::from(SERVICE_ACCOUNT).join(name)).filter(|p| p.exists());
    let mut builder = http::builder();
    if let Some(path) = config.ca_file.clone().or_else(|| account("ca.crt")) {
        let certificates = reqwest::Certificate::from_pem_bundle(&read(&path)?)
            .map_err(|error| Error::Config(format!("`{}`: {error}", path.display())))?;
        builder = builder.tls_certs_only(certificates);
    } else if config.url.starts_with("http://") {
        builder = builder.tls_certs_only([]);
    }
    if let Some((certificate, key)) = &config.client_certificate {
        let mut pem = read(certificate)?;
        pem.push(b'\n');
        pem.extend(read(key)?);
        // What the parser says may quote the key: it is not repeated.
        let identity = reqwest::Identity::from_pem(&pem).map_err(|_| {
            Error::Config(format!(
                "`{}` and `{}` are no certificate and its key (PEM)",
                certificate.display(),
                key.display()
            ))
        })?;
        builder = builder.identity(identity);
    }
    let http = Http::with(builder, &config.url, DEADLINE)?;
    let token = config.token_file.clone().or_else(|| {
        let none_given = config.client_certificate.is_none();
        account("token").filter(|_| none_given)
    });
    Ok(match token {
        Some(path) => {
            read(&path)?;
            http.authorize(Authorization::TokenFile(path))
        }
        None => http,
    })
}
