//! Records what a thread does, and compares events with what is expected of them.
//!
//! One probe per process: a reader thread follows it all the time, and keeps events between two
//! markers, `close` calls of descriptors that cannot exist. Events come in time order, so between
//! the markers lies everything that happened between them, on every CPU.

use std::ffi::CStr;
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use capture_format::EventBuf;
use capture_format::param::signed;
use ebpf::{Probe, ProbeConfig, ProbeError};

mod events;
mod expect;

pub(crate) use events::{Recording, by_symbol, enter_type, exit_type};
pub(crate) use expect::{Expect, check, dynamic, int, names, text};

/// Makes a system call; the result is the kernel's own, −errno on failure.
macro_rules! sys {
    ($number:ident $(, $arg:expr)* $(,)?) => {{
        #[allow(clippy::unnecessary_cast)]
        // SAFETY: the arguments are numbers, addresses of values that live until the statement
        // ends, or addresses that the kernel is meant to refuse.
        let result = unsafe { libc::syscall(libc::$number $(, ($arg) as libc::c_long)*) };
        match result {
            -1 => -i64::from(std::io::Error::last_os_error().raw_os_error().unwrap_or(0)),
            result => result,
        }
    }};
}

/// Checks every parameter of an event, in order: numbers, text, bytes, or a special expectation.
macro_rules! expect {
    ($event:expr $(, $value:expr)* $(,)?) => {
        $crate::harness::check($event, &[$($crate::harness::Expect::from($value)),*])
    };
}

/// Name of the reader's thread, by which the probe leaves its calls out: it would see itself wait.
pub(crate) const READER: &CStr = c"probe reader";

