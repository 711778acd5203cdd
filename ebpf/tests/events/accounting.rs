//! Every call is delivered or counted as lost; the counts are those that strace sees.

use std::process::Command;
use std::time::Duration;

use capture_format::table::syscall_by_name;
use ebpf::{Interest, ProbeConfig};

use crate::harness::{READER, in_child, load, record, skipped};

const CALLS: u64 = 1_000_000;

/// A call that hardly anything else on the machine makes.
const RARE: &str = "sched_get_priority_max";

fn rare_calls(ring_bytes_per_cpu: usize) -> ProbeConfig {
    ProbeConfig {
        ring_bytes_per_cpu,
        enters: false,
        signals: false,
        interest: Interest::only(syscall_by_name(RARE).map(|info| info.code)),
        own_pid: 0,
        ..ProbeConfig::default()
    }
}

fn make_calls() -> i64 {
    let (pid, status) = in_child(|| {
        // The probe that all other tests share leaves this name out: a million calls would keep
        // its reader from their markers.
        sys!(SYS_prctl, libc::PR_SET_NAME, READER.as_ptr());
        for _ in 0..CALLS {
            sys!(SYS_sched_get_priority_max, 99);
        }
        0
    });
    assert_eq!(status, 0);
    pid
}

/// Makes the calls while nobody reads, then reads the rest: what was sent and what was lost.
fn delivered_and_lost(ring_bytes_per_cpu: usize) -> Option<(u64, u64)> {
    let mut probe = load(&rare_calls(ring_bytes_per_cpu))?;
    let pid = make_calls();
    probe.stop().expect("the probe stops");
    let (mut of_child, mut others) = (0, 0);
    let code = syscall_by_name(RARE).map(|info| info.code.to_le_bytes());
    while let Some(event) = probe.next(Duration::ZERO).expect("the probe is read") {
        let is_call = event.param(0) == code.as_ref().map(|code| &code[..]);
        if event.tid == pid && is_call {
            of_child += 1;
        } else {
            others += 1;
        }
    }
    let total = probe.stats().total();
    let lost = total.lost.total();
    assert_eq!(total.delivered, of_child + others);
    assert_eq!(total.produced, total.delivered + lost, "produced");
    assert!(of_child <= CALLS, "more delivered than made: {of_child}");
    assert!(
        of_child + lost >= CALLS,
        "{of_child} delivered, {lost} lost"
    );
    Some((of_child, lost))
}

#[test]
fn a_million_calls_are_delivered_when_there_is_room() {
    // 26 bytes of header, 2 lengths and 4 bytes of values, and 8 bytes of the ring's own: below
    // 64 bytes each, also with the result and an argument.
    let Some((delivered, lost)) = delivered_and_lost(128 << 20) else {
        return;
    };
    assert_eq!((delivered, lost), (CALLS, 0));
}

#[test]
fn what_does_not_fit_is_counted_as_lost() {
    let Some((delivered, lost)) = delivered_and_lost(4096) else {
        return;
    };
    assert!(
        delivered < CALLS && lost > 0,
        "{delivered} delivered, {lost} lost"
    );
}

/// Calls by name, as `strace -c` counts them.
fn strace_counts(program: &[&str]) -> Option<Vec<(String, usize)>> {
    let output = Command::new("strace")
        .args(["-f", "-c", "-U", "name,calls"])
        .args(program)
        .output();
    let Ok(output) = output else {
        skipped("strace is not installed");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let rows = text.lines().filter_map(|line| {
        let (name, calls) = line.trim().split_once(char::is_whitespace)?;
        Some((name.to_owned(), calls.trim().parse().ok()?))
    });
    Some(rows.filter(|(name, _)| name != "total").collect())
}

#[test]
fn counts_equal_those_of_strace() {
    let program = [
        "/bin/sh",
        "-c",
        "cd /; for i in 1 2 3 4 5; do test -e /etc/passwd; done; :",
    ];
    let Some(counts) = strace_counts(&program) else {
        return;
    };
    assert!(
        counts.iter().any(|(name, _)| name == "openat"),
        "strace: {counts:?}"
    );
    let Some(run) = record(|| {
        let mut child = Command::new(program[0])
            .args(&program[1..])
            .spawn()
            .expect("a shell");
        let pid = i64::from(child.id());
        assert!(child.wait().expect("the shell ends").success());
        pid
    }) else {
        return;
    };
    // Before the exec the thread was ours.
    let exec = crate::harness::exit_type("execve");
    let after: Vec<_> = run
        .of(run.value)
        .skip_while(|event| event.ty != exec)
        .collect();
    for (name, calls) in counts {
        let Some(info) = syscall_by_name(&name) else {
            continue;
        };
        let (enter, exit) = info.events.expect("a call has events");
        // exit_group does not return; exec was counted by its first line.
        let ty = if name == "exit_group" { enter } else { exit };
        let code = info.code.to_le_bytes();
        let found = after.iter().filter(|event| {
            event.ty == ty && (!info.is_generic() || event.as_event().param(0) == Some(&code))
        });
        assert_eq!(found.count(), calls, "{name}");
    }
}
