//! Running commands: the built `quarry`, its peers, and what they printed.

use crate::fixtures::workspace;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;

/// Seconds after which a command is taken to hang. Generous: it bounds a broken run and is never
/// reached by a sound one.
const HANG_SECONDS: &str = "300";

/// The built `quarry`: `$QUARRY_BIN`, or the debug build, brought up to date once per test binary.
pub fn quarry_path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match std::env::var_os("QUARRY_BIN") {
        Some(path) => path.into(),
        None => built("quarry", "quarry"),
    })
}

/// The workload generator of `benches`, built likewise.
pub fn workload_path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match std::env::var_os("QUARRY_WORKLOAD_BIN") {
        Some(path) => path.into(),
        None => built("benches", "quarry-workload"),
    })
}

/// Builds a command of a package and says where it is.
fn built(package: &str, command: &str) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "-p", package, "--bin", command])
        .current_dir(workspace())
        .status()
        .expect("cargo runs");
    assert!(status.success(), "cargo build -p {package} failed");
    target_folder().join("debug").join(command)
}

/// Where cargo puts what it builds for this workspace.
pub fn target_folder() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => folder.into(),
        None => workspace().join("target"),
    }
}

/// `quarry` with arguments, in UTC and without colour or configuration from outside.
pub fn quarry<I, S>(arguments: I) -> Run
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    Run::of(quarry_path(), arguments)
}

/// Debian's `sysdig` with arguments, in UTC.
pub fn sysdig<I, S>(arguments: I) -> Run
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    Run::of(Path::new("sysdig"), arguments)
}

/// A finished command: what it was and what came out of it.
pub struct Run {
    /// The command line, for messages.
    pub command: String,
    /// How it ended.
    pub status: ExitStatus,
    /// Standard output, as bytes: names in captures need not be UTF-8.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: String,
}

impl Run {
    /// Runs a command to its end with standard input closed.
    pub fn of<I, S>(program: &Path, arguments: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let mut command = Command::new("timeout");
        command.args(["--kill-after=5", HANG_SECONDS]).arg(program);
        command.args(arguments);
        Self::finish(command)
    }

    /// Runs a prepared command to its end with standard input closed.
    pub fn finish(mut command: Command) -> Self {
        let line = format!("{command:?}");
        let output = command
            .env("TZ", "UTC")
            .env("LC_ALL", "C")
            .env_remove("NO_COLOR")
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("cannot run {line}: {error}"));
        Self {
            command: line,
            status: output.status,
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Standard output as text, with what is not UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard output by lines, without the line ends.
    pub fn lines(&self) -> Vec<String> {
        self.text().lines().map(str::to_owned).collect()
    }

    /// The exit code; a signal counts as 128 and its number, as in a shell.
    pub fn code(&self) -> i32 {
        use std::os::unix::process::ExitStatusExt as _;
        match (self.status.code(), self.status.signal()) {
            (Some(code), _) => code,
            (None, Some(signal)) => 128 + signal,
            (None, None) => -1,
        }
    }

    /// This run, after asserting that it ended with success.
    ///
    /// # Panics
    /// With all that the command printed, when it did not.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.code_is(0)
    }

    /// This run, after asserting its exit code.
    ///
    /// # Panics
    /// With all that the command printed, when it is another.
    #[track_caller]
    pub fn code_is(self, expected: i32) -> Self {
        assert!(
            self.code() == expected,
            "expected exit code {expected}\n{self}"
        );
        self
    }
}

/// The whole run between rulers.
impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ruler = "=".repeat(72);
        writeln!(f, "{ruler}\n{} ended with {}", self.command, self.code())?;
        writeln!(f, "----- stdout\n{}", self.text().trim_end())?;
        writeln!(f, "----- stderr\n{}\n{ruler}", self.stderr.trim_end())
    }
}