/// How long the reader may take to deliver a recording. Only a probe that delivers nothing makes a
/// test wait that long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs `action` on a thread of its own and records every event of the machine meanwhile.
///
/// `None` when this machine cannot load the probe; that was said then.
pub(crate) fn record<T: Send>(action: impl FnOnce() -> T + Send) -> Option<Recording<T>> {
    let recordings = recorder()?;
    let run = || {
        let tid = sys!(SYS_gettid);
        mark(Marker::Begin);
        let value = std::panic::catch_unwind(std::panic::AssertUnwindSafe(action));
        mark(Marker::End);
        (tid, value)
    };
    let (tid, value) = std::thread::scope(|scope| scope.spawn(run).join())
        .expect("the action's panics are caught");
    let (events, lost) = match recordings.recv_timeout(PATIENCE) {
        Ok(recorded) => recorded,
        Err(RecvTimeoutError::Timeout) => panic!("the probe does not deliver the end marker"),
        Err(RecvTimeoutError::Disconnected) => panic!("the reader of the probe has ended"),
    };
    match value {
        Ok(value) => Some(Recording {
            value,
            tid,
            events,
            lost,
        }),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Says loudly that a test does nothing. Written past the test runner's capturing of output.
pub(crate) fn skipped(reason: &str) {
    static SKIPPED: AtomicU32 = AtomicU32::new(0);
    let count = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
    let test = std::thread::current();
    let name = test.name().unwrap_or("test").to_owned();
    let reason = reason.lines().next().unwrap_or(reason);
    let line = format!("{name}: skipped, because {reason} ({count} skipped so far)\n");
    // A closed stderr is no reason to fail.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Loads a probe, or says why this machine cannot. Other failures are the test's.
pub(crate) fn load(config: &ProbeConfig) -> Option<Probe> {
    match Probe::load(config) {
        Ok(probe) => Some(probe),
        Err(
            error @ (ProbeError::Privilege { .. }
            | ProbeError::Kernel { .. }
            | ProbeError::Lockdown { .. }),
        ) => {
            skipped(&error.to_string());
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// Text with its NUL as the kernel wants it, in a directory whose files have plain device numbers.
pub(crate) struct Scratch(tempfile::TempDir);

impl Scratch {
    /// A new directory on a tmpfs: overlay and btrfs show other device numbers than they use.
    pub(crate) fn new() -> Scratch {
        let parent = if std::path::Path::new("/dev/shm").is_dir() {
            "/dev/shm"
        } else {
            "/tmp"
        };
        Scratch(tempfile::tempdir_in(parent).expect("a directory can be made"))
    }

    /// Absolute path of a name inside.
    pub(crate) fn path(&self, name: &str) -> std::ffi::CString {
        let path = self.0.path().join(name);
        std::ffi::CString::new(path.to_str().expect("plain path")).expect("no NUL")
    }

    /// Makes a file and returns its path.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> std::ffi::CString {
        std::fs::write(self.0.path().join(name), content).expect("a file can be written");
        self.path(name)
    }

    /// The directory itself.
    pub(crate) fn dir(&self) -> std::ffi::CString {
        std::ffi::CString::new(self.0.path().to_str().expect("plain path")).expect("no NUL")
    }
}

/// Device number as the format has it, and inode of a path.
pub(crate) fn dev_ino(path: &CStr) -> (u32, u64) {
    use std::os::unix::fs::MetadataExt;
    let meta = std::fs::metadata(path.to_str().expect("plain path")).expect("the file exists");
    (device(meta.dev()), meta.ino())
}

/// `st_dev` or `st_rdev` in the format's encoding.
pub(crate) fn device(dev: u64) -> u32 {
    let (major, minor) = (libc::major(dev), libc::minor(dev));
    (minor & 0xff) | (major << 8) | ((minor & !0xff) << 12)
}

/// Forks, runs `action` in the child and waits for it. Returns the child's pid and wait status.
///
/// The child is a copy with this one thread: the action makes system calls and nothing else.
pub(crate) fn in_child(action: impl FnOnce() -> i32) -> (i64, i32) {
    // SAFETY: the child only makes system calls and ends without returning.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork failed");
    if pid == 0 {
        let code = action();
        // SAFETY: ends the child without running exit handlers of the parent's.
        unsafe { libc::_exit(code) };
    }
    (i64::from(pid), wait_for(i64::from(pid)))
}

/// Waits for a child and returns its status.
pub(crate) fn wait_for(pid: i64) -> i32 {
    let mut status = 0i32;
    let waited = sys!(SYS_wait4, pid, &raw mut status, libc::__WALL, 0);
    assert_eq!(waited, pid, "wait4");
    status
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    Begin,
    End,
}

impl Marker {
    /// A descriptor far above every limit, different in every process.
    fn fd(self) -> i32 {
        let pid = i32::try_from(std::process::id()).expect("pids are small");
        0x4000_0000 | pid << 1 | i32::from(self == Marker::End)
    }
}

fn mark(marker: Marker) {
    assert_eq!(sys!(SYS_close, marker.fd()), -i64::from(libc::EBADF));
}

type Recorded = (Vec<EventBuf>, u64);
type Recorder = Mutex<Receiver<Recorded>>;

/// The one reader, held while a test records: tests take turns.
fn recorder() -> Option<MutexGuard<'static, Receiver<Recorded>>> {
    static RECORDER: OnceLock<Result<Recorder, String>> = OnceLock::new();
    let recorder = RECORDER.get_or_init(|| {
        let config = ProbeConfig {
            own_pid: 0,
            suppress_comms: vec![READER.to_bytes().to_vec()],
            ring_bytes_per_cpu: 64 << 20,
            ..ProbeConfig::default()
        };
        let probe = match Probe::load(&config) {
            Ok(probe) => probe,
            Err(
                error @ (ProbeError::Privilege { .. }
                | ProbeError::Kernel { .. }
                | ProbeError::Lockdown { .. }),
            ) => return Err(error.to_string()),
            Err(error) => panic!("{error}"),
        };
        let (sender, receiver) = channel();
        std::thread::Builder::new()
            .name(READER.to_string_lossy().into_owned())
            .spawn(move || follow(probe, &sender))
            .expect("a thread can be started");
        Ok(Mutex::new(receiver))
    });
    match recorder {
        Ok(recorder) => Some(recorder.lock().unwrap_or_else(PoisonError::into_inner)),
        Err(reason) => {
            skipped(reason);
            None
        }
    }
}

/// Reads the probe until the process ends, and hands out what lay between two markers.
fn follow(mut probe: Probe, finished: &Sender<Recorded>) {
    let close = events::exit_type("close");
    let mut recording: Option<Vec<EventBuf>> = None;
    loop {
        let event = match probe.next(Duration::from_secs(1)) {
            Ok(Some(event)) => event,
            Ok(None) => continue,
            Err(_) => return,
        };
        let closed = (event.ty == close)
            .then(|| event.param(1).and_then(signed))
            .flatten();
        if closed == Some(Marker::Begin.fd().into()) {
            recording = Some(Vec::new());
        } else if closed == Some(Marker::End.fd().into()) {
            let events = recording.take().unwrap_or_default();
            let lost = probe.stats().total().lost.total();
            if finished.send((events, lost)).is_err() {
                return;
            }
        } else if let Some(events) = &mut recording {
            events.push(event.to_buf());
        }
    }
}
