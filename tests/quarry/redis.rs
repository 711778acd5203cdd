//! Two redis servers on one port: seen live, recorded, replayed, and read by sysdig.

use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use testkit::live::{self, Live, statistic};
use testkit::{cells, require, run};

const FILTER: &str = "proc.name=redis-server";
/// A line without number and time, which differ between two captures of the same calls.
const LINE: &str = "*%proc.name (%thread.tid) %evt.dir %evt.type %evt.info";

#[test]
fn a_port_conflict_is_seen_recorded_replayed_and_read_by_sysdig() {
    if !live::possible("two redis servers")
        || require("two redis servers", "redis-server").is_none()
    {
        return;
    }
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let file = folder.path().join("redis.scap");
    let name = file.to_str().expect("a plain name");

    let recording = Live::start(["-w", name, FILTER]);
    let watching = Live::start(["-p", LINE, FILTER]);
    let port = conflict(folder.path());
    let seen = watching.interrupt().ok();
    let recorded = recording.interrupt().ok();
    for run in [&seen, &recorded] {
        assert_eq!(statistic(run, "Driver Drops"), 0, "{run}");
    }

    let story = seen.text();
    let refused = format!("res=-98(EADDRINUSE) addr=0.0.0.0:{port} ");
    let refused_v6 = format!("res=-98(EADDRINUSE) addr=:::{port} ");
    assert!(
        story.lines().any(|line| {
            line.contains("< bind ") && (line.contains(&refused) || line.contains(&refused_v6))
        }),
        "no bind with {refused}in\n{story}"
    );

    let replayed = run::quarry(["-r", name, "-p", LINE]).ok().text();
    let (live, replayed) = (by_thread(&story), by_thread(&replayed));
    assert_eq!(
        live.keys().collect::<Vec<_>>(),
        replayed.keys().collect::<Vec<_>>()
    );
    for (thread, lines) in &live {
        testkit::compare::assert_same_lines(
            &format!("thread {thread}, live and replayed"),
            &lines.join("\n"),
            &replayed[thread].join("\n"),
        );
    }

    if require("reading our capture", "sysdig").is_some() {
        sysdig_reads_the_same(name);
    }
}

/// Starts a server, and a second one on the same port, which gives up; the port.
fn conflict(folder: &Path) -> u16 {
    let free = TcpListener::bind(("0.0.0.0", 0)).expect("a free port");
    let port = free
        .local_addr()
        .expect("a bound socket has an address")
        .port();
    drop(free);
    let mut first = server(folder, port);
    let mut output = BufReader::new(first.stdout.take().expect("stdout is piped")).lines();
    let ready = output.any(|line| line.is_ok_and(|line| line.contains("Ready to accept")));
    assert!(ready, "the first server did not start");

    let second = server(folder, port).wait_with_output().expect("it ends");
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stdout).contains("Address already in use"));

    kill_process(Pid::from_child(&first), Signal::TERM).expect("the first server runs");
    // It writes while it ends: read that, so that it does not wait for us.
    output.for_each(drop);
    first.wait().expect("it ends");
    port
}

fn server(folder: &Path, port: u16) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--save", ""])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-server runs")
}

/// Lines by thread: the order of calls on different CPUs within some nanoseconds is chance.
fn by_thread(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut threads: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in text.lines() {
        let thread = line.split_once(") ").map_or(line, |(thread, _)| thread);
        threads.entry(thread).or_default().push(line);
    }
    threads
}

/// Event types, process names, descriptors, results and addresses.
fn sysdig_reads_the_same(name: &str) {
    let fields: Vec<String> = [
        "proc.name",
        "proc.pid",
        "thread.tid",
        "fd.num",
        "fd.name",
        "fd.type",
        "fd.sip",
        "fd.sport",
        "fd.cip",
        "fd.cport",
        "evt.res",
        "evt.rawres",
        "evt.arg.addr",
        "evt.failed",
    ]
    .map(str::to_owned)
    .to_vec();
    let format = cells::format(&fields);
    let theirs = run::sysdig(["-r", name, "-p", &format]).ok();
    assert!(
        theirs.stderr.is_empty(),
        "sysdig warns of our file\n{theirs}"
    );
    let theirs = cells::parse(&theirs.stdout, fields.len());
    let ours = run::quarry(["-r", name, "-p", &format]).ok();
    let ours = cells::parse(&ours.stdout, fields.len());
    let mut report = String::new();
    for (ours, theirs) in ours.iter().zip(&theirs) {
        for ((field, ours_cell), theirs_cell) in fields.iter().zip(&ours.cells).zip(&theirs.cells) {
            if ours_cell != theirs_cell || ours.key != theirs.key {
                report += &format!(
                    "{} {field}: quarry `{ours_cell}`, sysdig `{theirs_cell}` ({})\n",
                    ours.key.0, theirs.key.0
                );
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert_eq!(ours.len(), theirs.len());
}
