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
    let _alone = live::alone();
    if !live::possible("two redis servers")
        || require("two redis servers", "redis-server").is_none()
    {
        return;
    }
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let file = folder.path().join("redis.scap");
    let name = file.to_str().expect("a plain name");

    // Two captures at once on a busy machine: rings that hold what they cannot keep up with.
    let recording = Live::start(["--buffer", "64", "-w", name, FILTER]);
    let watching = Live::start(["--buffer", "64", "-p", LINE, FILTER]);
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
        .env_remove("LD_LIBRARY_PATH")
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

/// The calls that tell the story, all of them in sysdig's table.
const STORY: [&str; 11] = [
    "execve", "clone", "openat", "read", "write", "socket", "bind", "listen", "close", "futex",
    "procexit",
];

/// Event types, process names, descriptors, results and addresses.
fn sysdig_reads_the_same(name: &str) {
    let fields: Vec<String> = [
        "fd.sip",
        "fd.type",
        "evt.arg[0]",
        "proc.name",
        "proc.pid",
        "thread.tid",
        "fd.num",
        "fd.name",
        "fd.sport",
        "fd.cip",
        "fd.cport",
        "evt.res",
        "evt.rawres",
        "evt.failed",
    ]
    .map(str::to_owned)
    .to_vec();
    let format = cells::format(&fields);
    let table = |run: run::Run| {
        let run = run.ok();
        assert!(run.stderr.is_empty(), "our file draws a warning\n{run}");
        let mut rows = cells::parse(&run.stdout, fields.len());
        rows.retain(|row| STORY.contains(&row.event_type.as_str()));
        rows
    };
    let arguments = ["-r", name, "-p", &format];
    let (theirs, ours) = (table(run::sysdig(arguments)), table(run::quarry(arguments)));
    let mut report = String::new();
    for (our, their) in ours.iter().zip(&theirs) {
        assert_eq!(our.key, their.key);
        // sysdig takes the IPv6 address that means "any" for the IPv4 one.
        let skip = if our.cells[0] == "::" { 3 } else { 0 };
        for (index, field) in fields.iter().enumerate().skip(skip) {
            let (quarry, sysdig) = (&our.cells[index], &their.cells[index]);
            if quarry != sysdig {
                report += &format!(
                    "{} {field}: quarry `{quarry}`, sysdig `{sysdig}`\n",
                    our.key.0
                );
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.iter().any(|row| row.event_type == "bind"));
}
