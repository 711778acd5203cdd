//! What each program costs the kernel's verifier: instructions walked, states, microseconds.
//!
//! `cargo run -p ebpf --example verifier_cost [raw]`, as root. Compare before and after a change.
//! `raw` is the flavour for kernels whose types describe no tracepoints.

use std::sync::Mutex;

use libbpf_rs::{ObjectBuilder, PrintLevel, set_print};

static LOG: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

fn note(_level: PrintLevel, text: String) {
    let mut log = LOG.lock().unwrap_or_else(|e| e.into_inner());
    let program = text
        .split_once("prog '")
        .and_then(|(_, rest)| rest.split_once('\''))
        .map(|(name, _)| name.to_owned());
    for line in text
        .lines()
        .filter(|line| line.starts_with("processed ") || line.starts_with("verification time"))
    {
        let name = program.clone().unwrap_or_default();
        log.push((name, line.to_owned()));
    }
}

fn main() -> Result<(), libbpf_rs::Error> {
    set_print(Some((PrintLevel::Debug, note)));
    let object: &[u8] = match std::env::args().nth(1).as_deref() {
        Some("raw") => include_bytes!(concat!(env!("OUT_DIR"), "/probe_raw.bpf.o")),
        _ => include_bytes!(concat!(env!("OUT_DIR"), "/probe.bpf.o")),
    };
    let mut open = ObjectBuilder::default().open_memory(object)?;
    for mut program in open.progs_mut() {
        // BPF_LOG_STATS.
        program.set_log_level(4);
    }
    let loaded = open.load();
    for (name, line) in LOG.lock().unwrap_or_else(|e| e.into_inner()).iter() {
        println!("{name} {line}");
    }
    loaded.map(drop)
}
