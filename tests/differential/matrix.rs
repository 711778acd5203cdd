//! Every field of every event of every capture, and the default lines.

use crate::known;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use testkit::cells::{self, Row};
use testkit::run::Run;
use testkit::{fixtures, require, run};

/// The default line's format without its first percent sign, so that the line is compared as one more field.
const LINE: &str = "evt.outputtime %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.info";
/// The name under which differences of the default line are listed.
const LINE_FIELD: &str = "line";
/// The name under which events that only one tool shows are listed.
const EVENT_FIELD: &str = "event";
/// Examples shown per field; all differences are written to a file.
const EXAMPLES: usize = 3;

/// A cell, a line or an event in which the tools differ.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) capture: String,
    pub(crate) field: String,
    pub(crate) event_type: String,
    pub(crate) key: String,
    pub(crate) sysdig: String,
    pub(crate) quarry: String,
}

#[test]
fn every_cell_is_sysdigs_or_a_known_difference() {
    if require("comparison with sysdig", "sysdig").is_none() {
        return;
    }
    let captures: Vec<PathBuf> = ["public", "made"]
        .into_iter()
        .flat_map(|set| fixtures::captures("comparison with sysdig", set))
        .collect();
    if captures.is_empty() {
        return;
    }
    let fields: Vec<String> = include_str!("fields.txt")
        .lines()
        .map(str::to_owned)
        .collect();
    let found = Mutex::new(Vec::new());
    let cells = Mutex::new(0_usize);
    let queue = Mutex::new(captures.iter());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(capture) = { queue.lock().unwrap().next() } {
                    let (compared, mut differences) = compare(capture, &fields);
                    *cells.lock().unwrap() += compared;
                    found.lock().unwrap().append(&mut differences);
                }
            });
        }
    });
    let found = found.into_inner().expect("no comparison panicked");
    judge(&found, cells.into_inner().expect("no comparison panicked"));
}

/// Compares one capture; the number of cells compared, and those that differ.
fn compare(capture: &Path, fields: &[String]) -> (usize, Vec<Difference>) {
    // What sysdig refuses there is nothing to compare with; that quarry reads it is another test.
    if print(run::sysdig, capture, &[]).is_none() {
        return (0, Vec::new());
    }
    let mut columns = fields.to_vec();
    columns.push(LINE.to_owned());
    let mut compared = 0;
    let mut found = Vec::new();
    for batch in printable(capture, &columns) {
        let theirs = print(run::sysdig, capture, batch).expect("sysdig printed this before");
        let ours = print(run::quarry, capture, batch).unwrap_or_else(|| {
            panic!("{}", run::quarry(arguments(capture, &cells::format(batch))))
        });
        compared += theirs.len() * batch.len();
        found.append(&mut differences(
            &fixtures::name_of(capture),
            batch,
            theirs,
            ours,
        ));
    }
    (compared, found)
}

/// The columns in batches that sysdig prints on this capture. All at once as a rule; but some fields
/// make it end early on some captures, and those are left out.
fn printable<'a>(capture: &Path, columns: &'a [String]) -> Vec<&'a [String]> {
    if print(run::sysdig, capture, columns).is_some() {
        return vec![columns];
    }
    if columns.len() == 1 {
        return Vec::new();
    }
    let (left, right) = columns.split_at(columns.len() / 2);
    let mut batches = printable(capture, left);
    batches.append(&mut printable(capture, right));
    batches
}

fn arguments(capture: &Path, format: &str) -> [OsString; 4] {
    ["-r".into(), capture.into(), "-p".into(), format.into()]
}

/// What a tool prints for the columns, or `None` when it ends with an error.
fn print(tool: fn([OsString; 4]) -> Run, capture: &Path, columns: &[String]) -> Option<Vec<Row>> {
    let run = tool(arguments(capture, &cells::format(columns)));
    (run.code() == 0).then(|| cells::parse(&run.stdout, columns.len()))
}

/// The cells in which two tables differ, and the events that only one of them has.
fn differences(
    capture: &str,
    columns: &[String],
    theirs: Vec<Row>,
    ours: Vec<Row>,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut report = |field: &str, row: &Row, sysdig: &str, quarry: &str| {
        differences.push(Difference {
            capture: capture.to_owned(),
            field: field.to_owned(),
            event_type: row.event_type.clone(),
            key: row.key.0.clone(),
            sysdig: sysdig.to_owned(),
            quarry: quarry.to_owned(),
        });
    };
    let mut ours: HashMap<(String, usize), Row> =
        ours.into_iter().map(|row| (row.key.clone(), row)).collect();
    for their in &theirs {
        let Some(our) = ours.remove(&their.key) else {
            report(EVENT_FIELD, their, "shown", "absent");
            continue;
        };
        for ((column, sysdig), quarry) in columns.iter().zip(&their.cells).zip(&our.cells) {
            if sysdig != quarry {
                let column = if column == LINE { LINE_FIELD } else { column };
                report(column, their, sysdig, quarry);
            }
        }
    }
    let mut left: Vec<&Row> = ours.values().collect();
    left.sort_by(|a, b| a.key.cmp(&b.key));
    for row in left {
        report(EVENT_FIELD, row, "absent", "shown");
    }
    differences
}

/// Fails on differences that no entry explains, and on entries that explain none.
fn judge(found: &[Difference], cells: usize) {
    let known = known::list();
    let places: Vec<(&known::Known, &known::Cells)> = known
        .iter()
        .flat_map(|entry| entry.cells.iter().map(move |cells| (entry, cells)))
        .collect();
    let mut used = vec![0_usize; places.len()];
    let mut unexplained: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in found {
        match places
            .iter()
            .position(|(_, cells)| cells.explains(difference))
        {
            Some(entry) => used[entry] += 1,
            None => unexplained
                .entry(&difference.field)
                .or_default()
                .push(difference),
        }
    }
    let count: usize = unexplained.values().map(Vec::len).sum();
    let explained: usize = used.iter().sum();
    let mut report = format!(
        "{cells} cells compared, {explained} differ for a known reason, {count} for none\n"
    );
    for (field, differences) in &unexplained {
        let captures: std::collections::BTreeSet<&str> =
            differences.iter().map(|d| d.capture.as_str()).collect();
        let _ = writeln!(
            report,
            "{field}: {} in {} captures",
            differences.len(),
            captures.len()
        );
        for difference in differences.iter().take(EXAMPLES) {
            let _ = write!(report, "{}", show(difference));
        }
    }
    let file = run::target_folder().join("differences.txt");
    let all: String = unexplained.values().flatten().map(|d| show(d)).collect();
    std::fs::write(&file, all).expect("the target folder can be written");
    let gone: Vec<String> = places
        .iter()
        .zip(&used)
        .filter(|(_, used)| **used == 0)
        .map(|((entry, cells), _)| format!("{}: {cells:?}", entry.reason.trim()))
        .collect();
    println!("{report}");
    assert!(count == 0, "{report}all of them are in {}", file.display());
    assert!(
        gone.is_empty(),
        "listed in known.toml but not found any more:\n{}",
        gone.join("\n")
    );
}

fn show(difference: &Difference) -> String {
    let Difference {
        capture,
        field,
        key,
        sysdig,
        quarry,
        ..
    } = difference;
    format!("  {capture}: {key}: {field}\n    sysdig `{sysdig}`\n    quarry `{quarry}`\n")
}
