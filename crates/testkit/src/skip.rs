//! Saying that a test could not run, past the capturing of test output.

use std::io::Write as _;
use std::path::PathBuf;

/// Reports that a test did not run. `make test` counts these lines.
///
/// Written to standard error directly: the test harness swallows what `eprintln!` prints in a
/// test that passes, and a skipped test must not look like a passed one.
pub fn skip(what: &str, because: &str) {
    let line = format!("{what}: skipped, because {because}\n");
    // A closed standard error leaves nobody to tell.
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

/// The path of a command, or `None` after reporting that `what` is skipped without it.
pub fn require(what: &str, command: &str) -> Option<PathBuf> {
    let found = std::env::var_os("PATH").and_then(|path| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(command))
            .find(|file| file.is_file())
    });
    if found.is_none() {
        skip(what, &format!("`{command}` is not installed"));
    }
    found
}
