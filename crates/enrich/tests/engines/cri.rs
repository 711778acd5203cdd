//! Just enough of a kubelet to run one pod through a CRI socket.

use std::collections::HashMap;
use std::path::Path;

use prost::Message;
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};

/// UID of the pod that is run.
pub(crate) const POD_UID: &str = "3e41dc6b-08a8-44db-bc2a-3724b18ab19a";

#[derive(Clone, PartialEq, Message)]
struct SandboxConfig {
    #[prost(message, optional, tag = "1")]
    metadata: Option<SandboxMetadata>,
    #[prost(string, tag = "3")]
    log_directory: String,
    #[prost(map = "string, string", tag = "6")]
    labels: HashMap<String, String>,
    #[prost(message, optional, tag = "8")]
    linux: Option<LinuxSandbox>,
}

#[derive(Clone, PartialEq, Message)]
struct SandboxMetadata {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    uid: String,
    #[prost(string, tag = "3")]
    namespace: String,
}

#[derive(Clone, PartialEq, Message)]
struct LinuxSandbox {
    #[prost(string, tag = "1")]
    cgroup_parent: String,
    #[prost(message, optional, tag = "2")]
    security: Option<Security>,
}

#[derive(Clone, PartialEq, Message)]
struct Security {
    #[prost(message, optional, tag = "1")]
    namespaces: Option<Namespaces>,
}

#[derive(Clone, PartialEq, Message)]
struct Namespaces {
    /// 2 is the node's.
    #[prost(int32, tag = "1")]
    network: i32,
    #[prost(int32, tag = "2")]
    pid: i32,
}

#[derive(Clone, PartialEq, Message)]
struct RunPodSandbox {
    #[prost(message, optional, tag = "1")]
    config: Option<SandboxConfig>,
}

/// Requests and answers that hold one id, or none.
#[derive(Clone, PartialEq, Message)]
struct Id {
    #[prost(string, tag = "1")]
    id: String,
}

#[derive(Clone, PartialEq, Message)]
struct CreateContainer {
    #[prost(string, tag = "1")]
    sandbox: String,
    #[prost(message, optional, tag = "2")]
    config: Option<ContainerConfig>,
    #[prost(message, optional, tag = "3")]
    sandbox_config: Option<SandboxConfig>,
}

#[derive(Clone, PartialEq, Message)]
struct ContainerConfig {
    #[prost(message, optional, tag = "1")]
    metadata: Option<Id>,
    #[prost(message, optional, tag = "2")]
    image: Option<Id>,
    #[prost(string, repeated, tag = "3")]
    command: Vec<String>,
    #[prost(map = "string, string", tag = "9")]
    labels: HashMap<String, String>,
    #[prost(string, tag = "11")]
    log_path: String,
    #[prost(message, optional, tag = "15")]
    linux: Option<LinuxContainer>,
}

#[derive(Clone, PartialEq, Message)]
struct LinuxContainer {
    #[prost(message, optional, tag = "2")]
    security: Option<ContainerSecurity>,
}

#[derive(Clone, PartialEq, Message)]
struct ContainerSecurity {
    #[prost(message, optional, tag = "3")]
    namespaces: Option<Namespaces>,
}

#[derive(Clone, PartialEq, Message)]
struct StatusRequest {
    #[prost(string, tag = "1")]
    id: String,
    #[prost(bool, tag = "2")]
    verbose: bool,
}

#[derive(Clone, PartialEq, Message)]
struct StatusAnswer {
    #[prost(map = "string, string", tag = "2")]
    info: HashMap<String, String>,
}

/// A client of the runtime service.
pub(crate) struct Runtime {
    runtime: tokio::runtime::Runtime,
    channel: Channel,
}

impl Runtime {
    pub(crate) fn connect(socket: &Path) -> Runtime {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let endpoint = Endpoint::from_shared(format!("unix://{}", socket.display()));
        let channel = runtime
            .block_on(endpoint.expect("a path").connect())
            .expect("containerd");
        Runtime { runtime, channel }
    }

    /// Starts a pod in the node's network with one container; their ids.
    pub(crate) fn run_pod(&self, namespace: &str, pod: &str, name: &str) -> (String, String) {
        let namespaces = Some(Namespaces { network: 2, pid: 1 });
        let labels = [
            ("app", name),
            ("pod-template-hash", "5d8f7c9b6d"),
            ("io.kubernetes.pod.name", pod),
            ("io.kubernetes.pod.namespace", namespace),
            ("io.kubernetes.pod.uid", POD_UID),
        ];
        let labels: HashMap<_, _> = labels.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let config = SandboxConfig {
            metadata: Some(SandboxMetadata {
                name: pod.to_owned(),
                uid: POD_UID.to_owned(),
                namespace: namespace.to_owned(),
            }),
            log_directory: String::new(),
            labels: labels.clone(),
            linux: Some(LinuxSandbox {
                cgroup_parent: format!("/kubepods/besteffort/pod{POD_UID}"),
                security: Some(Security {
                    namespaces: namespaces.clone(),
                }),
            }),
        };
        let question = RunPodSandbox {
            config: Some(config.clone()),
        };
        let sandbox: Id = self.call("RunPodSandbox", question);
        let id = |text: &str| {
            Some(Id {
                id: text.to_owned(),
            })
        };
        let question = CreateContainer {
            sandbox: sandbox.id.clone(),
            config: Some(ContainerConfig {
                metadata: id(name),
                image: id("localhost/bb:1"),
                command: vec!["/bin/sleep".to_owned(), "1000".to_owned()],
                labels: labels
                    .into_iter()
                    .filter(|(key, _)| key.starts_with("io."))
                    .collect(),
                log_path: String::new(),
                linux: Some(LinuxContainer {
                    security: Some(ContainerSecurity { namespaces }),
                }),
            }),
            sandbox_config: Some(config),
        };
        let container: Id = self.call("CreateContainer", question);
        let _: Id = self.call("StartContainer", container.clone());
        (sandbox.id, container.id)
    }

    /// Process id of a container's first process.
    pub(crate) fn pid(&self, container: &str) -> String {
        let question = StatusRequest {
            id: container.to_owned(),
            verbose: true,
        };
        let answer: StatusAnswer = self.call("ContainerStatus", question);
        let info: serde_json::Value = serde_json::from_str(&answer.info["info"]).expect("JSON");
        info["pid"].to_string()
    }

    pub(crate) fn remove_pod(&self, sandbox: &str) {
        let id = Id {
            id: sandbox.to_owned(),
        };
        let _: Id = self.call("StopPodSandbox", id.clone());
        let _: Id = self.call("RemovePodSandbox", id);
    }

    fn call<Q, A>(&self, method: &str, question: Q) -> A
    where
        Q: Message + Send + Sync + 'static,
        A: Message + Default + Send + Sync + 'static,
    {
        let path = format!("/runtime.v1.RuntimeService/{method}")
            .parse()
            .expect("a path");
        let mut grpc = Grpc::new(self.channel.clone());
        let answer = self.runtime.block_on(async {
            grpc.ready().await.expect("containerd");
            let codec = tonic_prost::ProstCodec::<Q, A>::default();
            grpc.unary(tonic::Request::new(question), path, codec).await
        });
        answer
            .unwrap_or_else(|status| panic!("{method}: {status}"))
            .into_inner()
    }
}
