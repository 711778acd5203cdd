//! Descriptors that are closed, copied, or have no name in a file system.

use crate::State;
use crate::call::Call;
use crate::fd::{FdInfo, FdKind};
use crate::handler::open::O_CLOEXEC;
use std::sync::Arc;

/// The caller may get the same number for something new before the close returns.
pub(crate) fn close_enter(state: &mut State, call: &Call<'_>) {
    if let Some(table) = state.table_mut(call.slot) {
        table.begin_close(call.fd);
    }
}

/// close: res fd.
pub(crate) fn close(state: &mut State, call: &Call<'_>) {
    let Some(files) = state.threads.at(call.slot).map(|thread| thread.files) else {
        return;
    };
    let Some(table) = state.tables.get_mut(files) else {
        return;
    };
    let taken_again = table.end_close(call.fd);
    if call.succeeded() && !taken_again {
        state.deferred.close = Some((files, call.fd));
    }
}

/// `close_range`: res first last flags.
pub(crate) fn close_range(state: &mut State, call: &Call<'_>) {
    const UNSHARE: u32 = 2;
    const CLOEXEC: u32 = 4;
    if !call.succeeded() {
        return;
    }
    let (Some(first), Some(last)) = (call.uint(1), call.uint(2)) else {
        return;
    };
    let range = i64::try_from(first).unwrap_or(i64::MAX)..=i64::try_from(last).unwrap_or(i64::MAX);
    let flags = call.u32(3).unwrap_or(0);
    if flags & UNSHARE != 0
        && let Some(thread) = state.threads.at_mut(call.slot)
    {
        thread.files = state.tables.unshare(thread.files);
    }
    let Some(table) = state.table_mut(call.slot) else {
        return;
    };
    if flags & CLOEXEC == 0 {
        table.retain(|fd, _| !range.contains(&fd));
        return;
    }
    let numbers: Vec<i64> = table
        .iter()
        .filter(|(fd, info)| range.contains(fd) && !info.close_on_exec)
        .map(|(fd, _)| fd)
        .collect();
    for fd in numbers {
        if let Some(info) = table.get_mut(fd) {
            info.close_on_exec = true;
        }
    }
}

/// unshare: res flags. The caller gets a table of its own.
pub(crate) fn unshare(state: &mut State, call: &Call<'_>) {
    const CLONE_FILES: u32 = 1;
    if call.succeeded()
        && call.u32(1).unwrap_or(0) & CLONE_FILES != 0
        && let Some(thread) = state.threads.at_mut(call.slot)
    {
        thread.files = state.tables.unshare(thread.files);
    }
}

/// dup: res oldfd. Also dup2 and dup3 of older captures, whose flags nobody recorded.
pub(crate) fn dup(state: &mut State, call: &Call<'_>) {
    copy_fd(state, call, call.fd, false);
}

/// dup2 and dup3: res oldfd newfd [flags].
pub(crate) fn dup_onto(state: &mut State, call: &Call<'_>) {
    let close_on_exec = call.u32(3).unwrap_or(0) & O_CLOEXEC != 0;
    copy_fd(state, call, call.fd, close_on_exec);
}

/// fcntl: res fd cmd arg.
pub(crate) fn fcntl(state: &mut State, call: &Call<'_>) {
    const F_DUPFD: u64 = 1;
    const F_SETFD: u64 = 3;
    const F_DUPFD_CLOEXEC: u64 = 26;
    match call.uint(2) {
        Some(F_DUPFD) => copy_fd(state, call, call.fd, false),
        Some(F_DUPFD_CLOEXEC) => copy_fd(state, call, call.fd, true),
        Some(F_SETFD) if call.succeeded() => {
            // Without the argument it may as well have been cleared: a descriptor too many after
            // an exec is better than one too few.
            let close_on_exec = stored_argument(call).is_some_and(|arg| arg & 1 != 0);
            if let Some(table) = state.table_mut(call.slot)
                && table
                    .get(call.fd)
                    .is_some_and(|info| info.close_on_exec != close_on_exec)
                && let Some(info) = table.get_mut(call.fd)
            {
                info.close_on_exec = close_on_exec;
            }
        }
        _ => {}
    }
}

/// The third argument of fcntl, if it was recorded and is not just assumed.
fn stored_argument(call: &Call<'_>) -> Option<u64> {
    const ARG: usize = 3;
    call.event.stored().param(ARG)?;
    call.uint(ARG)
}

/// pipe and pipe2: res fd1 fd2 ino [flags].
pub(crate) fn pipe(state: &mut State, call: &Call<'_>) {
    if !call.succeeded() {
        return;
    }
    let info = FdInfo {
        kind: FdKind::Pipe,
        ino: call.uint(3).unwrap_or(0),
        close_on_exec: call.u32(4).unwrap_or(0) & O_CLOEXEC != 0,
        ..FdInfo::default()
    };
    for index in [1, 2] {
        if let Some(fd) = call.int(index).filter(|&fd| fd >= 0) {
            state.add_fd(call, fd, info.clone());
        }
    }
}

