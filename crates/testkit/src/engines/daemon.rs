//! A daemon that ends with the test, and the small image all containers run.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::skip;

/// A running daemon and its folder.
pub struct Daemon {
    child: Child,
    log: PathBuf,
}

impl Daemon {
    /// Starts the command with its output in a file.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(command: &mut Command, log: &Path) -> Daemon {
        let file = std::fs::File::create(log).expect("a writable folder");
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a second handle"))
            .stderr(file)
            .spawn()
            .expect("the daemon starts");
        Daemon {
            child,
            log: log.to_owned(),
        }
    }

    /// Waits until the daemon answers.
    ///
    /// # Panics
    /// When it ends before, or does not answer for a minute; with its log.
    pub fn until(&mut self, answers: impl Fn() -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !answers() {
            let ended = self.child.try_wait().expect("a child");
            if ended.is_some() || Instant::now() > end {
                let log = std::fs::read_to_string(&self.log).unwrap_or_default();
                panic!("the daemon does not answer ({ended:?}):\n{log}");
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.child.wait();
    }
}

/// Whether all programs are here and we are root; if not, reports that `what` is skipped.
pub fn possible(what: &str, programs: &[&str]) -> bool {
    if !rustix::process::geteuid().is_root() {
        skip(what, "it needs root");
        return false;
    }
    let missing = programs.iter().find(|name| find(name).is_none());
    if let Some(missing) = missing {
        skip(what, &format!("`{missing}` is not installed"));
    }
    missing.is_none()
}

/// The path of a program that [`possible`] has found. Distributions' own come first.
///
/// # Panics
/// When it is not there.
pub fn program(name: &str) -> PathBuf {
    find(name).unwrap_or_else(|| panic!("`{name}` is not installed"))
}

fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"].map(PathBuf::from);
    let folders = usual.into_iter().chain(std::env::split_paths(&path));
    folders
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A tar file with a root folder made of one static busybox and two users.
///
/// # Panics
/// When it cannot be written.
pub fn busybox_root(folder: &Path) -> PathBuf {
    let root = folder.join("busybox");
    std::fs::create_dir_all(root.join("bin")).expect("a writable folder");
    std::fs::copy(program("busybox"), root.join("bin/busybox")).expect("busybox is installed");
    for name in ["sh", "sleep", "true", "cat", "id", "ls"] {
        std::os::unix::fs::symlink("busybox", root.join("bin").join(name)).expect("a link");
    }
    for name in ["proc", "sys", "dev", "tmp", "etc", "data"] {
        std::fs::create_dir(root.join(name)).expect("a folder");
    }
    std::fs::write(
        root.join("etc/passwd"),
        "root:x:0:0::/:/bin/sh\ninside:x:1000:1000::/:/bin/sh\n",
    )
    .expect("a file");
    let tar = folder.join("busybox.tar");
    run(Command::new("tar")
        .arg("-C")
        .arg(&root)
        .arg("-cf")
        .arg(&tar)
        .arg("."));
    tar
}

/// Runs a command to its end; its output without the last line end.
///
/// # Panics
/// When it fails, with what it said.
pub fn run(command: &mut Command) -> String {
    let output = output(command);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned()
}

/// Runs a command to its end, whatever that is.
///
/// # Panics
/// When it cannot be started.
pub fn output(command: &mut Command) -> Output {
    command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}
