//! Memory figures, page faults and limits.

use crate::State;
use crate::call::Call;

/// brk, mmap, mmap2 and munmap: res `vm_size` `vm_rss` `vm_swap` …
pub(crate) fn figures(state: &mut State, call: &Call<'_>) {
    if let Some(thread) = state.threads.at_mut(call.slot)
        && let (Some(size), Some(rss), Some(swap)) = (call.u32(1), call.u32(2), call.u32(3))
    {
        thread.vm_size_kib = size;
        thread.vm_rss_kib = rss;
        thread.vm_swap_kib = swap;
    }
}

/// switch: next `pgft_maj` `pgft_min` `vm_size` `vm_rss` `vm_swap`, of the thread that leaves.
pub(crate) fn context_switch(state: &mut State, call: &Call<'_>) {
    let Some(thread) = state.threads.at_mut(call.slot) else {
        return;
    };
    let (Some(major), Some(minor)) = (call.uint(1), call.uint(2)) else {
        return;
    };
    thread.pf_major = major;
    thread.pf_minor = minor;
    let leader = thread.pid;
    // Memory belongs to the process.
    if let Some(leader) = state.threads.get_mut(leader)
        && let (Some(size), Some(rss), Some(swap)) = (call.u32(3), call.u32(4), call.u32(5))
    {
        leader.vm_size_kib = size;
        leader.vm_rss_kib = rss;
        leader.vm_swap_kib = swap;
    }
}

const RLIMIT_NOFILE: u64 = 7;

/// getrlimit and setrlimit: res cur max resource.
pub(crate) fn limit(state: &mut State, call: &Call<'_>) {
    if call.succeeded() && call.uint(3) == Some(RLIMIT_NOFILE) {
        set_fd_limit(state, call.tid, call.int(1));
    }
}

/// prlimit: res newcur newmax oldcur oldmax pid resource.
pub(crate) fn prlimit(state: &mut State, call: &Call<'_>) {
    if !call.succeeded() || call.uint(6) != Some(RLIMIT_NOFILE) {
        return;
    }
    let target = match call.int(5) {
        Some(0) | None => call.tid,
        Some(pid) => pid,
    };
    // Zero stands for "not changed", and then the old limit is still the limit.
    let limit = call.int(1).filter(|&new| new > 0).or_else(|| call.int(3));
    set_fd_limit(state, target, limit);
}

fn set_fd_limit(state: &mut State, tid: i64, limit: Option<i64>) {
    let Some(limit) = limit.filter(|&limit| limit != -1) else {
        return;
    };
    let Some(leader) = state.threads.get(tid).map(|thread| thread.pid) else {
        return;
    };
    for tid in [leader, tid] {
        if let Some(thread) = state.threads.get_mut(tid) {
            thread.fd_limit = limit;
        }
    }
}
