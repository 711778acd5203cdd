//! What the configuration leaves out, and the order of what comes.

use std::time::Duration;

use capture_format::table::syscall_by_name;
use ebpf::{Interest, Probe, ProbeConfig};

use crate::harness::{exit_type, in_child, load};

fn only(call: &str) -> Interest {
    Interest::only(syscall_by_name(call).map(|info| info.code))
}

/// Detaches, and shows every event that is left.
fn rest(mut probe: Probe, mut show: impl FnMut(capture_format::Event<'_>)) {
    probe.stop().expect("the probe stops");
    while let Some(event) = probe.next(Duration::ZERO).expect("the probe is read") {
        show(event);
    }
}

#[test]
fn a_snaplen_of_zero_keeps_no_payload() {
    let config = ProbeConfig {
        own_pid: 0,
        snaplen: 0,
        interest: only("write"),
        ..ProbeConfig::default()
    };
    let Some(probe) = load(&config) else {
        return;
    };
    let tid = sys!(SYS_gettid);
    sys!(SYS_write, -1, c"secret".as_ptr(), 6);
    let mut payloads = Vec::new();
    rest(probe, |event| {
        if event.tid == tid && event.ty == exit_type("write") {
            payloads.push(event.param(1).map(<[u8]>::len));
        }
    });
    assert_eq!(payloads, [Some(0)]);
}

#[test]
fn without_enters_only_calls_that_never_return_have_one() {
    let config = ProbeConfig {
        own_pid: 0,
        enters: false,
        ..ProbeConfig::default()
    };
    let Some(probe) = load(&config) else {
        return;
    };
    let (child, _) = in_child(|| {
        sys!(SYS_getppid);
        0
    });
    let mut calls = Vec::new();
    rest(probe, |event| {
        if event.tid == child && event.ty.0 == 0 {
            let code = event.param(0).and_then(|bytes| bytes.try_into().ok());
            calls.push(code.map(u16::from_le_bytes));
        }
    });
    let last = syscall_by_name("exit_group").map(|info| info.code);
    assert_eq!(calls, [last]);
}

#[test]
fn the_own_process_and_suppressed_names_are_left_out() {
    let config = ProbeConfig {
        own_pid: std::process::id(),
        suppress_comms: vec![b"true".to_vec()],
        ..ProbeConfig::default()
    };
    let Some(probe) = load(&config) else {
        return;
    };
    let own = sys!(SYS_gettid);
    let mut child = std::process::Command::new("true")
        .spawn()
        .expect("true exists");
    let pid = i64::from(child.id());
    child.wait().expect("it ends");
    let mut execs = 0;
    rest(probe, |event| {
        assert_ne!(event.tid, own);
        // A successful exec is sent under the new name already.
        let succeeded = event.param(0) == Some(&[0; 8]);
        execs += u32::from(event.tid == pid && event.ty == exit_type("execve") && succeeded);
    });
    assert_eq!(execs, 0);
}

#[test]
fn times_of_all_cpus_never_go_back() {
    let config = ProbeConfig {
        own_pid: 0,
        ..ProbeConfig::default()
    };
    let Some(mut probe) = load(&config) else {
        return;
    };
    let mut last = 0;
    let mut check = |event: capture_format::Event<'_>| {
        let now = event.timestamp_ns;
        assert!(now >= last, "{now} after {last}");
        last = now;
    };
    let threads: Vec<_> = (0..2)
        .map(|_| {
            std::thread::spawn(|| {
                for _ in 0..5_000 {
                    sys!(SYS_getppid);
                }
            })
        })
        .collect();
    while threads.iter().any(|thread| !thread.is_finished()) {
        if let Some(event) = probe.next(Duration::ZERO).expect("the probe is read") {
            check(event);
        }
    }
    rest(probe, check);
}
