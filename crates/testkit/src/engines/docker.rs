//! Docker Engine, in a network namespace of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::daemon::{Daemon, busybox_root, output, possible, program, run};

const PROGRAMS: &[&str] = &["docker", "dockerd", "unshare", "busybox"];

/// A Docker daemon with one image, `bb:1`.
pub struct Docker {
    // Ends before its folder goes.
    _daemon: Daemon,
    /// The socket of its API.
    pub socket: PathBuf,
    _folder: tempfile::TempDir,
}

impl Docker {
    /// Starts one, if this machine can.
    pub fn start() -> Option<Docker> {
        if !possible("Docker", PROGRAMS) {
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        let socket = at("sock");
        let mut daemon = Daemon::start(
            Command::new(program("unshare"))
                .arg("--net")
                .arg(program("dockerd"))
                .arg("--storage-driver=vfs")
                .arg("--data-root")
                .arg(at("data"))
                .arg("--exec-root")
                .arg(at("exec"))
                .arg("--pidfile")
                .arg(at("pid"))
                .arg("-H")
                .arg(format!("unix://{}", socket.display())),
            &at("log"),
        );
        daemon.until(|| output(&mut docker(&socket, &["version"])).status.success());
        let tar = busybox_root(folder.path());
        run(docker(&socket, &["import"]).arg(tar).arg("bb:1"));
        Some(Docker {
            _daemon: daemon,
            socket,
            _folder: folder,
        })
    }

    /// Runs the client with these arguments.
    ///
    /// # Panics
    /// When the client fails, with what it said.
    pub fn run(&self, arguments: &[&str]) -> String {
        run(&mut docker(&self.socket, arguments))
    }
}

impl Drop for Docker {
    fn drop(&mut self) {
        let ids = output(&mut docker(&self.socket, &["ps", "-aq"])).stdout;
        let ids = String::from_utf8_lossy(&ids);
        if !ids.is_empty() {
            output(docker(&self.socket, &["rm", "-f"]).args(ids.lines()));
        }
    }
}

fn docker(socket: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("docker"));
    command
        .arg("-H")
        .arg(format!("unix://{}", socket.display()))
        .args(arguments);
    command
}
