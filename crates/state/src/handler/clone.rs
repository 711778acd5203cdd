//! New threads and processes.
//!
//! One call makes two exits, in the caller (result: the child's id) and in the child (result 0),
//! in any order. Whichever comes first makes the child's entry, as a copy of the caller's; the
//! child's own event is the better source and corrects what the other could not know.

use crate::State;
use crate::call::{Call, texts};
use crate::fd_table::{FdTable, TableId};
use crate::handler::exec::take_figures;
use crate::handler::open::with_slash;
use crate::thread::Thread;
use crate::threads::Slot;

const CLONE_FILES: u32 = 1;
const CLONE_NEWPID: u32 = 0x40;
const CLONE_PARENT: u32 = 0x100;
pub(crate) const CLONE_THREAD: u32 = 0x2000;
/// The entry was made by the child's event; the caller's is still to come.
const CLONE_INVERTED: u32 = 0x1_0000;
/// Ids in the caller's event are those of a nested pid namespace.
const CLONE_CHILD_IN_PIDNS: u32 = 0x2000_0000;

/// clone, fork, vfork, clone3: res exe args tid pid ptid cwd fdlimit `pgft_maj` `pgft_min`
/// `vm_size` `vm_rss` `vm_swap` comm cgroups flags uid gid vtid vpid `pidns_init_start_ts`.
pub(crate) fn exit(state: &mut State, call: &Call<'_>) {
    match call.result() {
        Some(0) => in_child(state, call),
        Some(child) if child > 0 => in_caller(state, call, child),
        _ => {}
    }
}

fn in_caller(state: &mut State, call: &Call<'_>, child: i64) {
    let flags = call.u32(15).unwrap_or(0);
    let nested = call
        .int(18)
        .is_some_and(|vtid| vtid > 0 && vtid != call.tid);
    if flags & CLONE_CHILD_IN_PIDNS != 0 || nested {
        // The id means nothing outside the namespace; the child will tell its own.
        return;
    }
    if let Some(thread) = state.threads.get_mut(child)
        && thread.flags & CLONE_INVERTED != 0
    {
        thread.flags &= !CLONE_INVERTED;
        return;
    }
    let caller = match state.threads.slot(call.tid) {
        Some(slot) => slot,
        None => state.invent(call.tid),
    };
    state.recover_caller(call, caller);
    // An entry with this id is left from a thread whose end was missed.
    state.remove_thread_and_all(child);
    let Some(parent) = state.threads.at(caller) else {
        return;
    };
    // The parent of a thread, as the original tool has it, is who made it.
    let ptid = if flags & CLONE_PARENT == 0 || flags & CLONE_THREAD != 0 {
        call.tid
    } else {
        parent.ptid
    };
    let mut thread = copy_of(state, call, parent, child);
    thread.ptid = ptid;
    thread.vtid = child;
    thread.vpid = if flags & CLONE_THREAD == 0 {
        child
    } else {
        thread.vpid
    };
    if flags & CLONE_NEWPID != 0 {
        thread.vtid = 1;
        thread.vpid = 1;
    }
    thread.files = state.child_files(Some(caller), flags);
    let cgroups = call.bytes(14).map(texts);
    let slot = state.add_thread(thread);
    state.set_cgroups(slot, cgroups);
}

fn in_child(state: &mut State, call: &Call<'_>) {
    let flags = call.u32(15).unwrap_or(0);
    let known = state.threads.get(call.tid).is_some_and(|thread| {
        // A thread's life begins with this event: what has made calls is another one's rest.
        !thread.call.active && !thread.invented
    });
    if !known {
        let ptid = call.int(5).unwrap_or(-1);
        let source = if flags & CLONE_THREAD == 0 {
            ptid
        } else {
            call.int(4).unwrap_or(ptid)
        };
        state.remove_thread_and_all(call.tid);
        let source_known = state.threads.get(source).is_some();
        let source = match state.threads.slot(source) {
            Some(slot) => Some(slot),
            None if source > 0 => Some(state.invent(source)),
            None => None,
        };
        let empty = Thread::default();
        let parent = source.and_then(|slot| state.threads.at(slot));
        let mut thread = copy_of(state, call, parent.unwrap_or(&empty), call.tid);
        // The parent of a thread, as the original tool has it, is its process.
        thread.ptid = parent.map_or(ptid, |parent| parent.tid);
        thread.flags |= CLONE_INVERTED;
        thread.files = state.child_files(source, flags);
        if flags & CLONE_THREAD != 0
            && !source_known
            && let Some(leader) = source.and_then(|slot| state.threads.at_mut(slot))
        {
            // Threads run one program: what the event says of this one holds for the leader.
            leader.comm.clone_from(&thread.comm);
            leader.exe.clone_from(&thread.exe);
            leader.args.clone_from(&thread.args);
        }
        state.add_thread(thread);
    }
    let Some(slot) = state.threads.slot(call.tid) else {
        return;
    };
    let Some(thread) = state.threads.at_mut(slot) else {
        return;
    };
    if let Some(ptid) = call.int(5)
        && flags & CLONE_THREAD == 0
    {
        thread.ptid = ptid;
    }
    if let Some(vtid) = call.int(18) {
        thread.vtid = vtid;
    }
    if let Some(vpid) = call.int(19) {
        thread.vpid = vpid;
    }
    if let Some(start) = call.uint(20) {
        thread.pidns_init_start_ns = start;
    }
    let cgroups = call.bytes(14).map(texts);
    state.set_cgroups(slot, cgroups);
}

