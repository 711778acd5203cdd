//! Finding the sockets of engines, at the start and as engines come up later.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::cri::Cri;
use crate::docker::Docker;
use crate::hub::Hub;
use crate::local::Local;
use crate::{Config, podman};

/// Sockets of Docker, below the host's root.
const DOCKER: &[&str] = &["/run/docker.sock", "/var/run/docker.sock"];
/// Sockets of Podman's service.
const PODMAN: &[&str] = &["/run/podman/podman.sock", "/var/run/podman/podman.sock"];
/// Sockets that speak CRI, containerd's own API, or both.
const CRI: &[&str] = &[
    "/run/containerd/containerd.sock",
    "/run/crio/crio.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/host-containerd/containerd.sock",
    "/var/run/cri-dockerd.sock",
    "/run/cri-dockerd.sock",
];
/// Sockets below each folder of `/run/user`.
const USER_DOCKER: &str = "docker.sock";
const USER_PODMAN: &str = "podman/podman.sock";
/// How often new sockets are looked for.
const PERIOD: Duration = Duration::from_secs(5);

/// Adds the engines there are, and goes on looking for new ones.
pub(crate) async fn run(hub: Arc<Hub>) {
    loop {
        look(&hub);
        tokio::time::sleep(PERIOD).await;
    }
}

/// Adds every engine whose socket exists and is not known yet.
pub(crate) fn look(hub: &Arc<Hub>) {
    let config = &hub.config;
    for path in sockets(config, &config.docker, DOCKER, Some(USER_DOCKER)) {
        match Docker::new(&path, config) {
            Ok(engine) => hub.add(Arc::new(engine)),
            Err(error) => hub.health.report("docker", &error),
        }
    }
    for path in sockets(config, &config.podman, PODMAN, Some(USER_PODMAN)) {
        match Docker::named("podman", &path, config) {
            Ok(engine) => hub.add(Arc::new(engine)),
            Err(error) => hub.health.report("podman", &error),
        }
    }
    for path in sockets(config, &config.cri, CRI, None) {
        match Cri::new(&path, config) {
            Ok(engine) => hub.add(Arc::new(engine)),
            Err(error) => hub.health.report("cri", &error),
        }
    }
    if config.podman_storage {
        hub.add(Arc::new(podman::Storage::new(config)));
    }
    if config.local {
        hub.add(Arc::new(Local::new(config)));
    }
}

/// The sockets to use: those chosen, whether they exist yet or not, else the usual ones that do.
fn sockets(
    config: &Config,
    chosen: &Option<Vec<PathBuf>>,
    usual: &[&str],
    of_users: Option<&str>,
) -> Vec<PathBuf> {
    if let Some(chosen) = chosen {
        return chosen.iter().map(|path| config.host_path(path)).collect();
    }
    let mut found: Vec<PathBuf> = usual.iter().map(|path| config.host_path(path)).collect();
    if let Some(name) = of_users {
        let users = std::fs::read_dir(config.host_path("/run/user"));
        found.extend(
            users
                .into_iter()
                .flatten()
                .flatten()
                .map(|user| user.path().join(name)),
        );
    }
    // `/var/run` is `/run` on most systems, and Docker's socket may be a link to Podman's.
    let mut real: Vec<PathBuf> = found.iter().filter_map(|path| real_socket(path)).collect();
    real.sort();
    real.dedup();
    real
}

/// The path behind links, if it is there.
fn real_socket(path: &Path) -> Option<PathBuf> {
    std::fs::canonicalize(path).ok()
}
