//! Options for metadata of containers and what runs them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values::Span;

#[derive(Debug, Args)]
#[command(next_help_heading = "Containers")]
pub(crate) struct Containers {
    /// Ask this CRI or containerd socket for metadata, instead of those in the usual places.
    ///
    /// May be given several times.
    #[arg(long, value_name = "PATH", action = super::APPEND)]
    pub(crate) cri: Vec<PathBuf>,
    /// Give each CRI request this many milliseconds. Events never wait for it.
    #[arg(long, value_name = "MS", default_value = "1000",
          value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub(crate) cri_timeout: u64,
    /// Ask this Docker socket, instead of those in the usual places. May be given several times.
    #[arg(long, value_name = "PATH", action = super::APPEND)]
    pub(crate) docker_socket: Vec<PathBuf>,
    /// Ask this Podman socket, instead of those in the usual places. May be given several times.
    #[arg(long, value_name = "PATH", action = super::APPEND)]
    pub(crate) podman_socket: Vec<PathBuf>,
    /// Hold events of a new container for at most this long, until its name is known.
    ///
    /// With 0 nothing is held: the first events of a container have its id only.
    #[arg(long, value_name = "TIME", default_value = "500ms")]
    pub(crate) container_wait: Span,
    /// Do not ask this engine. May be given several times.
    #[arg(long, value_name = "ENGINE", action = super::APPEND)]
    pub(crate) no_engine: Vec<Engine>,
    /// Ask no engine at all: containers are known by their ids alone.
    #[arg(long)]
    pub(crate) no_container_engines: bool,
    /// Watch this Kubernetes API server, `https://HOST:PORT`, for pods, services and their owners.
    ///
    /// Pods, namespaces and labels are known without it, from the node's container runtime. Also
    /// from the environment variable `SYSDIG_K8S_API`.
    #[arg(
        short = 'k',
        long,
        value_name = "URL",
        env = "SYSDIG_K8S_API",
        hide_env = true
    )]
    pub(crate) k8s_api: Option<String>,
    /// Credentials for the API server: a file with a bearer token, or `CERT:KEY[:CA]`, PEM files.
    ///
    /// Also from the environment variable `SYSDIG_K8S_API_CERT`.
    #[arg(
        short = 'K',
        long,
        value_name = "FILES",
        env = "SYSDIG_K8S_API_CERT",
        hide_env = true,
        hide_env_values = true
    )]
    pub(crate) k8s_api_cert: Option<String>,
    /// File with the certificates of the API server's authority (PEM).
    #[arg(long, value_name = "FILE")]
    pub(crate) k8s_ca: Option<PathBuf>,
    /// Name of this node in its cluster: only its pods are asked for. Else from `NODE_NAME`.
    #[arg(long, value_name = "NAME")]
    pub(crate) node_name: Option<String>,
}

/// Sources of metadata that can be left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Engine {
    /// Docker Engine.
    Docker,
    /// Podman, its service and its files.
    Podman,
    /// CRI runtimes and containerd.
    Cri,
    /// LXC, libvirt-lxc, systemd-nspawn, bpm, rkt.
    Local,
    /// The Amazon ECS agent and task metadata.
    Ecs,
}
