//! Who a thread acts as: users, groups, capabilities, sessions, process groups, its name.

use crate::State;
use crate::call::Call;
use crate::thread::Thread;

/// Argument of the set…id calls that keeps an id.
const KEEP: u32 = u32::MAX;

/// setresuid: res ruid euid suid.
pub(crate) fn setresuid(state: &mut State, call: &Call<'_>) {
    set(state, call, call.u32(2), |thread, uid| thread.uid = uid);
}

/// setresgid: res rgid egid sgid.
pub(crate) fn setresgid(state: &mut State, call: &Call<'_>) {
    set(state, call, call.u32(2), |thread, gid| thread.gid = gid);
}

/// setreuid: res ruid euid.
pub(crate) fn setreuid(state: &mut State, call: &Call<'_>) {
    set(state, call, call.u32(2), |thread, uid| thread.uid = uid);
}

/// setregid: res rgid egid.
pub(crate) fn setregid(state: &mut State, call: &Call<'_>) {
    set(state, call, call.u32(2), |thread, gid| thread.gid = gid);
}

/// setuid: res uid.
pub(crate) fn setuid(state: &mut State, call: &Call<'_>) {
    set(state, call, call.u32(1), |thread, uid| thread.uid = uid);
}

/// setgid: res gid.
pub(crate) fn setgid(state: &mut State, call: &Call<'_>) {
    set(state, call, call.u32(1), |thread, gid| thread.gid = gid);
}

fn set(state: &mut State, call: &Call<'_>, id: Option<u32>, set: impl FnOnce(&mut Thread, u32)) {
    if let Some(id) = id.filter(|&id| id != KEEP)
        && call.succeeded()
        && let Some(thread) = state.threads.at_mut(call.slot)
    {
        set(thread, id);
    }
}

/// capset: res `cap_inheritable` `cap_permitted` `cap_effective`.
pub(crate) fn capset(state: &mut State, call: &Call<'_>) {
    if let (Some(inheritable), Some(permitted), Some(effective)) =
        (call.uint(1), call.uint(2), call.uint(3))
        && call.succeeded()
        && let Some(thread) = state.threads.at_mut(call.slot)
    {
        thread.cap_inheritable = inheritable;
        thread.cap_permitted = permitted;
        thread.cap_effective = effective;
    }
}

/// setsid: res, which is the new session in the caller's pid namespace.
pub(crate) fn setsid(state: &mut State, call: &Call<'_>) {
    let Some(sid) = call.result().filter(|&sid| sid >= 0) else {
        return;
    };
    if let Some(thread) = state.threads.at_mut(call.slot) {
        thread.sid = sid;
        // The caller leads a new process group too.
        thread.vpgid = sid;
        thread.pgid = thread.pid;
    }
}

/// setpgid: res pid pgid, both in the caller's pid namespace, 0 the caller.
pub(crate) fn setpgid(state: &mut State, call: &Call<'_>) {
    let (Some(pid), Some(vpgid)) = (call.int(1), call.int(2)) else {
        return;
    };
    if !call.succeeded() {
        return;
    }
    let Some(caller) = state.threads.at(call.slot) else {
        return;
    };
    let in_root_namespace = caller.vpid == caller.pid;
    let target = match pid {
        0 => caller.pid,
        pid if in_root_namespace => pid,
        // A child in the same namespace; its id outside is that of the child with this inner id.
        vpid => {
            let caller = caller.pid;
            let mut children = state.threads.iter();
            match children.find(|t| t.vpid == vpid && t.is_leader() && t.ptid == caller) {
                Some(child) => child.tid,
                None => return,
            }
        }
    };
    if let Some(target) = state.threads.get_mut(target) {
        target.vpgid = if vpgid == 0 { target.vpid } else { vpgid };
        target.pgid = match vpgid {
            0 => target.pid,
            vpgid if in_root_namespace => vpgid,
            _ => target.pgid,
        };
    }
}

/// prctl: res option `arg2_str` `arg2_int`.
pub(crate) fn prctl(state: &mut State, call: &Call<'_>) {
    const PR_SET_NAME: u64 = 15;
    /// The kernel keeps 15 bytes of a name.
    const COMM: usize = 15;
    if call.uint(1) != Some(PR_SET_NAME) || !call.succeeded() {
        return;
    }
    if let Some(name) = call.text(2)
        && let Some(thread) = state.threads.at_mut(call.slot)
    {
        thread.comm = name[..name.len().min(COMM)].to_vec();
    }
}
