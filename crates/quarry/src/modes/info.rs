//! `quarry info`: what is in a capture.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use capture_format::{MachineInfo, Snapshot};
use fields::View;
use inspect::{Inspector, Options, Report};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use sinks::{Error, EventCounts, Output, OutputTarget, Sink, Verdict, sanitize};
use source::FileSource;

use crate::messages::{Exit, Failure};

/// Most event names and containers that are listed.
const LISTED: usize = 15;

/// Prints what each file holds.
pub(crate) fn run(files: Vec<PathBuf>, as_json: bool) -> Result<Exit, Failure> {
    let mut out = Output::open(OutputTarget::Stdout)?;
    let mut exit = Exit::Success;
    for path in files {
        let mut contents = Contents::new()?;
        let mut source = FileSource::open([path.clone()])?;
        let mut inspector = Inspector::new(Options {
            show_internal: true,
            ..Options::default()
        });
        inspector.add_sink(&mut contents);
        let report = inspector.run(&mut source, &AtomicBool::new(false))?;
        if !report.damage.is_empty() {
            exit = Exit::Damaged;
        }
        let text = if as_json {
            format!("{}\n", contents.json(&path, &report))
        } else {
            contents.text(&path, &report)
        };
        out.line(text.as_bytes())?;
    }
    out.flush()?;
    Ok(exit)
}

/// What was seen in one file.
#[derive(Debug)]
struct Contents {
    machines: Vec<MachineInfo>,
    threads: usize,
    events: EventCounts,
    state_only: u64,
    /// Containers by id, with name and image where an event told them.
    containers: BTreeMap<String, (String, String)>,
}

impl Sink for Contents {
    fn section(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        self.threads += snapshot.threads.len();
        if let Some(machine) = &snapshot.machine
            && !self.machines.contains(machine)
        {
            self.machines.push(machine.clone());
        }
        Ok(())
    }

    fn wants(&self, _: Verdict) -> bool {
        true
    }

    fn event(&mut self, view: &View<'_>, verdict: Verdict) -> Result<(), Error> {
        if verdict == Verdict::StateOnly {
            self.state_only += 1;
            return Ok(());
        }
        self.events.add(view);
        if let Some(thread) = view.thread()
            && !thread.container_id.is_empty()
        {
            let id = String::from_utf8_lossy(&thread.container_id);
            let known = self.containers.get(id.as_ref());
            if known.is_none_or(|(name, _)| name.is_empty()) {
                let told = view.state.container(&thread.container_id);
                let told = told.map(|c| (c.name.clone(), c.image.clone()));
                self.containers
                    .insert(id.into_owned(), told.unwrap_or_default());
            }
        }
        Ok(())
    }
}

impl Contents {
    fn new() -> Result<Self, Error> {
        Ok(Contents {
            machines: Vec::new(),
            threads: 0,
            events: EventCounts::new()?,
            state_only: 0,
            containers: BTreeMap::new(),
        })
    }

    /// Events by name, start and end of a call together.
    fn by_name(&self) -> BTreeMap<String, u64> {
        let mut names = BTreeMap::new();
        for (_, name, count) in self.events.rows() {
            *names.entry(name).or_default() += count;
        }
        names
    }

    fn text(&self, path: &Path, report: &Report) -> String {
        let mut out = String::new();
        let mut row = |name: &str, value: String| {
            let _ = writeln!(out, "{name:<12}{value}");
        };
        row(
            "File",
            sanitize(path.as_os_str().as_encoded_bytes(), false).into_owned(),
        );
        for machine in &self.machines {
            row(
                "Machine",
                format!(
                    "{}, {} CPUs, {} MiB",
                    sanitize(&machine.hostname, false),
                    machine.num_cpus,
                    machine.memory_bytes >> 20
                ),
            );
        }
        if let (Some(first), Some(last)) = (report.first_ns, report.last_ns) {
            row("From", iso(first));
            row("To", iso(last));
            row(
                "Duration",
                format!("{:.3} s", last.saturating_sub(first) as f64 / 1e9),
            );
        }
        row("Sections", report.sections.to_string());
        row("Threads", format!("{} at the beginning", self.threads));
        row("Events", report.events.to_string());
        if self.state_only > 0 {
            row(
                "",
                format!("{} of them kept for state only", self.state_only),
            );
        }
        if report.source.unknown > 0 {
            row(
                "Unknown",
                format!("{} blocks and events", report.source.unknown),
            );
        }
        let names = self.by_name();
        let mut by_count: Vec<_> = names.iter().collect();
        by_count.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        for (name, count) in by_count.into_iter().take(LISTED) {
            row("", format!("{count:>10} {name}"));
        }
        let more = names.len().saturating_sub(LISTED);
        if more > 0 {
            row("", format!("{:>10} more names", more));
        }
        if !self.containers.is_empty() {
            row("Containers", self.containers.len().to_string());
            for (id, (name, image)) in self.containers.iter().take(LISTED) {
                let line = format!("{id} {name} {image}");
                row("", sanitize(line.trim_end().as_bytes(), false).into_owned());
            }
        }
        if report.damage.is_empty() {
            row("Damage", "none".to_owned());
        }
        for damage in &report.damage {
            row("Damage", damage.message.clone());
        }
        out.push('\n');
        out
    }

    fn json(&self, path: &Path, report: &Report) -> Value {
        let machines: Vec<Value> = self
            .machines
            .iter()
            .map(|machine| {
                json!({
                    "hostname": String::from_utf8_lossy(&machine.hostname),
                    "cpus": machine.num_cpus,
                    "memory_bytes": machine.memory_bytes,
                    "boot_time_ns": machine.boot_time_ns,
                })
            })
            .collect();
        let containers: Vec<Value> = self
            .containers
            .iter()
            .map(|(id, (name, image))| json!({"id": id, "name": name, "image": image}))
            .collect();
        let damage: Vec<&str> = report.damage.iter().map(|d| d.message.as_str()).collect();
        json!({
            "file": path.to_string_lossy(),
            "machines": machines,
            "first_ns": report.first_ns,
            "last_ns": report.last_ns,
            "sections": report.sections,
            "threads": self.threads,
            "events": report.events,
            "state_only_events": self.state_only,
            "unknown": report.source.unknown,
            "by_type": self.by_name(),
            "containers": containers,
            "damage": damage,
        })
    }
}

fn iso(ns: u64) -> String {
    match Timestamp::from_nanosecond(i128::from(ns)) {
        Ok(time) => time
            .to_zoned(TimeZone::system())
            .strftime("%Y-%m-%d %H:%M:%S.%f %z")
            .to_string(),
        Err(_) => ns.to_string(),
    }
}
