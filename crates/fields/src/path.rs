//! Paths by their text: the directory they start from, and their parts.

use std::borrow::Cow;

use state::Thread;

use crate::view::View;

/// Descriptor value that stands for the current directory.
pub(crate) const AT_FDCWD: i64 = -100;

/// The directory, with a slash at its end, to which `path` is relative in an *at call.
pub(crate) fn directory<'a>(
    view: &View<'a>,
    thread: &'a Thread,
    dirfd: i64,
    path: &[u8],
) -> Cow<'a, [u8]> {
    if path.first() == Some(&b'/') {
        return Cow::Borrowed(b"");
    }
    if dirfd == AT_FDCWD {
        return Cow::Borrowed(view.state.cwd(thread));
    }
    let mut directory = match view.state.fd(thread, dirfd) {
        Some(info) => info.name.clone(),
        None => b"<UNKNOWN>".to_vec(),
    };
    if directory.last() != Some(&b'/') {
        directory.push(b'/');
    }
    Cow::Owned(directory)
}

/// The part before the last slash, `/` for files in the root or without directory.
pub(crate) fn parent(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|&b| b == b'/') {
        None | Some(0) => b"/",
        Some(slash) => &path[..slash],
    }
}

/// The part after the last slash, `/` for paths without one.
pub(crate) fn file_name(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|&b| b == b'/') {
        None => b"/",
        Some(slash) => &path[slash + 1..],
    }
}
