//! A thread turns into another program.

use crate::State;
use crate::call::{Call, texts, until_nul};
use crate::handler::open::AT_FDCWD;
use crate::path;
use capture_format::{Event, EventType};

const EXECVE_18_E: u16 = 288;
const EXECVE_19_E: u16 = 292;
const EXECVEAT_E: u16 = 330;

/// execve and execveat: res exe args tid pid ptid cwd fdlimit pgft_maj pgft_min `vm_size` `vm_rss`
/// `vm_swap` comm cgroups env tty vpgid loginuid flags capabilities (3) `exe_ino` ctime mtime uid
/// `trusted_exepath` pgid gid filename.
pub(crate) fn exit(state: &mut State, call: &Call<'_>) {
    if !call.succeeded() {
        return;
    }
    let exe_path = state.exe_path(call);
    state.end_other_threads(call);
    let Some(thread) = state.threads.at_mut(call.slot) else {
        return;
    };
    let was_invented = thread.invented;
    thread.invented = false;
    thread.exited = false;
    thread.last_exec_ts_ns = call.timestamp_ns();
    if let Some(exe) = call.text(1) {
        thread.exe = exe.to_vec();
    }
    // The oldest captures have no command name; the program's serves.
    if let Some(comm) = call.text(13).or_else(|| call.text(1)) {
        thread.comm = comm.to_vec();
    }
    if let Some(args) = call.event.param(2) {
        thread.args = texts(args);
    }
    if let Some(pid) = call.int(4) {
        let files = thread.files;
        thread.pid = pid;
        thread.files = state.tables.unshare(files);
    }
    if was_invented {
        thread.ptid = call.int(5).unwrap_or(thread.ptid);
    }
    if let Some(limit) = call.int(7) {
        thread.fd_limit = limit;
    }
    take_figures(thread, call);
    if let Some(env) = call.event.param(15).filter(|env| !env.is_empty()) {
        thread.env = texts(env);
    }
    if let Some(tty) = call.u32(16) {
        thread.tty = tty;
    }
    if let Some(vpgid) = call.int(17) {
        thread.vpgid = vpgid;
    }
    if let Some(loginuid) = call.u32(18) {
        thread.loginuid = loginuid;
    }
    if let Some(flags) = call.u32(19) {
        thread.exe_writable = flags & 1 != 0;
        thread.exe_upper_layer = flags & 2 != 0;
        thread.exe_from_memfd = flags & 4 != 0;
        thread.exe_lower_layer = flags & 8 != 0;
    }
    if let (Some(inheritable), Some(permitted), Some(effective)) =
        (call.uint(20), call.uint(21), call.uint(22))
    {
        thread.cap_inheritable = inheritable;
        thread.cap_permitted = permitted;
        thread.cap_effective = effective;
    }
    thread.exe_ino = call.uint(23).unwrap_or(0);
    thread.exe_ino_ctime_ns = call.uint(24).unwrap_or(0);
    thread.exe_ino_mtime_ns = call.uint(25).unwrap_or(0);
    if let Some(uid) = call.u32(26) {
        thread.uid = uid;
    }
    if let Some(pgid) = call.int(28) {
        thread.pgid = pgid;
    }
    if let Some(gid) = call.u32(29) {
        thread.gid = gid;
    }
    if let Some(exe_path) = exe_path {
        thread.exe_path = exe_path;
    }
    if let Some(table) = state.tables.get_mut(thread.files) {
        table.retain(|_, info| !info.close_on_exec);
    }
    let cgroups = call.bytes(14).map(texts);
    state.set_cgroups(call.slot, cgroups);
}

/// Page faults and memory, which clone reports as well.
pub(crate) fn take_figures(thread: &mut crate::Thread, call: &Call<'_>) {
    if let (Some(major), Some(minor)) = (call.uint(8), call.uint(9)) {
        thread.pf_major = major;
        thread.pf_minor = minor;
    }
    if let (Some(size), Some(rss), Some(swap)) = (call.u32(10), call.u32(11), call.u32(12)) {
        thread.vm_size_kib = size;
        thread.vm_rss_kib = rss;
        thread.vm_swap_kib = swap;
    }
}

impl State {
    /// The path of the new program: the kernel's own if it was recorded, else what the caller
    /// passed, made absolute.
    fn exe_path(&self, call: &Call<'_>) -> Option<Vec<u8>> {
        if let Some(trusted) = call.text(27).filter(|path| !path.is_empty()) {
            return Some(trusted.to_vec());
        }
        let caller = self.threads.at(call.slot)?;
        let asked = call
            .event
            .enter()
            .or_else(|| self.exec_of_another_thread(call, caller.pid));
        let Some(enter) = asked else {
            let name = call.text(30)?;
            return Some(path::resolve(self.cwd(caller), name));
        };
        let text = |index| enter.param(index).map(until_nul);
        let (dirfd, name) = match enter.ty.0 {
            EXECVE_18_E | EXECVE_19_E => (AT_FDCWD, text(0)?),
            EXECVEAT_E => {
                let dirfd = i64::from_le_bytes(enter.param(0)?.try_into().ok()?);
                (dirfd, text(1)?)
            }
            _ => return None,
        };
        if name == b"<NA>" {
            return Some(name.to_vec());
        }
        if name.is_empty() && enter.ty.0 == EXECVEAT_E {
            return Some(self.fd(caller, dirfd)?.name.clone());
        }
        Some(self.resolve_path(caller, dirfd, name))
    }

    /// When a secondary thread executes a program it takes the leader's id: the enter event is
    /// remembered under an id that no longer exists.
    fn exec_of_another_thread(&self, call: &Call<'_>, pid: i64) -> Option<Event<'_>> {
        let stored = call.event.stored().ty;
        let wanted = [
            stored.enter(),
            EventType(EXECVE_19_E),
            EventType(EXECVEAT_E),
        ];
        self.threads
            .iter()
            .filter(|thread| thread.pid == pid && thread.tid != call.tid && thread.call.open)
            .filter_map(|thread| thread.call.enter.as_ref())
            .find(|enter| wanted.contains(&enter.ty))
            .map(|enter| enter.as_event())
    }

    /// A program starts with one thread.
    fn end_other_threads(&mut self, call: &Call<'_>) {
        let Some(pid) = self.threads.at(call.slot).map(|thread| thread.pid) else {
            return;
        };
        if pid != call.tid
            || self
                .threads
                .at(call.slot)
                .is_none_or(|t| t.child_threads == 0)
        {
            return;
        }
        let others: Vec<i64> = self
            .threads
            .iter()
            .filter(|thread| thread.pid == pid && thread.tid != call.tid)
            .map(|thread| thread.tid)
            .collect();
        if let Some(thread) = self.threads.at_mut(call.slot) {
            thread.exited = false;
        }
        for tid in others {
            self.remove_thread(tid);
        }
    }
}