/// The child's entry: what the event says, and for the rest its parent's facts.
fn copy_of(state: &State, call: &Call<'_>, parent: &Thread, tid: i64) -> Thread {
    let flags = call.u32(15).unwrap_or(0);
    let is_thread = flags & CLONE_THREAD != 0;
    let unknown = parent.invented || parent.tid == -1;
    let mut thread = Thread {
        tid,
        pid: if !is_thread {
            tid
        } else if unknown {
            call.int(4).unwrap_or(tid)
        } else {
            parent.pid
        },
        flags,
        // A copy runs the caller's program, about which the event is the latest word.
        comm: call.text(13).unwrap_or(&parent.comm).to_vec(),
        exe: call.text(1).unwrap_or(&parent.exe).to_vec(),
        exe_path: parent.exe_path.clone(),
        args: match call.event.param(2) {
            Some(args) if call.text(1).is_some() => texts(args),
            _ => parent.args.clone(),
        },
        env: if is_thread {
            Vec::new()
        } else {
            state.leader(parent).unwrap_or(parent).env.clone()
        },
        cwd: state.cwd(parent).to_vec(),
        root: parent.root.clone(),
        cgroups: parent.cgroups.clone(),
        container_id: parent.container_id.clone(),
        sid: parent.sid,
        vpgid: parent.vpgid,
        pgid: parent.pgid,
        vpid: parent.vpid,
        tty: parent.tty,
        loginuid: parent.loginuid,
        uid: call.u32(16).unwrap_or(parent.uid),
        gid: call.u32(17).unwrap_or(parent.gid),
        fd_limit: call.int(7).unwrap_or(parent.fd_limit),
        clone_ts_ns: call.timestamp_ns(),
        pidns_init_start_ns: parent.pidns_init_start_ns,
        exe_writable: parent.exe_writable,
        exe_upper_layer: parent.exe_upper_layer,
        exe_lower_layer: parent.exe_lower_layer,
        exe_from_memfd: parent.exe_from_memfd,
        cap_inheritable: parent.cap_inheritable,
        cap_permitted: parent.cap_permitted,
        cap_effective: parent.cap_effective,
        exe_ino: parent.exe_ino,
        exe_ino_ctime_ns: parent.exe_ino_ctime_ns,
        exe_ino_mtime_ns: parent.exe_ino_mtime_ns,
        ..Thread::default()
    };
    if unknown {
        if call.text(13).is_none() {
            thread.comm.clone_from(&thread.exe);
        }
        if let Some(cwd) = call.text(6).filter(|cwd| !cwd.is_empty()) {
            thread.cwd = with_slash(cwd.to_vec());
        }
    }
    take_figures(&mut thread, call);
    thread
}

impl State {
    /// A caller that was never seen starting is described by its own event.
    fn recover_caller(&mut self, call: &Call<'_>, caller: Slot) {
        let Some(thread) = self.threads.at_mut(caller).filter(|thread| thread.invented) else {
            return;
        };
        let Some(comm) = call.text(13).or_else(|| call.text(1)) else {
            return;
        };
        thread.invented = false;
        thread.comm = comm.to_vec();
        thread.exe = call.text(1).unwrap_or(&[]).to_vec();
        thread.args = call.bytes(2).map(texts).unwrap_or_default();
        thread.ptid = call.int(5).unwrap_or(thread.ptid);
        thread.fd_limit = call.int(7).unwrap_or(thread.fd_limit);
        thread.uid = call.u32(16).unwrap_or(thread.uid);
        thread.gid = call.u32(17).unwrap_or(thread.gid);
        thread.vtid = call.int(18).unwrap_or(thread.vtid);
        thread.vpid = call.int(19).unwrap_or(thread.vpid);
        if let Some(cwd) = call.text(6).filter(|cwd| !cwd.is_empty()) {
            thread.cwd = with_slash(cwd.to_vec());
        }
        take_figures(thread, call);
        let cgroups = call.bytes(14).map(texts);
        self.set_cgroups(caller, cgroups);
        self.join_process(caller, call.int(4).unwrap_or(call.tid));
    }

    /// A thread taken for a process of its own turns out to belong to a known one.
    fn join_process(&mut self, slot: Slot, pid: i64) {
        let Some(leader) = self
            .threads
            .get_mut(pid)
            .filter(|leader| leader.is_leader())
        else {
            return;
        };
        let files = leader.files;
        if let Some(thread) = self.threads.at_mut(slot).filter(|thread| thread.tid != pid) {
            thread.pid = pid;
            self.tables.release(thread.files);
            thread.files = self.tables.share(files);
            if let Some(leader) = self.threads.get_mut(pid) {
                leader.child_threads += 1;
            }
        }
    }

    /// The descriptor table of a new thread: the caller's own, or a copy of it.
    fn child_files(&mut self, caller: Option<Slot>, flags: u32) -> TableId {
        let files = caller
            .and_then(|slot| self.threads.at(slot))
            .map(|thread| thread.files);
        match files {
            Some(files) if flags & CLONE_FILES != 0 => self.tables.share(files),
            Some(files) => {
                let copy = self.tables.get(files).cloned().unwrap_or_default();
                self.tables.add(copy)
            }
            None => self.tables.add(FdTable::default()),
        }
    }
}
