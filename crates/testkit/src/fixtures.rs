//! The collection of captures that lies beside a clone, and is too large to be part of it.

use crate::skip;
use std::path::{Path, PathBuf};

/// The root of this workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .and_then(Path::parent)
        .expect("this crate lives two folders below the workspace")
}

/// `../shared/fixtures/scap/SET`, or `None` after reporting that `what` is skipped without it.
pub fn captures_folder(what: &str, set: &str) -> Option<PathBuf> {
    let folder = workspace().join("../shared/fixtures/scap").join(set);
    if folder.is_dir() {
        return folder.canonicalize().ok();
    }
    skip(what, "../shared/fixtures is not beside the clone");
    None
}

/// The captures of a set (`public` or `made`), by name; empty after reporting a skip.
pub fn captures(what: &str, set: &str) -> Vec<PathBuf> {
    let Some(folder) = captures_folder(what, set) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder that exists can be listed")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.to_string_lossy();
            name.ends_with(".scap") || name.ends_with(".scap.gz")
        })
        .collect();
    files.sort();
    files
}

/// A capture's name without its folder, for messages and for lists of expectations.
pub fn name_of(capture: &Path) -> String {
    capture
        .file_name()
        .unwrap_or(capture.as_os_str())
        .to_string_lossy()
        .into_owned()
}
