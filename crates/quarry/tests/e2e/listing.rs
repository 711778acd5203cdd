//! Options that list what the program knows.

use serde_json::Value;

use crate::quarry;

#[test]
fn fields_are_listed_by_class() {
    let ran = quarry(&["-l"]);
    for name in ["\nevt.num ", "\nproc.name ", "\nfd.name ", "\nuser.name "] {
        assert!(ran.ok().contains(name), "{name}");
    }
    assert_eq!(quarry(&["--list"]).stdout, ran.stdout);
    assert!(!ran.stdout.contains("(Type: "));
    assert!(quarry(&["-lv"]).ok().contains("(Type: "));
}

#[test]
fn a_word_narrows_the_list() {
    let class = quarry(&["-l", "fd"]);
    assert!(class.ok().contains("\nfd.name "));
    assert!(!class.stdout.contains("\nproc.name "));
    let search = quarry(&["-l", "namespace"]);
    assert!(search.ok().lines().count() > 3);
    assert_eq!(quarry(&["-l", "nothing-of-this-name"]).code, Some(2));
}

#[test]
fn fields_are_listed_for_tools() {
    for args in [&["--list-json"][..], &["-l", "-j"]] {
        let value: Value = serde_json::from_str(quarry(args).ok()).unwrap();
        let fields: usize = value["classes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|class| class["fields"].as_array().unwrap().len())
            .sum();
        assert!(fields > 200, "{fields}");
    }
    let markdown = quarry(&["--list-markdown"]);
    assert!(markdown.ok().contains("| `evt.num` | "));
}

#[test]
fn events_are_listed_with_parameters() {
    let ran = quarry(&["-L"]);
    assert!(
        ran.ok()
            .contains("> open(FSPATH name, FLAGS32 flags, UINT32 mode)\n")
    );
    let json = quarry(&["--list-events", "-j"]);
    let value: Value = serde_json::from_str(json.ok()).unwrap();
    assert!(value["events"].as_array().unwrap().len() > 100);
}

#[test]
fn help_is_short_or_long() {
    let short = quarry(&["-h"]);
    let long = quarry(&["--help"]);
    assert!(short.ok().contains("--readfile"));
    assert!(long.ok().len() > short.stdout.len());
    assert!(long.stdout.contains("Exit status:"));
    for option in ["--udig", "--chisel"] {
        assert!(
            !long.stdout.contains(option),
            "former options are not offered"
        );
    }
}

#[test]
fn the_version_is_printed() {
    let ran = quarry(&["--version"]);
    assert!(ran.ok().starts_with("quarry "));
    assert_eq!(quarry(&["--libs-version"]).stdout, ran.stdout);
}

#[test]
fn man_page_and_completions_are_generated() {
    assert!(quarry(&["--generate", "man"]).ok().contains(".SH OPTIONS"));
    for (shell, sign) in [
        ("complete-bash", "complete -F"),
        ("complete-zsh", "#compdef quarry"),
        ("complete-fish", "complete -c quarry"),
    ] {
        let ran = quarry(&["--generate", shell]);
        assert!(ran.ok().contains(sign), "{shell}");
    }
}

#[test]
fn words_are_completed() {
    let candidates = |word: &str| quarry(&["__complete", word]).ok().to_owned();
    assert!(candidates("proc.na").lines().any(|l| l == "proc.name"));
    assert!(candidates("evt.type=openat").contains("evt.type=openat2\n"));
    assert!(candidates("evt.dir=").contains("evt.dir=<\n"));
    assert!(candidates("fd.type=").contains("fd.type=file\n"));
    assert!(candidates("(proc.na").contains("(proc.name\n"));
}

/// What bash offers for a line; `words` are the line as bash splits it.
fn offered(line: &str, words: &[&str]) -> String {
    let script = format!(
        "{}\nCOMP_LINE=$1 COMP_POINT=${{#1}}; shift; COMP_WORDS=(\"$@\"); \
         COMP_CWORD=$(($# - 1)); _quarry_words quarry; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        quarry(&["--generate", "complete-bash"]).ok()
    );
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_quarry"));
    let output = std::process::Command::new("bash")
        .args(["-c", &script, "bash", line])
        .args(words)
        .env(
            "PATH",
            format!("{}:/usr/bin:/bin", folder.parent().unwrap().display()),
        )
        .output()
        .expect("bash starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn bash_completes_options_fields_and_values() {
    let offers = |line, words: &[&str], expected: &str| {
        let got = offered(line, words);
        assert!(
            got.lines().any(|offer| offer == expected),
            "{line}\nexpected {expected}\noffered {got}"
        );
    };
    offers("quarry --numev", &["quarry", "--numev"], "--numevents");
    offers("quarry proc.na", &["quarry", "proc.na"], "proc.name");
    let equals = ["quarry", "evt.type", "=", "openat"];
    offers("quarry evt.type=openat", &equals, "openat2");
    offers("quarry evt.dir=", &["quarry", "evt.dir", "="], "<");
    offers(
        "quarry 'proc.name=x and fd.na",
        &["quarry", "'proc.name=x and fd.na"],
        "proc.name=x and fd.name",
    );
}

#[test]
fn the_published_schema_is_fresh() {
    let published = include_str!("../../../../docs/quarry-json.schema.json");
    let ran = quarry(&["--generate", "json-schema"]);
    assert!(
        ran.ok() == published,
        "docs/quarry-json.schema.json is stale; renew it with\n  \
         cargo run -p quarry -- --generate json-schema > docs/quarry-json.schema.json"
    );
}
