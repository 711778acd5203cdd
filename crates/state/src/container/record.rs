//! Everything known about one container.

use std::collections::BTreeMap;

use super::Engine;

/// One container. Texts are empty and numbers zero where the engine did not say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Container {
    /// Id as recognition gives it; the key of the table.
    pub id: String,
    /// Id in full.
    pub full_id: String,
    /// What runs it.
    pub engine: Engine,
    /// Name without Docker's leading slash.
    pub name: String,
    /// Image as the user named it.
    pub image: String,
    /// Image id in hexadecimal, without `sha256:`.
    pub image_id: String,
    /// Image name without tag and digest, host included.
    pub image_repository: String,
    /// Image tag.
    pub image_tag: String,
    /// Registry digest, `sha256:HEX`.
    pub image_digest: String,
    /// Docker's `--privileged` and its like.
    pub privileged: bool,
    /// Shares the host's pid namespace.
    pub host_pid: bool,
    /// Shares the host's network namespace.
    pub host_network: bool,
    /// Shares the host's ipc namespace.
    pub host_ipc: bool,
    /// Holds a pod's namespaces and does nothing else.
    pub is_pod_sandbox: bool,
    /// How the look-up went.
    pub lookup: LookupState,
    /// Creation, seconds since the epoch.
    pub created_time_s: i64,
    /// User of the first process as configured.
    pub user: String,
    /// Mounts in the engine's order.
    pub mounts: Vec<Mount>,
    /// Commands by which the engine asks after the container's health.
    pub probes: Probes,
    /// Primary IPv4 address in dotted form.
    pub ip: String,
    /// CNI result of the pod, as text.
    pub cni_json: String,
    /// Full id of the pod's sandbox.
    pub pod_sandbox_id: String,
    /// Published ports.
    pub ports: Vec<Port>,
    /// Labels of the container.
    pub labels: BTreeMap<String, String>,
    /// Labels of the pod's sandbox, which are the pod's own.
    pub pod_sandbox_labels: BTreeMap<String, String>,
    /// The environment variables that matter to schedulers; never the whole environment.
    pub env: Vec<String>,
    /// Memory limit in bytes, 0 none.
    pub memory_limit: i64,
    /// Memory and swap limit in bytes, 0 none, -1 unlimited.
    pub swap_limit: i64,
    /// Relative CPU weight.
    pub cpu_shares: i64,
    /// CPU time per period in µs, 0 none.
    pub cpu_quota: i64,
    /// CPU period in µs.
    pub cpu_period: i64,
    /// Number of CPUs the container is confined to, 0 all.
    pub cpuset_cpu_count: i64,
    /// Task id that Mesos or Marathon gave it.
    pub mesos_task_id: String,
    /// Size of the writable layer in bytes, -1 unknown.
    pub size_bytes: i64,
    /// What Kubernetes says beyond labels.
    pub kubernetes: Option<Box<Kubernetes>>,
}

/// How far the look-up of a container has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LookupState {
    /// Asked, no answer yet.
    Started,
    /// Answered. Records of old captures, which lack the member, count as answered.
    #[default]
    Found,
    /// No engine knows the container, or none answered.
    Failed,
}

impl LookupState {
    /// The number in captures.
    pub fn number(self) -> u64 {
        match self {
            LookupState::Started => 0,
            LookupState::Found => 1,
            LookupState::Failed => 2,
        }
    }

    /// The name that `container.engine_state` shows.
    pub fn name(self) -> &'static str {
        match self {
            LookupState::Started => "started",
            LookupState::Found => "found",
            LookupState::Failed => "failed",
        }
    }
}

/// One mount.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs)]
pub struct Mount {
    pub source: String,
    pub destination: String,
    pub mode: String,
    pub writable: bool,
    pub propagation: String,
}

impl std::fmt::Display for Mount {
    /// The form of `container.mount`: `source:destination:mode:true:propagation`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}:{}:{}:{}:{}",
            self.source, self.destination, self.mode, self.writable, self.propagation
        )
    }
}

/// One published TCP port.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Port {
    /// IPv4 address on the host, most significant byte first; 0 is every address.
    pub host_ip: u32,
    /// Port on the host.
    pub host_port: u16,
    /// Port in the container.
    pub container_port: u16,
}

impl std::fmt::Display for Port {
    /// `ADDRESS:PORT->PORT`, the host's side first.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let host = std::net::Ipv4Addr::from(self.host_ip);
        write!(f, "{host}:{}->{}", self.host_port, self.container_port)
    }
}

/// A command the engine runs to see how the container is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Probe {
    /// Program.
    pub exe: String,
    /// Its arguments, without the program itself.
    pub args: Vec<String>,
}

impl std::fmt::Display for Probe {
    /// Program and arguments, separated by blanks.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.exe)?;
        self.args.iter().try_for_each(|arg| write!(f, " {arg}"))
    }
}

/// The probes of a container.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs)]
pub struct Probes {
    pub healthcheck: Option<Probe>,
    pub liveness: Option<Probe>,
    pub readiness: Option<Probe>,
}

/// The pod of a container and the objects around it, as the API server or the runtime knows them.
///
/// Kept in a member `k8s` of the event's JSON, which other readers skip.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Kubernetes {
    /// The pod; its labels are those of the API server.
    pub pod: Object,
    /// Primary address of the pod.
    pub pod_ip: String,
    /// Annotations of the pod.
    pub pod_annotations: BTreeMap<String, String>,
    /// `Guaranteed`, `Burstable` or `BestEffort`.
    pub qos: String,
    /// Node that runs the pod.
    pub node: String,
    /// How often the container was started again.
    pub restarts: Option<u64>,
    /// Namespace object.
    pub namespace: Option<Object>,
    /// Replication controller that owns the pod.
    pub replication_controller: Option<Object>,
    /// Replica set that owns the pod.
    pub replica_set: Option<Object>,
    /// Deployment that owns the replica set.
    pub deployment: Option<Object>,
    /// Any other owner, as (kind, object): daemon set, stateful set, job, cron job.
    pub owner: Option<(String, Object)>,
    /// Services that select the pod.
    pub services: Vec<Object>,
    /// The owners were guessed from names and labels; no API server said so.
    pub guessed: bool,
}

/// An object of the Kubernetes API: what it is called and how it is labelled.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Object {
    /// Name within its namespace.
    pub name: String,
    /// UID; empty when guessed.
    pub uid: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

impl Container {
    /// A container of which nothing is known but what its cgroup says.
    pub fn unknown(recognized: &super::Recognized) -> Container {
        Container {
            id: recognized.id.clone(),
            full_id: recognized.full_id.clone(),
            engine: recognized.engine,
            lookup: LookupState::Started,
            size_bytes: -1,
            ..Container::default()
        }
    }
}
