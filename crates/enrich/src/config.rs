//! What the program chose.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::Health;

/// Where to look for metadata, and how long to wait for it.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the host's root is mounted when we run in a container ourselves; `/` otherwise.
    pub host_root: PathBuf,
    /// Docker sockets; `None` looks in the usual places.
    pub docker: Option<Vec<PathBuf>>,
    /// Podman sockets; `None` looks in the usual places, also in those of users.
    pub podman: Option<Vec<PathBuf>>,
    /// Sockets of CRI runtimes and containerd; `None` looks in the usual places.
    pub cri: Option<Vec<PathBuf>>,
    /// Read Podman's storage where its service does not run.
    pub podman_storage: bool,
    /// Name LXC, libvirt-lxc, systemd-nspawn, bpm and rkt containers.
    pub local: bool,
    /// Read users and groups from the files of containers.
    pub users: bool,
    /// Deadline of one request.
    pub timeout: Duration,
    /// Deadline of one CRI request.
    pub cri_timeout: Duration,
    /// Labels with longer values are left out.
    pub max_label_len: usize,
    /// Name of this node in its cluster.
    pub node_name: Option<String>,
    /// Kubernetes API server to watch.
    pub kubernetes: Option<crate::kubernetes::Config>,
    /// ECS agent and task metadata.
    pub ecs: Option<crate::ecs::Config>,
    /// Where trouble is counted; the program keeps a share of it.
    pub health: Arc<Health>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            host_root: PathBuf::from("/"),
            docker: None,
            podman: None,
            cri: None,
            podman_storage: true,
            local: true,
            users: true,
            timeout: Duration::from_secs(1),
            cri_timeout: Duration::from_secs(1),
            max_label_len: 100,
            node_name: None,
            kubernetes: None,
            ecs: None,
            health: Arc::default(),
        }
    }
}

impl Config {
    /// The defaults, with what the environment says: `HOST_ROOT` or `SYSDIG_HOST_ROOT`,
    /// `NODE_NAME`, and the ECS agent's variables.
    pub fn from_env() -> Config {
        let var = |name| {
            std::env::var(name)
                .ok()
                .filter(|value: &String| !value.is_empty())
        };
        Config {
            host_root: var("HOST_ROOT")
                .or_else(|| var("SYSDIG_HOST_ROOT"))
                .map_or_else(|| PathBuf::from("/"), PathBuf::from),
            node_name: var("NODE_NAME"),
            ecs: Some(crate::ecs::Config::from_env()),
            ..Config::default()
        }
    }

    /// Nothing is asked and nothing is read.
    pub fn nothing() -> Config {
        Config {
            docker: Some(Vec::new()),
            podman: Some(Vec::new()),
            cri: Some(Vec::new()),
            podman_storage: false,
            local: false,
            users: false,
            ..Config::default()
        }
    }

    /// A path of the host as we reach it.
    pub(crate) fn host_path(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.host_root.join(path.strip_prefix("/").unwrap_or(path))
    }
}
