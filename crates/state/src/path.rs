//! Paths as names: joined and tidied by their text alone.

/// Resolves `path` against `directory` and removes `.`, `..` and repeated slashes from the part
/// that came with `path`.
///
/// An absolute path stands for itself. The result has no trailing slash unless it is the root.
/// With an unknown (empty) directory a relative path stays relative.
pub fn resolve(directory: &[u8], path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(directory.len() + path.len());
    if path.first() != Some(&b'/') {
        out.extend_from_slice(directory);
    }
    append(&mut out, path);
    out
}

/// Appends component by component, looking at the text before only where `..` demands it.
fn append(out: &mut Vec<u8>, mut path: &[u8]) {
    let mut begins = true;
    while let Some(&first) = path.first() {
        let at_start = std::mem::take(&mut begins) || matches!(out.last(), None | Some(b'/'));
        if first == b'/' {
            if out.last() != Some(&b'/') {
                out.push(b'/');
            }
            path = &path[1..];
            continue;
        }
        let end = path.iter().position(|&b| b == b'/').unwrap_or(path.len());
        let (component, rest) = path.split_at(end);
        path = rest;
        match component {
            b"." if at_start => path = path.strip_prefix(b"/").unwrap_or(path),
            b".." if at_start => {
                parent(out);
                path = path.strip_prefix(b"/").unwrap_or(path);
            }
            _ => out.extend_from_slice(component),
        }
    }
    if out.len() > 1 && out.last() == Some(&b'/') {
        out.pop();
    }
}

/// Cuts the last component and keeps the slash before it; the root stays the root.
fn parent(out: &mut Vec<u8>) {
    if out.len() <= 1 {
        return;
    }
    out.pop();
    while out.len() > 1 && out.last() != Some(&b'/') {
        out.pop();
    }
    if out.last() != Some(&b'/') {
        out.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn paths_are_tidied_by_text() {
        let cases: &[(&str, &str, &str)] = &[
            ("/home/a/", "x", "/home/a/x"),
            ("/home/a/", "./x//y/", "/home/a/x/y"),
            ("/home/a/", "../x", "/home/x"),
            ("/home/a/", "../../../x", "/x"),
            ("/home/a/", ".", "/home/a"),
            ("/home/a/", "..", "/home"),
            ("/home/a/", "/etc/./passwd", "/etc/passwd"),
            ("/home/a/", "/etc/../..", "/"),
            ("/home/a/", ".hidden/..x", "/home/a/.hidden/..x"),
            ("", "./testing_dir", "testing_dir"),
            ("/", "", "/"),
            ("/home/a/", "", "/home/a"),
            ("/home/a/", "...", "/home/a/..."),
            ("<UNKNOWN>", "x", "<UNKNOWN>x"),
            ("<UNKNOWN>", "../x", "x"),
            ("/", "a", "/a"),
        ];
        for (directory, path, expected) in cases {
            assert_eq!(
                String::from_utf8_lossy(&resolve(directory.as_bytes(), path.as_bytes())),
                *expected,
                "{directory} + {path}"
            );
        }
    }
}
