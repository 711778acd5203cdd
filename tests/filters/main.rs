//! Filters over recorded captures: how many events each keeps, and what is said to bad ones.

use std::fmt::Write as _;

use testkit::{fixtures, require, run};

const CAPTURES: [&str; 2] = ["falco-cat-write.scap", "libs-curl-google.scap"];

const COUNTS: &str = include_str!("counts.txt");
const REFUSED: &str = include_str!("refused.txt");

/// A filter of `counts.txt`.
struct Case {
    filter: &'static str,
    expected: Vec<String>,
    /// What sysdig counts, where that differs.
    theirs: Option<Vec<String>>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in COUNTS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (counts, rest) = split(line.trim_start_matches('!'));
        match (line.starts_with('!'), cases.last_mut()) {
            (true, Some(last)) => last.theirs = Some(counts),
            _ => cases.push(Case {
                filter: rest,
                expected: counts,
                theirs: None,
            }),
        }
    }
    cases
}

/// The counts at the start of a line, and the rest.
fn split(line: &'static str) -> (Vec<String>, &'static str) {
    let mut rest = line;
    let mut counts = Vec::new();
    for _ in CAPTURES {
        let (count, after) = rest
            .trim_start()
            .split_once(' ')
            .expect("a count per capture");
        counts.push(count.to_owned());
        rest = after;
    }
    (counts, rest.trim_start())
}

/// Counts the events that a tool keeps, `x` when it refuses the filter.
fn count(tool: fn(&[&str]) -> run::Run, capture: &str, filter: &str) -> String {
    // One number per event: payloads with line breaks would make more lines than events.
    let run = tool(&["-r", capture, "-p", "*%evt.num", filter]);
    match run.code() {
        0 => run.lines().len().to_string(),
        _ => "x".to_owned(),
    }
}

fn check(
    what: &str,
    captures: std::ops::Range<usize>,
    tool: fn(&[&str]) -> run::Run,
    expected: fn(&Case) -> &[String],
) {
    let Some(folder) = fixtures::captures_folder(what, "public") else {
        return;
    };
    let mut report = String::new();
    for case in cases() {
        for (name, expected) in CAPTURES
            .iter()
            .zip(expected(&case))
            .take(captures.end)
            .skip(captures.start)
        {
            let capture = folder.join(name);
            let got = count(tool, &capture.to_string_lossy(), case.filter);
            if got != *expected {
                writeln!(
                    report,
                    "{name}: {}: {expected} expected, {got} found",
                    case.filter
                )
                .expect("a string takes everything");
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn every_filter_keeps_the_events_it_should() {
    assert!(cases().len() > 300, "the corpus is there");
    check(
        "filters over captures",
        0..2,
        |arguments| run::quarry(arguments),
        |case| &case.expected,
    );
}

/// The corpus says the truth about sysdig: same counts where no difference is noted, and the noted
/// ones where one is.
#[test]
fn the_corpus_agrees_with_sysdig() {
    if require("filters of sysdig", "sysdig").is_none() {
        return;
    }
    check(
        "filters of sysdig",
        // The larger one tells more, and every filter is a process.
        1..2,
        |arguments| run::sysdig(arguments),
        |case| case.theirs.as_ref().unwrap_or(&case.expected),
    );
}

/// `refused.txt` holds filters, each line behind `> `, followed by what is printed.
#[test]
fn refused_filters_are_explained_and_end_with_code_2() {
    let Some(folder) = fixtures::captures_folder("refused filters", "public") else {
        return;
    };
    let capture = folder.join(CAPTURES[0]);
    let capture = capture.to_string_lossy();
    let mut report = String::new();
    for block in REFUSED
        .split("\n\n")
        .filter(|block| block.starts_with("> "))
    {
        let (source, shown): (Vec<&str>, Vec<&str>) =
            block.lines().partition(|line| line.starts_with("> "));
        let source: Vec<&str> = source.iter().map(|line| &line[2..]).collect();
        let source = source.join("\n");
        let run = run::quarry(["-r", &capture, &source]);
        let got = &run.stderr;
        if run.code() != 2 || got.trim_end() != shown.join("\n").trim_end() {
            let code = run.code();
            writeln!(report, "> {source}\n{}\nexit code {code}\n", got.trim_end())
                .expect("a string takes everything");
        }
    }
    assert!(report.is_empty(), "{report}");
}
