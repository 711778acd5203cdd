//! Without the feature `live`, the command builds without clang and without privileges, and replays.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use testkit::live;
use testkit::run::{Run, target_folder};
use testkit::{fixtures, require};

#[test]
fn the_replay_only_command_builds_without_clang_and_privileges() {
    let _alone = live::alone();
    if require("building as nobody in particular", "setpriv").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let path = tools_without_clang(folder.path());
    assert!(!path.join("clang").exists());
    let target = target_folder().join("replay-only");
    let run = Run::finish(powerless(&path, "cargo", |command| {
        command
            .args(["build", "--quiet", "-p", "quarry", "--no-default-features"])
            .env("CARGO_TARGET_DIR", &target)
            .current_dir(fixtures::workspace());
    }));
    let run = run.ok();
    assert!(!run.stderr.contains("clang"), "{run}");

    let quarry = target.join("debug/quarry");
    let quarry = quarry.to_str().expect("a plain name");
    let live = Run::finish(powerless(&path, quarry, |_| {})).code_is(3);
    assert!(live.stderr.contains("quarry -r FILE"), "{live}");
    let Some(captures) = fixtures::captures_folder("replaying without privileges", "public") else {
        return;
    };
    let capture = captures.join("libs-curl-google.scap");
    let replay = Run::finish(powerless(&path, quarry, |command| {
        command.arg("-r").arg(capture);
    }))
    .ok();
    assert_eq!(replay.lines().len(), 1221);
}

/// A command that runs with no capability at all and the given search path.
fn powerless(path: &Path, program: &str, prepare: impl FnOnce(&mut Command)) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]);
    command.arg(program).env("PATH", path);
    prepare(&mut command);
    command
}

/// A folder with links to every command of the search path, except all of clang and LLVM.
fn tools_without_clang(folder: &Path) -> std::path::PathBuf {
    let tools = folder.join("bin");
    std::fs::create_dir(&tools).expect("the folder is new");
    let path = std::env::var_os("PATH").unwrap_or_default();
    for place in std::env::split_paths(&path) {
        let Ok(entries) = std::fs::read_dir(place) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let text = name.to_string_lossy();
            if !text.starts_with("clang") && !text.starts_with("llvm") {
                // The first of a name wins, as in the path itself.
                let _ = symlink(entry.path(), tools.join(&name));
            }
        }
    }
    tools
}
