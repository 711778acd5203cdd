//! Page faults and context switches, sent only when asked for.

use std::time::Duration;

use capture_format::EventBuf;
use ebpf::{Interest, ProbeConfig};

use crate::harness::{Expect, by_symbol, in_child, int, load, names};

/// What a child causes that writes to a fresh page and then waits for itself to be woken.
fn events_of_child(page: i64) -> Option<(i64, Vec<EventBuf>)> {
    let mut probe = load(&ProbeConfig {
        ring_bytes_per_cpu: 64 << 20,
        interest: Interest::only([]),
        page_faults: true,
        switches: true,
        own_pid: 0,
        ..ProbeConfig::default()
    })?;
    let (pid, status) = in_child(|| {
        // SAFETY: the page is mapped writable by the parent; the child writes to its own copy.
        unsafe { (page as *mut u8).add(40).write_volatile(1) };
        0
    });
    assert_eq!(status, 0);
    probe.stop().expect("the probe stops");
    let mut events = Vec::new();
    while let Some(event) = probe.next(Duration::ZERO).expect("the probe is read") {
        if event.tid == pid {
            events.push(event.to_buf());
        }
    }
    Some((pid, events))
}

#[test]
fn faults_have_addresses_and_switches_a_successor() {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    let prot = libc::PROT_READ | libc::PROT_WRITE;
    let page = sys!(SYS_mmap, 0, 4096, prot, flags, -1, 0);
    assert!(page > 0);
    let Some((pid, events)) = events_of_child(page) else {
        return;
    };
    let fault = by_symbol("PAGE_FAULT_E");
    let ours: Vec<_> = events
        .iter()
        .filter(|event| event.ty == fault && int(event, 1) == i128::from(page + 40))
        .collect();
    let [event] = ours[..] else {
        panic!("expected one fault at the page, found {}", ours.len());
    };
    let error = names("PAGE_NOT_PRESENT|WRITE_ACCESS|USER_FAULT");
    expect!(event, page + 40, Expect::Something, error);
    assert!(int(event, 2) > 0, "instruction");

    // At the latest its end takes the CPU from it.
    let switch = by_symbol("SCHEDSWITCH_6_E");
    let left: Vec<_> = events.iter().filter(|event| event.ty == switch).collect();
    assert!(!left.is_empty(), "no switch away from the child");
    for event in left {
        assert_eq!(event.as_event().nparams(), 6);
        assert_ne!(int(event, 1), i128::from(pid), "the successor is another");
        for number in 2..=6 {
            assert!(int(event, number) >= 0, "parameter {number}");
        }
    }
}
