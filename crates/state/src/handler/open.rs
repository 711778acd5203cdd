//! Files opened by name, and the directories that names start from.

use crate::call::Call;
use crate::fd::{FdInfo, FdKind};
use crate::thread::Thread;
use crate::{State, path};

const O_DIRECTORY: u32 = 0x400;
pub(crate) const O_CLOEXEC: u32 = 0x1000;
/// Bits that only the exit can know: created by the call, layers of an overlay.
const RESULT_BITS: u32 = 0x1_c000;
/// The current directory as a directory descriptor.
pub(crate) const AT_FDCWD: i64 = -100;
/// What a name is shown below when the directory's descriptor is unknown.
const UNKNOWN_DIRECTORY: &[u8] = b"<UNKNOWN>";

/// open: fd name flags mode dev ino.
pub(crate) fn open(state: &mut State, call: &Call<'_>) {
    let (name, flags) = as_asked(call, 1, 0, call.u32(2).unwrap_or(0), Some(1));
    add_file(state, call, AT_FDCWD, name, flags, (4, 5));
}

/// creat: fd name mode dev ino `creat_flags`.
pub(crate) fn creat(state: &mut State, call: &Call<'_>) {
    const LAYER_BITS: [(u32, u32); 2] = [(1, 0x8000), (2, 0x1_0000)];
    let result = call.u32(5).unwrap_or(0);
    let flags = LAYER_BITS
        .iter()
        .filter(|(bit, _)| result & bit != 0)
        .fold(0, |flags, (_, layer)| flags | layer);
    let (name, flags) = as_asked(call, 1, 0, flags, None);
    add_file(state, call, AT_FDCWD, name, flags, (3, 4));
}

/// openat: fd dirfd name flags mode dev ino.
pub(crate) fn openat(state: &mut State, call: &Call<'_>) {
    let (name, flags) = as_asked(call, 2, 1, call.u32(3).unwrap_or(0), Some(2));
    let dirfd = directory_asked(call, 1, 0);
    add_file(state, call, dirfd, name, flags, (5, 6));
}

/// openat2: fd dirfd name flags mode resolve dev ino.
pub(crate) fn openat2(state: &mut State, call: &Call<'_>) {
    let (name, flags) = as_asked(call, 2, 1, call.u32(3).unwrap_or(0), Some(2));
    let dirfd = directory_asked(call, 1, 0);
    add_file(state, call, dirfd, name, flags, (6, 7));
}

/// `open_by_handle_at`: fd mountfd flags path dev ino. The path is the kernel's own.
pub(crate) fn open_by_handle_at(state: &mut State, call: &Call<'_>) {
    let flags = call.u32(2).unwrap_or(0);
    add_file(state, call, AT_FDCWD, call.text(3), flags, (4, 5));
}

/// chdir: res path.
pub(crate) fn chdir(state: &mut State, call: &Call<'_>) {
    if call.succeeded()
        && let Some(path) = call.text(1)
    {
        state.change_directory(call, path);
    }
}

/// getcwd: res path. What the kernel says is right, whatever was missed before.
pub(crate) fn getcwd(state: &mut State, call: &Call<'_>) {
    chdir(state, call);
}

/// fchdir: res fd.
pub(crate) fn fchdir(state: &mut State, call: &Call<'_>) {
    if call.succeeded()
        && let Some(thread) = state.threads.at(call.slot)
        && let Some(directory) = state.fd(thread, call.fd)
    {
        let path = directory.name.clone();
        state.change_directory(call, &path);
    }
}

/// chroot: res path.
pub(crate) fn chroot(state: &mut State, call: &Call<'_>) {
    if !call.succeeded() {
        return;
    }
    let (Some(thread), Some(path)) = (state.threads.at(call.slot), call.text(1)) else {
        return;
    };
    let root = state.resolve_path(thread, AT_FDCWD, path);
    if let Some(thread) = state.threads.at_mut(call.slot) {
        thread.root = root;
    }
}

/// Name and flags of an open as the caller gave them.
///
/// The exit's copy of the name was read when the call ended, and the caller's other threads could
/// have changed it by then. The enter's copy is what the kernel opened, unless it could not be read.
fn as_asked<'e>(
    call: &Call<'e>,
    exit_name: usize,
    enter_name: usize,
    flags: u32,
    enter_flags: Option<usize>,
) -> (Option<&'e [u8]>, u32) {
    let name = call.text(exit_name);
    let Some(enter) = call.event.enter() else {
        return (name, flags);
    };
    let asked = enter.param(enter_name).map(crate::call::until_nul);
    match asked {
        Some(asked) if !asked.is_empty() && asked != b"<NA>" => {
            let asked_flags = enter_flags
                .and_then(|index| enter.param(index))
                .and_then(|bytes| Some(u32::from_le_bytes(bytes.try_into().ok()?)));
            let flags = asked_flags.map_or(flags, |asked| asked | flags & RESULT_BITS);
            (Some(asked), flags)
        }
        _ => (name, flags),
    }
}

fn directory_asked(call: &Call<'_>, exit: usize, enter: usize) -> i64 {
    call.event
        .enter()
        .and_then(|event| event.param(enter))
        .and_then(|bytes| Some(i64::from_le_bytes(bytes.try_into().ok()?)))
        .or_else(|| call.int(exit))
        .unwrap_or(AT_FDCWD)
}

fn add_file(
    state: &mut State,
    call: &Call<'_>,
    dirfd: i64,
    name: Option<&[u8]>,
    flags: u32,
    (dev, ino): (usize, usize),
) {
    let Some(fd) = call.result().filter(|&fd| fd >= 0) else {
        return;
    };
    let Some(thread) = state.threads.at(call.slot) else {
        return;
    };
    let Some(name) = name else {
        // The descriptor exists, its name was not recorded; what had this number is gone.
        state.forget_fd(call, fd);
        return;
    };
    let info = FdInfo {
        kind: if flags & O_DIRECTORY == 0 {
            FdKind::File
        } else {
            FdKind::Directory
        },
        name: state.resolve_path(thread, dirfd, name),
        name_raw: name.to_vec(),
        open_flags: flags,
        dev: call.u32(dev).unwrap_or(0),
        ino: call.uint(ino).unwrap_or(0),
        close_on_exec: flags & O_CLOEXEC != 0,
        ..FdInfo::default()
    };
    state.add_fd(call, fd, info);
}

impl State {
    /// Resolves a relative name.
    pub(crate) fn resolve_below(&self, thread: &Thread, dirfd: i64, name: &[u8]) -> Vec<u8> {
        if dirfd == AT_FDCWD {
            return path::resolve(self.cwd(thread), name);
        }
        match self.fd(thread, dirfd) {
            Some(directory) => path::resolve(&with_slash(directory.name.clone()), name),
            None => path::resolve(UNKNOWN_DIRECTORY, name),
        }
    }

    fn change_directory(&mut self, call: &Call<'_>, to: &[u8]) {
        let Some(owner) = self.directory_owner(call.slot) else {
            return;
        };
        let Some(thread) = self.threads.get_mut(owner) else {
            return;
        };
        thread.cwd = with_slash(path::resolve(&thread.cwd, to));
    }
}

/// A directory as the engine keeps it.
pub(crate) fn with_slash(mut path: Vec<u8>) -> Vec<u8> {
    if path.last() != Some(&b'/') {
        path.push(b'/');
    }
    path
}
