//! containerd: containers by its own client, and a pod through its CRI service.

use std::path::{Path, PathBuf};
use std::process::Command;

use enrich::{Config, Enricher};
use state::container::Engine;
use testkit::engines::daemon::{self, Daemon, possible, program, run};

use crate::cri::Runtime;
use crate::{alone, recognized, record};

const PROGRAMS: &[&str] = &["containerd", "ctr", "podman", "runc", "busybox"];

/// A containerd with the images `localhost/bb:1` and `localhost/pause:1`.
pub(crate) struct Containerd {
    _daemon: Daemon,
    pub(crate) socket: PathBuf,
    _folder: tempfile::TempDir,
}

impl Containerd {
    pub(crate) fn start() -> Option<Containerd> {
        if !possible("containerd", PROGRAMS) {
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        let socket = at("sock");
        // The kernel lets nobody here lower an oom score; and no image comes from a registry.
        let config = format!(
            r#"version = 2
root = "{root}"
state = "{state}"
[grpc]
address = "{socket}"
[ttrpc]
address = "{ttrpc}"
[plugins."io.containerd.internal.v1.opt"]
path = "{opt}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:1"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "native"
"#,
            root = at("root").display(),
            state = at("state").display(),
            socket = socket.display(),
            ttrpc = at("ttrpc").display(),
            opt = at("opt").display(),
        );
        std::fs::write(at("config.toml"), config).expect("a file");
        let mut daemon = Daemon::start(
            Command::new(program("containerd"))
                .arg("--config")
                .arg(at("config.toml")),
            &at("log"),
        );
        daemon.until(|| {
            daemon::output(&mut ctr(&socket, &["version"]))
                .status
                .success()
        });
        let tar = daemon::busybox_root(folder.path());
        for (name, command) in [("bb", "/bin/true"), ("pause", "/bin/sleep 100000")] {
            let image = image(folder.path(), &tar, name, command);
            for namespace in ["default", "k8s.io"] {
                let arguments = ["-n", namespace, "images", "import", "--snapshotter=native"];
                run(ctr(&socket, &arguments).arg(&image));
            }
        }
        Some(Containerd {
            _daemon: daemon,
            socket,
            _folder: folder,
        })
    }

    fn ctr(&self, arguments: &[&str]) -> String {
        run(&mut ctr(&self.socket, arguments))
    }
}

impl Drop for Containerd {
    fn drop(&mut self) {
        for namespace in ["default", "k8s.io"] {
            let list = ["-n", namespace, "tasks", "ls", "-q"];
            let tasks = daemon::output(&mut ctr(&self.socket, &list)).stdout;
            for task in String::from_utf8_lossy(&tasks).lines() {
                let remove = ["-n", namespace, "tasks", "rm", "-f", task];
                daemon::output(&mut ctr(&self.socket, &remove));
            }
        }
    }
}

fn ctr(socket: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("ctr"));
    command.arg("-a").arg(socket).args(arguments);
    command
}

/// Makes an image archive; Podman does it without a daemon.
fn image(folder: &Path, tar: &Path, name: &str, command: &str) -> PathBuf {
    let archive = folder.join(format!("{name}.tar"));
    let reference = format!("localhost/{name}:1");
    let podman = |arguments: &[&str]| {
        let mut command = Command::new(program("podman"));
        command
            .arg("--root")
            .arg(folder.join("podman"))
            .arg("--runroot")
            .arg(folder.join("podman-run"));
        command
            .args(["--storage-driver=vfs", "--cgroup-manager=cgroupfs"])
            .args(arguments);
        command
    };
    let words = command
        .split(' ')
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(",");
    let change = format!("CMD [{words}]");
    run(podman(&["import", "-q", "--change", &change])
        .arg(tar)
        .arg(&reference));
    run(podman(&["save", "-q", "-o"]).arg(&archive).arg(&reference));
    archive
}

