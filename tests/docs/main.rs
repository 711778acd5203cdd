//! What the documents show works: every command in them is run, and every file they name is there.
//!
//! Commands on captures run in a folder where each capture they name is one of the collection. Those
//! behind `sudo` capture live, as this process if it may. Those of make and cargo are not run but
//! looked up.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use testkit::run::Run;
use testkit::{fixtures, live, run};

const README: &str = include_str!("../../README.md");
const CONTRIBUTING: &str = include_str!("../../CONTRIBUTING.md");
const ARCHITECTURE: &str = include_str!("../../ARCHITECTURE.md");

/// The commands in a document's blocks.
fn commands(document: &str) -> Vec<&str> {
    document
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
        .map(|line| line.split("  #").next().unwrap_or(line).trim())
        .collect()
}

/// The examples at the end of the help.
fn examples_in_help() -> Vec<String> {
    let help = run::quarry(["--help"]).ok().text();
    let examples = help
        .split_once("\nExamples:\n")
        .expect("the help has examples")
        .1;
    examples
        .lines()
        .take_while(|line| !line.is_empty())
        .map(|line| {
            let command = line.trim().split("   ").next().unwrap_or(line);
            // What works on this machine needs root there, too.
            if command.contains(" -r ") {
                command.to_owned()
            } else {
                format!("sudo {command}")
            }
        })
        .collect()
}

/// A folder with a capture under each of these names.
fn folder_with(captures: &BTreeSet<String>) -> Option<tempfile::TempDir> {
    let real = fixtures::captures_folder("examples on captures", "public")?;
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    for name in captures {
        std::fs::copy(real.join("libs-curl-google.scap"), folder.path().join(name))
            .expect("a capture can be copied");
    }
    // Something to build for the example that traces a build.
    std::fs::write(folder.path().join("Makefile"), "all:\n").expect("a file can be written");
    Some(folder)
}

/// The captures that commands read; those they write are left to them.
fn captures_in(commands: &[String]) -> BTreeSet<String> {
    commands
        .iter()
        .flat_map(|command| command.split_whitespace())
        .filter(|word| word.ends_with(".scap"))
        .map(str::to_owned)
        .collect()
}

/// Runs a command line of a document in a folder; `None` when this machine cannot.
fn try_command(line: &str, folder: &Path) -> Option<Run> {
    let mut line = line.to_owned();
    if let Some(privileged) = line.strip_prefix("sudo quarry") {
        if !live::possible(&line) {
            return None;
        }
        // An example without end gets one.
        line = if privileged.trim_start().starts_with("run ") || privileged.contains("--duration") {
            format!("quarry{}", privileged.replace("10s", "1s"))
        } else {
            format!("quarry --duration 1s{privileged}")
        };
    }
    let line = line.replacen("quarry", &run::quarry_path().to_string_lossy(), 1);
    let mut command = Command::new("sh");
    command.args(["-c", &line]).current_dir(folder);
    Some(Run::finish(command))
}

fn run_all(commands: &[String]) {
    let Some(folder) = folder_with(&captures_in(commands)) else {
        return;
    };
    for command in commands {
        if let Some(run) = try_command(command, folder.path()) {
            assert_eq!(run.code(), 0, "`{command}`\n{run}");
            let complaint = run
                .stderr
                .lines()
                .find(|line| line.starts_with("quarry: filter"));
            assert_eq!(complaint, None, "`{command}`\n{run}");
        }
    }
}

#[test]
fn every_quarry_command_in_the_readme_works() {
    let commands: Vec<String> = commands(README)
        .into_iter()
        .filter(|command| command.starts_with("quarry ") || command.starts_with("sudo quarry "))
        .map(str::to_owned)
        .collect();
    assert!(commands.len() >= 15, "{commands:?}");
    run_all(&commands);
}

#[test]
fn every_example_in_the_help_works() {
    let examples = examples_in_help();
    assert!(examples.len() >= 5, "{examples:?}");
    // The shell would take the brackets and signs of a filter for its own: help shows the words.
    let quoted: Vec<String> = examples
        .iter()
        .map(|line| line.replace('<', "\\<").replace('>', "\\>"))
        .collect();
    run_all(&quoted);
}

#[test]
fn make_targets_and_packages_in_documents_exist() {
    let makefile =
        std::fs::read_to_string(fixtures::workspace().join("Makefile")).expect("it is there");
    for document in [README, CONTRIBUTING] {
        for command in commands(document) {
            let words: Vec<&str> = command.split_whitespace().collect();
            match words.as_slice() {
                ["make", target, ..] => {
                    assert!(makefile.contains(&format!("\n{target}:")), "make {target}");
                }
                ["cargo", _, rest @ ..] => {
                    if let Some(at) = rest.iter().position(|word| *word == "-p") {
                        let manifest = format!("crates/{}/Cargo.toml", rest[at + 1]);
                        assert!(fixtures::workspace().join(manifest).exists(), "{command}");
                    }
                }
                ["quarry" | "sudo", ..] => {}
                _ => panic!("nobody checks `{command}`"),
            }
        }
    }
}

#[test]
fn files_that_documents_link_to_exist() {
    for document in [README, CONTRIBUTING, ARCHITECTURE] {
        for link in document
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            assert!(fixtures::workspace().join(link).exists(), "{link}");
        }
    }
}

#[test]
fn folders_in_the_code_map_exist() {
    for folder in ARCHITECTURE
        .lines()
        .filter_map(|line| line.strip_prefix('`')?.strip_suffix("/`"))
    {
        assert!(fixtures::workspace().join(folder).is_dir(), "{folder}");
    }
}
