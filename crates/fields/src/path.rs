//! Lexical paths: made absolute and free of `.`, `..` and repeated slashes.

use std::borrow::Cow;

use state::{FdKind, Thread};

use crate::view::View;

/// What stands for a directory that is not known.
pub(crate) const UNKNOWN: &[u8] = b"<UNKNOWN>";

const AT_FDCWD: i64 = -100;

/// Joins a path to a directory and normalises it; an absolute path stands for itself.
pub(crate) fn join(directory: &[u8], path: &[u8]) -> Vec<u8> {
    let absolute = path.first() == Some(&b'/');
    let mut joined: Vec<u8> = Vec::with_capacity(directory.len() + path.len() + 1);
    let base: &[u8] = if absolute { b"" } else { directory };
    let rooted = absolute || base.first() == Some(&b'/');
    for component in base.split(|&b| b == b'/').chain(path.split(|&b| b == b'/')) {
        match component {
            b"" | b"." => {}
            b".." => {
                let parent = joined.iter().rposition(|&b| b == b'/').unwrap_or(0);
                joined.truncate(parent);
            }
            _ => {
                if rooted || !joined.is_empty() {
                    joined.push(b'/');
                }
                joined.extend_from_slice(component);
            }
        }
    }
    if joined.is_empty() && rooted {
        joined.push(b'/');
    }
    joined
}

/// The directory to which `path` is relative in an *at call.
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
        return Cow::Borrowed(&view.state.leader(thread).unwrap_or(thread).cwd);
    }
    match view.state.fd(thread, dirfd) {
        Some(info) if matches!(info.kind, FdKind::File | FdKind::Directory) => {
            Cow::Borrowed(&info.name)
        }
        _ => Cow::Borrowed(UNKNOWN),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_lexically() {
        let check = |directory: &str, path: &str, expected: &str| {
            let joined = join(directory.as_bytes(), path.as_bytes());
            assert_eq!(String::from_utf8(joined).unwrap(), expected);
        };
        check("/home/u/", "x", "/home/u/x");
        check("/home/u", "./x/../y//z", "/home/u/y/z");
        check("/", "..", "/");
        check("/tmp", ".", "/tmp");
        check("/tmp", "/etc//passwd", "/etc/passwd");
        check("", "./dir", "dir");
        check("", "tls/x", "tls/x");
    }
}