#[test]
fn containers_of_ctr_are_described_by_containerd_itself() {
    let _alone = alone();
    let Some(containerd) = Containerd::start() else {
        return;
    };
    let start = |name: &str| {
        containerd.ctr(&[
            "run",
            "-d",
            "--snapshotter=native",
            "--label",
            "tier=front",
            "--env",
            "A=1",
            "--mount",
            "type=bind,src=/mnt,dst=/data,options=rbind:ro",
            "localhost/bb:1",
            name,
            "/bin/sleep",
            "1000",
        ]);
    };
    start("a-name-of-my-own");
    let config = Config {
        cri: Some(vec![containerd.socket.clone()]),
        ..Config::nothing()
    };
    let enricher = Enricher::start(config).unwrap();
    let c = record(&enricher, |c| c.full_id == "a-name-of-my-own");
    assert_eq!(c.id, "a-name-of-my");
    assert_eq!(c.engine, Engine::Containerd);
    assert_eq!(
        (c.image.as_str(), c.image_tag.as_str()),
        ("localhost/bb:1", "1")
    );
    assert!(c.image_digest.starts_with("sha256:"));
    assert_eq!(c.labels["tier"], "front");
    assert!(
        c.mounts.iter().any(|m| m.source == "/mnt" && !m.writable),
        "{:?}",
        c.mounts
    );
    assert!(!c.privileged && c.created_time_s > 1_600_000_000);

    let tasks = containerd.ctr(&["tasks", "ls"]);
    let pid = tasks
        .lines()
        .nth(1)
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .to_owned();
    let by_cgroup = recognized(&pid);
    assert_eq!(
        (by_cgroup.engine, by_cgroup.id.as_str()),
        (Engine::Containerd, "a-name-of-my")
    );

    // Events tell of the next one.
    start("another");
    assert_eq!(
        record(&enricher, |c| c.full_id == "another").image,
        "localhost/bb:1"
    );
}

#[test]
fn a_pod_is_described_through_cri() {
    let _alone = alone();
    let Some(containerd) = Containerd::start() else {
        return;
    };
    let runtime = Runtime::connect(&containerd.socket);
    let (sandbox, container) = runtime.run_pod("shop", "web-5d8f7c9b6d-x2x4z", "web");
    let config = Config {
        cri: Some(vec![containerd.socket.clone()]),
        node_name: Some("node-1".to_owned()),
        ..Config::nothing()
    };
    let enricher = Enricher::start(config.clone()).unwrap();
    let c = record(&enricher, |c| c.full_id == container);
    assert_eq!((c.name.as_str(), c.engine), ("web", Engine::Containerd));
    assert_eq!(
        (c.image.as_str(), c.image_tag.as_str()),
        ("localhost/bb:1", "1")
    );
    assert_eq!(c.image_id.len(), 64, "{c:?}");
    assert_eq!(c.pod_sandbox_id, sandbox);
    assert_eq!(c.labels["io.kubernetes.pod.namespace"], "shop");
    assert_eq!(c.pod_sandbox_labels["app"], "web");
    assert!(c.host_network && !c.is_pod_sandbox);
    let pod = c.kubernetes.as_ref().unwrap();
    assert_eq!(
        (pod.pod.name.as_str(), pod.node.as_str()),
        ("web-5d8f7c9b6d-x2x4z", "node-1")
    );
    assert_eq!(pod.deployment.as_ref().unwrap().name, "web");
    assert!(pod.guessed);

    // The pause container, by what its cgroup says.
    let pid = runtime.pid(&container);
    let by_cgroup = recognized(&pid);
    assert_eq!(by_cgroup.full_id, container);
    assert_eq!(by_cgroup.pod.as_ref().unwrap().uid, crate::cri::POD_UID);
    let pause = Enricher::start(config).unwrap();
    let pause = record(&pause, |c| c.full_id == sandbox);
    assert!(pause.is_pod_sandbox);
    assert_eq!(pause.name, "web-5d8f7c9b6d-x2x4z");

    runtime.remove_pod(&sandbox);
}
