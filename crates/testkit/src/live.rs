//! Live captures in tests: whether this machine can, starting one, and ending it.

use crate::run::{Run, quarry_path};
use crate::skip;
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Capabilities by their bit in `/proc/PID/status`, as in `capability.h`.
const CAP_SYS_ADMIN: u32 = 21;
const CAP_PERFMON: u32 = 38;
const CAP_BPF: u32 = 39;

/// Whether this process may load the probe on this kernel; if not, reports that `what` is skipped.
///
/// Where this says yes, a capture that does not start is a failure and not a reason to skip.
pub fn possible(what: &str) -> bool {
    if !Path::new("/sys/kernel/btf/vmlinux").exists() {
        skip(what, "this kernel has no BTF");
        return false;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))
        .and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok())
        .unwrap_or(0);
    let has = |capability: u32| effective & (1 << capability) != 0;
    if has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON)) {
        return true;
    }
    skip(what, "it needs root, or CAP_BPF and CAP_PERFMON");
    false
}

/// Waits until no other test of this binary holds the machine.
///
/// A capture sees the whole machine: what another test floods it with would be lost or found in
/// the wrong place. Tests that capture, or that keep all processors busy, hold this.
pub fn alone() -> MutexGuard<'static, ()> {
    static MACHINE: Mutex<()> = Mutex::new(());
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A live `quarry` that has begun to capture.
pub struct Live {
    child: Child,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<String>,
    line: String,
}

impl Live {
    /// Starts `quarry --stats ARGUMENTS` and returns when it captures.
    ///
    /// # Panics
    /// When it ends before, with what it said.
    pub fn start<I, S>(arguments: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let mut command = Command::new(quarry_path());
        command.arg("--stats").args(arguments);
        Self::start_command(command)
    }

    /// As [`Live::start`], for a prepared command that contains `--stats`.
    ///
    /// # Panics
    /// When it ends before it captures.
    pub fn start_command(mut command: Command) -> Self {
        let line = format!("{command:?}");
        let mut child = command
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {line}: {error}"));
        let mut out = child.stdout.take().expect("stdout is piped");
        let stdout = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = out.read_to_end(&mut bytes);
            bytes
        });
        let mut errors = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let mut said = String::new();
        while !said.lines().any(|line| line.ends_with("capturing")) {
            let more = errors.read_line(&mut said).unwrap_or(0);
            assert!(more > 0, "{line} did not begin to capture:\n{said}");
        }
        let stderr = std::thread::spawn(move || {
            let _ = errors.read_to_string(&mut said);
            said
        });
        Self {
            child,
            stdout,
            stderr,
            line,
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends Ctrl-C and waits for the end.
    pub fn interrupt(self) -> Run {
        self.signal(Signal::INT)
    }

    /// Sends a signal and waits for the end.
    pub fn signal(self, signal: Signal) -> Run {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).expect("a child that was not waited for can be signalled");
        self.finish()
    }

    /// Waits for the end that comes by itself, of `-n` for example.
    pub fn finish(mut self) -> Run {
        let status = self.child.wait().expect("a child can be waited for");
        Run {
            command: self.line,
            status,
            stdout: self.stdout.join().expect("reading does not panic"),
            stderr: self.stderr.join().expect("reading does not panic"),
        }
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }
}

/// The number after `NAME:` in what `--stats` printed.
pub fn statistic(run: &Run, name: &str) -> u64 {
    run.stderr
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or_else(|| panic!("no `{name}: NUMBER` in the statistics\n{run}"))
}
