//! poll, ppoll, select, epoll, eventfd, timerfd, signalfd, inotify, futex, nanosleep.

use capture_format::param::FdListEntry;

use crate::harness::{names, record};

const IN: u16 = 1;
const OUT: u16 = 4;
const NVAL: u16 = 64;

fn pollfd(fd: i32, events: i16) -> libc::pollfd {
    libc::pollfd {
        fd,
        events,
        revents: 0,
    }
}

fn entry(fd: i32, flags: u16) -> FdListEntry {
    FdListEntry {
        fd: fd.into(),
        flags,
    }
}

#[test]
fn poll_shows_what_was_asked_and_what_came() {
    let Some(run) = record(|| {
        let mut fds = [0i32; 2];
        assert_eq!(sys!(SYS_pipe2, fds.as_mut_ptr(), 0), 0);
        let both = libc::POLLIN | libc::POLLOUT;
        let mut list = [
            pollfd(fds[0], libc::POLLIN),
            pollfd(fds[1], both),
            pollfd(7777, libc::POLLIN),
        ];
        assert_eq!(sys!(SYS_poll, list.as_mut_ptr(), 3, -1), 2);
        sys!(SYS_poll, 16, 1, 5);
        fds
    }) else {
        return;
    };
    let [read, write] = run.value;
    let asked = [entry(read, IN), entry(write, IN | OUT), entry(7777, IN)];
    let came = [entry(read, 0), entry(write, OUT), entry(7777, NVAL)];
    let [good, bad] = run.enters("poll");
    expect!(good, &asked[..], -1);
    expect!(bad, &[][..] as &[FdListEntry], 5);
    let [good, bad] = run.exits("poll");
    expect!(good, 2, &came[..], -1);
    expect!(bad, -libc::EFAULT, &[][..] as &[FdListEntry], 5);
}

#[test]
fn ppoll_has_time_and_signals() {
    let Some(run) = record(|| {
        let mut list = [pollfd(7777, libc::POLLIN)];
        let time = [3i64, 7];
        let mask = [0x8000_0001_u64 | 1 << 40];
        let (at, signals) = (list.as_mut_ptr(), mask.as_ptr());
        assert_eq!(sys!(SYS_ppoll, at, 1, time.as_ptr(), signals, 8), 1);
        sys!(SYS_ppoll, at, 1, 0, 0, 8);
    }) else {
        return;
    };
    let (asked, came) = ([entry(7777, IN)], [entry(7777, NVAL)]);
    let [full, bare] = run.enters("ppoll");
    expect!(full, &asked[..], 3_000_000_007_u64, 0x8000_0001_u32);
    expect!(bare, &asked[..], 0, 0);
    let [full, bare] = run.exits("ppoll");
    // The bare call leaves the time that remains in the caller's memory.
    let left = crate::harness::int(full, 3);
    assert!(left > 0 && left <= 3_000_000_007, "timeout: {left}");
    let some = crate::harness::Expect::Something;
    expect!(full, 1, &came[..], some, 0x8000_0001_u32);
    expect!(bare, 1, &came[..], 0, 0);
}

#[test]
fn select_has_a_result() {
    let Some(run) = record(|| {
        let time = [0i64; 2];
        sys!(SYS_select, 0, 0, 0, 0, time.as_ptr());
        sys!(SYS_select, -1, 0, 0, 0, time.as_ptr());
    }) else {
        return;
    };
    let [good, bad] = run.exits("select");
    expect!(good, 0);
    expect!(bad, -libc::EINVAL);
    let [first, _] = run.enters("select");
    expect!(first);
}

#[test]
fn epoll_family() {
    let Some(run) = record(|| {
        let old = sys!(SYS_epoll_create, 5);
        sys!(SYS_epoll_create, -5);
        let new = sys!(SYS_epoll_create1, libc::EPOLL_CLOEXEC);
        sys!(SYS_epoll_create1, 1);
        let mut events = [0u64; 8];
        assert_eq!(sys!(SYS_epoll_wait, new, events.as_mut_ptr(), 4, 0), 0);
        sys!(SYS_epoll_wait, new, events.as_mut_ptr(), -1, 0);
        (old, new)
    }) else {
        return;
    };
    let (old, new) = run.value;
    let [good, bad] = run.enters("epoll_create");
    expect!(good, 5);
    expect!(bad, -5);
    let [good, bad] = run.exits("epoll_create");
    expect!(good, old, 5);
    expect!(bad, -libc::EINVAL, -5);
    let [good, bad] = run.exits("epoll_create1");
    expect!(good, new, names("EPOLL_CLOEXEC"));
    expect!(bad, -libc::EINVAL, 0);
    let [good, bad] = run.enters("epoll_wait");
    expect!(good, 4);
    expect!(bad, -1);
    let [good, bad] = run.exits("epoll_wait");
    expect!(good, 0, 4);
    expect!(bad, -libc::EINVAL, -1);
}

