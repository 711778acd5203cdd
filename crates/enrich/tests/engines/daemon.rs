//! A daemon that ends with the test, and the small image all containers run.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A running daemon and its folder.
pub(crate) struct Daemon {
    child: Child,
    log: PathBuf,
}

impl Daemon {
    /// Starts the command with its output in a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Daemon {
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
    pub(crate) fn until(&mut self, answers: impl Fn() -> bool) {
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

/// Says what is missing and returns false, when a test cannot run here.
pub(crate) fn possible(programs: &[&str]) -> bool {
    let root = Command::new("id").arg("-u").output().expect("id runs");
    if root.stdout != b"0\n" {
        eprintln!("skipped, because needs root");
        return false;
    }
    let missing: Vec<_> = programs
        .iter()
        .filter(|program| !Path::new(program).exists())
        .collect();
    if !missing.is_empty() {
        eprintln!("skipped, because {missing:?} not installed");
    }
    missing.is_empty()
}

/// A tar file with a root folder made of one static busybox.
pub(crate) fn busybox_root(folder: &Path) -> PathBuf {
    let root = folder.join("busybox");
    std::fs::create_dir_all(root.join("bin")).expect("a writable folder");
    std::fs::copy("/bin/busybox", root.join("bin/busybox")).expect("busybox is installed");
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
pub(crate) fn run(command: &mut Command) -> String {
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
pub(crate) fn output(command: &mut Command) -> Output {
    command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}
