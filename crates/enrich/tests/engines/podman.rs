//! Podman with its service, and Podman without.

use std::path::{Path, PathBuf};
use std::process::Command;

use enrich::{Config, Enricher};
use state::container::Engine;
use testkit::engines::Docker;
use testkit::engines::daemon::{self, Daemon, possible, program, run};

use crate::{alone, recognized, record};

const PROGRAMS: &[&str] = &["podman", "runc", "busybox"];

/// Podman's storage with one image, `localhost/bb:1`, and its service.
struct Podman {
    _service: Daemon,
    root: PathBuf,
    socket: PathBuf,
    _folder: tempfile::TempDir,
}

impl Podman {
    fn start() -> Option<Podman> {
        if !possible("Podman", PROGRAMS) {
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        // Laid out like a host, so that the storage is found below a host root.
        let root = folder.path().join("host");
        let socket = root.join("run/podman/podman.sock");
        std::fs::create_dir_all(socket.parent().unwrap()).expect("a folder");
        let tar = daemon::busybox_root(folder.path());
        run(podman(&root, &["import", "-q"])
            .arg(tar)
            .arg("localhost/bb:1"));
        let address = format!("unix://{}", socket.display());
        let mut service = Daemon::start(
            &mut podman(&root, &["system", "service", "-t", "0", &address]),
            &folder.path().join("log"),
        );
        service.until(|| std::os::unix::net::UnixStream::connect(&socket).is_ok());
        Some(Podman {
            _service: service,
            root,
            socket,
            _folder: folder,
        })
    }

    fn command(&self, arguments: &[&str]) -> String {
        run(&mut podman(&self.root, arguments))
    }

    /// Starts a container in the background; its id.
    fn container(&self, name: &str, more: &[&str]) -> String {
        let mut arguments = vec![
            "run",
            "-d",
            "--name",
            name,
            "--network=none",
            "--ulimit",
            "nofile=1024:1024",
            "--ulimit",
            "nproc=4096:4096",
        ];
        arguments.extend(more);
        arguments.extend(["localhost/bb:1", "/bin/sleep", "1000"]);
        self.command(&arguments)
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        daemon::output(&mut podman(&self.root, &["rm", "-f", "-t", "0", "-a"]));
    }
}

fn podman(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("podman"));
    command
        .arg("--root")
        .arg(root.join("var/lib/containers/storage"))
        .arg("--runroot")
        .arg(root.join("run/storage"))
        .args([
            "--storage-driver=vfs",
            "--cgroup-manager=cgroupfs",
            "--events-backend=file",
        ])
        .arg("--runtime")
        .arg(program("runc"))
        .args(arguments);
    command
}

#[test]
fn containers_of_podman_are_described_by_its_service() {
    let _alone = alone();
    let Some(podman) = Podman::start() else {
        return;
    };
    let id = podman.container(
        "web",
        &[
            "--label",
            "tier=front",
            "-v",
            "/tmp:/data:ro",
            "--memory",
            "32m",
        ],
    );
    let config = Config {
        podman: Some(vec![podman.socket.clone()]),
        ..Config::nothing()
    };
    let enricher = Enricher::start(config).unwrap();

    let web = record(&enricher, |c| c.name == "web");
    assert_eq!(web.full_id, id);
    assert_eq!(web.engine, Engine::Podman);
    assert_eq!(
        (web.image.as_str(), web.image_tag.as_str()),
        ("localhost/bb:1", "1")
    );
    assert!(
        web.image_digest.starts_with("sha256:"),
        "{}",
        web.image_digest
    );
    assert_eq!(web.labels["tier"], "front");
    assert_eq!(web.mounts[0].destination, "/data");
    assert!(!web.mounts[0].writable && !web.privileged);
    assert_eq!(web.memory_limit, 32 << 20);

    let pid = podman.command(&["inspect", "-f", "{{.State.Pid}}", "web"]);
    let by_cgroup = recognized(&pid);
    assert_eq!(
        (by_cgroup.engine, by_cgroup.full_id.as_str()),
        (Engine::Podman, id.as_str())
    );

    let id = podman.container("later", &[]);
    assert_eq!(record(&enricher, |c| c.name == "later").full_id, id);
}

#[test]
fn containers_of_podman_are_described_by_its_files_alone() {
    let _alone = alone();
    let Some(podman) = Podman::start() else {
        return;
    };
    let id = podman.container("web", &["-v", "/tmp:/data:ro"]);
    let config = Config {
        host_root: podman.root.clone(),
        podman_storage: true,
        ..Config::nothing()
    };
    let enricher = Enricher::start(config).unwrap();
    let pid = podman.command(&["inspect", "-f", "{{.State.Pid}}", "web"]);
    enricher.ask(recognized(&pid));
    let web = record(&enricher, |c| c.full_id == id);
    assert_eq!(
        (web.name.as_str(), web.image.as_str()),
        ("web", "localhost/bb:1")
    );
    assert_eq!(web.image_tag, "1");
    assert!(
        web.mounts
            .iter()
            .any(|m| m.destination == "/data" && !m.writable),
        "{:?}",
        web.mounts
    );
}

#[test]
fn two_engines_at_once_are_both_heard() {
    let _alone = alone();
    let (Some(docker), Some(podman)) = (Docker::start(), Podman::start()) else {
        return;
    };
    let in_docker = docker.run(&[
        "run",
        "-d",
        "--name",
        "from-docker",
        "bb:1",
        "/bin/sleep",
        "1000",
    ]);
    let in_podman = podman.container("from-podman", &[]);
    // Podman's socket stands in a place of its own; Docker's is named.
    let config = Config {
        host_root: podman.root.clone(),
        docker: Some(vec![]),
        podman: None,
        ..Config::default()
    };
    let link = podman.root.join("run/docker.sock");
    std::os::unix::fs::symlink(&docker.socket, link).unwrap();
    let enricher = Enricher::start(Config {
        docker: None,
        ..config
    })
    .unwrap();
    let mut names = [
        record(&enricher, |c| {
            c.full_id == in_docker || c.full_id == in_podman
        }),
        record(&enricher, |c| {
            c.full_id == in_docker || c.full_id == in_podman
        }),
    ];
    names.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(
        (names[0].name.as_str(), names[0].engine),
        ("from-docker", Engine::Docker)
    );
    assert_eq!(
        (names[1].name.as_str(), names[1].engine),
        ("from-podman", Engine::Podman)
    );
}