#[test]
fn special_descriptors() {
    let Some(run) = record(|| {
        let mask = [0u64];
        let nonblock = libc::O_NONBLOCK | libc::O_CLOEXEC;
        [
            sys!(SYS_eventfd, 8),
            sys!(SYS_eventfd2, 9, nonblock),
            sys!(SYS_eventfd2, 9, 2),
            sys!(SYS_timerfd_create, libc::CLOCK_MONOTONIC, libc::O_NONBLOCK),
            sys!(SYS_timerfd_create, 99, 0),
            sys!(SYS_signalfd, -1, mask.as_ptr(), 8),
            sys!(SYS_signalfd4, -1, mask.as_ptr(), 8, libc::O_CLOEXEC),
            sys!(SYS_inotify_init),
            sys!(SYS_inotify_init1, nonblock),
        ]
    }) else {
        return;
    };
    let [
        event,
        event2,
        _,
        timer,
        bad,
        signal,
        signal4,
        notify,
        notify1,
    ] = run.value;
    expect!(run.enter("eventfd"), 8, 0);
    expect!(run.exit("eventfd"), event, 8, 0);
    let both = || names("O_NONBLOCK|O_CLOEXEC");
    let [good, refused] = run.exits("eventfd2");
    expect!(good, event2, both(), 9);
    expect!(refused, -libc::EINVAL, 0, 9);
    let [first, _] = run.enters("eventfd2");
    expect!(first, 9);
    let [good, refused] = run.exits("timerfd_create");
    expect!(good, timer, 1, 0x40);
    expect!(refused, bad, 99, 0);
    expect!(run.exit("signalfd"), signal, -1, 0, 0);
    expect!(run.exit("signalfd4"), signal4, names("O_CLOEXEC"), -1, 0);
    expect!(run.enter("signalfd4"), -1, 0);
    expect!(run.exit("inotify_init"), notify, 0);
    expect!(run.exit("inotify_init1"), notify1, both());
}

#[test]
fn futex_has_operation_and_value() {
    let Some(run) = record(|| {
        let word = 5u32;
        let at = &raw const word as u64;
        let op = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
        assert_eq!(
            sys!(SYS_futex, at, op, 4, 0, 0, 0),
            -i64::from(libc::EAGAIN)
        );
        at
    }) else {
        return;
    };
    let at = run.value;
    // The thread may wait for a lock of the allocator's as well.
    let ours = |ty: capture_format::EventType, number: usize| {
        let found = run
            .of(run.tid)
            .find(|event| event.ty == ty && crate::harness::int(event, number) == at.into());
        found.expect("the futex event")
    };
    let op = names("FUTEX_WAIT|FUTEX_PRIVATE_FLAG");
    expect!(
        ours(crate::harness::enter_type("futex"), 1),
        at,
        op.clone(),
        4
    );
    let exit = ours(crate::harness::exit_type("futex"), 2);
    expect!(exit, -libc::EAGAIN, at, op, 4);
}

#[test]
fn nanosleep_has_nanoseconds() {
    let Some(run) = record(|| {
        let (short, wrong) = ([0i64, 1], [1i64, -2]);
        sys!(SYS_nanosleep, short.as_ptr(), 0);
        sys!(SYS_nanosleep, wrong.as_ptr(), 0);
    }) else {
        return;
    };
    let [good, bad] = run.enters("nanosleep");
    expect!(good, 1);
    expect!(bad, 999_999_998);
    let [good, bad] = run.exits("nanosleep");
    expect!(good, 0, 1);
    expect!(bad, -libc::EINVAL, 999_999_998);
}
