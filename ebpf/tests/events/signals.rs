//! kill, tkill, tgkill and the delivery of signals.

use crate::harness::{by_symbol, in_child, record};

#[test]
fn kill_family_has_target_and_signal() {
    let Some(run) = record(|| {
        let (me, tid) = (sys!(SYS_getpid), sys!(SYS_gettid));
        assert_eq!(sys!(SYS_kill, me, 0), 0);
        sys!(SYS_kill, me, 99);
        assert_eq!(sys!(SYS_tkill, tid, 0), 0);
        sys!(SYS_tkill, -5, libc::SIGTERM);
        assert_eq!(sys!(SYS_tgkill, me, tid, 0), 0);
        sys!(SYS_tgkill, me, -1, libc::SIGUSR1);
        (me, tid)
    }) else {
        return;
    };
    let (me, tid) = run.value;
    let [good, bad] = run.enters("kill");
    expect!(good, me, 0);
    expect!(bad, me, 99);
    let [good, bad] = run.exits("kill");
    expect!(good, 0, me, 0);
    expect!(bad, -libc::EINVAL, me, 99);
    let [good, bad] = run.enters("tkill");
    expect!(good, tid, 0);
    expect!(bad, -5, libc::SIGTERM);
    let [good, bad] = run.exits("tkill");
    expect!(good, 0, tid, 0);
    expect!(bad, -libc::EINVAL, -5, libc::SIGTERM);
    let [good, bad] = run.enters("tgkill");
    expect!(good, me, tid, 0);
    expect!(bad, me, -1, libc::SIGUSR1);
    let [good, bad] = run.exits("tgkill");
    expect!(good, 0, me, tid, 0);
    expect!(bad, -libc::EINVAL, me, -1, libc::SIGUSR1);
}

extern "C" fn handler(_signal: i32) {}

#[test]
fn delivery_names_sender_and_receiver() {
    let Some(run) = record(|| {
        in_child(|| {
            // SAFETY: the handler does nothing; only this child gets it.
            unsafe { libc::signal(libc::SIGTERM, handler as *const () as usize) };
            let me = sys!(SYS_getpid);
            sys!(SYS_kill, me, libc::SIGTERM);
            // Deadly ones arrive as SIGKILL, which no process sent.
            sys!(SYS_kill, me, libc::SIGUSR1);
            0
        })
        .0
    }) else {
        return;
    };
    let pid = run.value;
    let [handled, deadly] = run.exactly(pid, by_symbol("SIGNALDELIVER_E"));
    expect!(handled, pid, pid, libc::SIGTERM);
    expect!(deadly, 0, pid, libc::SIGKILL);
}
