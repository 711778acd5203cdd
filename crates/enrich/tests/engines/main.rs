//! Real engines, started and stopped here, each with folders and sockets of its own.
//!
//! Needs root and Debian's packages docker.io, podman, containerd, runc and busybox-static; what
//! is missing is said and skipped. One engine after the other: they share the machine's cgroups.

mod containerd;
mod cri;
mod docker;
mod podman;

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use enrich::Enricher;
use state::container::{Container, LookupState, Recognized, recognize};

/// Longest wait for a record; a real engine takes milliseconds, a busy machine a little more.
const PATIENCE: Duration = Duration::from_secs(30);

/// Lets one test at a time use the machine.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The first found record that satisfies the condition.
fn record(enricher: &Enricher, wanted: impl Fn(&Container) -> bool) -> Container {
    let end = Instant::now() + PATIENCE;
    let mut seen = Vec::new();
    while Instant::now() < end {
        let Some(container) = enricher.next(Duration::from_millis(200)) else {
            continue;
        };
        if container.lookup == LookupState::Found && wanted(&container) {
            return container;
        }
        seen.push(container);
    }
    panic!(
        "no such record among {seen:#?}; trouble: {:?}",
        enricher.health().all()
    );
}

/// What the cgroups of a process say.
fn recognized(pid: &str) -> Recognized {
    let text = std::fs::read(format!("/proc/{pid}/cgroup")).expect("the process runs");
    let lines = text.split(|&b| b == b'\n').filter(|line| !line.is_empty());
    // `4:memory:/docker/ID` becomes `memory=/docker/ID`, as events have it.
    let items: Vec<Vec<u8>> = lines
        .map(|line| {
            let line = String::from_utf8_lossy(line).into_owned();
            let mut parts = line.splitn(3, ':').skip(1);
            format!("{}={}", parts.next().unwrap(), parts.next().unwrap()).into_bytes()
        })
        .collect();
    recognize(items.iter().map(Vec::as_slice)).expect("the process is in a container")
}