/// Calls that return a descriptor without a name, with the position of their flags and the bit
/// that means close-on-exec.
const ANONYMOUS: &[(u16, FdKind, usize, u32)] = &[
    (63, FdKind::Event, 2, 0),
    (127, FdKind::Signal, 3, 0),
    (137, FdKind::Timer, 2, 0),
    (139, FdKind::Inotify, 1, 0),
    (321, FdKind::Userfault, 1, 0x8_0000),
    (339, FdKind::IoUring, 4, 0),
    (375, FdKind::Epoll, 1, 0),
    (377, FdKind::Epoll, 1, 1),
    (395, FdKind::Inotify, 1, O_CLOEXEC),
    (397, FdKind::Event, 1, O_CLOEXEC),
    (399, FdKind::Signal, 1, O_CLOEXEC),
    (405, FdKind::Memfd, 2, 1),
    (409, FdKind::Pidfd, 2, 0),
];

/// Always close-on-exec, whatever the caller asked for.
const ALWAYS_CLOSED: &[FdKind] = &[FdKind::IoUring, FdKind::Pidfd];

/// eventfd, signalfd, timerfd, inotify, epoll, userfaultfd, `io_uring`, memfd, pidfd.
pub(crate) fn anonymous(state: &mut State, call: &Call<'_>) {
    let Some(fd) = call.result().filter(|&fd| fd >= 0) else {
        return;
    };
    let Some(&(ty, kind, flags, bit)) = ANONYMOUS.iter().find(|row| row.0 == call.ty().0) else {
        return;
    };
    const SIGNALFD_CALLS: [u16; 2] = [127, 399];
    if SIGNALFD_CALLS.contains(&ty) && state.fd_at(call.slot, fd).is_some_and(|i| i.kind == kind) {
        // A new mask for an old descriptor.
        state.set_call_fd(call, fd);
        return;
    }
    let name = match (kind, call.text(1)) {
        (FdKind::Memfd, Some(name)) => name.to_vec(),
        _ => Vec::new(),
    };
    let info = FdInfo {
        kind,
        name_raw: name.clone(),
        name,
        pidfd_of: call.int(1).filter(|_| kind == FdKind::Pidfd),
        close_on_exec: call.u32(flags).unwrap_or(0) & bit != 0 || ALWAYS_CLOSED.contains(&kind),
        ..FdInfo::default()
    };
    state.add_fd(call, fd, info);
}

/// bpf: fd cmd. Only some commands return a descriptor, and that one is close-on-exec.
pub(crate) fn bpf(state: &mut State, call: &Call<'_>) {
    /// Map create, program load, object get, the four get-by-id, raw tracepoint open, BTF load,
    /// link and iterator create, token create.
    const RETURN_FD: &[u64] = &[0, 5, 7, 13, 14, 17, 18, 19, 28, 30, 33, 36];
    let Some(fd) = call.result().filter(|&fd| fd >= 0) else {
        return;
    };
    if call.uint(1).is_some_and(|cmd| RETURN_FD.contains(&cmd)) {
        let info = FdInfo {
            kind: FdKind::Bpf,
            close_on_exec: true,
            ..FdInfo::default()
        };
        state.add_fd(call, fd, info);
    }
}

/// `pidfd_getfd`: fd `pid_fd` `target_fd` flags.
pub(crate) fn pidfd_getfd(state: &mut State, call: &Call<'_>) {
    let (Some(fd), Some(pidfd), Some(target)) = (
        call.result().filter(|&fd| fd >= 0),
        call.int(1),
        call.int(2),
    ) else {
        return;
    };
    let copied = state
        .fd_at(call.slot, pidfd)
        .filter(|info| info.kind == FdKind::Pidfd)
        .and_then(|info| state.threads.get(info.pidfd_of?))
        .and_then(|thread| state.fd(thread, target))
        .cloned();
    match copied {
        Some(mut info) => {
            info.close_on_exec = true;
            state.add_fd(call, fd, info);
        }
        None => state.forget_fd(call, fd),
    }
}

/// Gives what `from` refers to another number.
fn copy_fd(state: &mut State, call: &Call<'_>, from: i64, close_on_exec: bool) {
    let Some(to) = call.result().filter(|&fd| fd >= 0) else {
        return;
    };
    let Some(table) = state.table_mut(call.slot) else {
        return;
    };
    match table.get(from).cloned() {
        Some(info) => {
            if to != from {
                let info = FdInfo {
                    fd: to,
                    close_on_exec,
                    ..info
                };
                table.insert(to, Arc::new(info));
            }
            state.set_call_fd(call, to);
        }
        None => {
            table.remove(to);
            if from < 0 {
                state.set_call_fd(call, to);
            }
        }
    }
}
