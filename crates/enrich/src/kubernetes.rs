//! Kubernetes: from the node's container runtime alone, and from the API server where one is
//! configured.

mod guess;

use std::path::PathBuf;

use state::container::{Container, Kubernetes};

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
}

impl Knowledge {
    pub(crate) fn new(node_name: Option<String>) -> Knowledge {
        Knowledge { node_name }
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
        if uid.is_empty() {
            return;
        }
        let name = label("io.kubernetes.pod.name");
        let mut kubernetes = match container.kubernetes.take() {
            Some(kubernetes) => *kubernetes,
            None => Kubernetes::default(),
        };
        kubernetes.pod.uid = uid;
        kubernetes.pod.name = name;
        if let Some(node) = &self.node_name {
            kubernetes.node.clone_from(node);
        }
        if kubernetes.pod_ip.is_empty() && !container.host_network {
            kubernetes.pod_ip.clone_from(&container.ip);
        }
        guess::owners(&mut kubernetes, &container.pod_sandbox_labels);
        container.kubernetes = Some(Box::new(kubernetes));
    }
}
