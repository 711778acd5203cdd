//! The default loader.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};

use libbpf_rs::{MapCore as _, ObjectBuilder, PrintLevel, set_print};

use super::{LoadError, Loaded, Loader, Program, Request};
use crate::{ProbeError, preflight};

/// libbpf through libbpf-rs.
pub(crate) struct Libbpf;

/// What libbpf said during the load in progress; its callback carries no context.
static LOG: Mutex<String> = Mutex::new(String::new());
/// One load at a time, so that the log belongs to it.
static LOADING: Mutex<()> = Mutex::new(());

/// Lines of the verifier's log that a person gets to see.
const LOG_TAIL_LINES: usize = 20;

impl Loader for Libbpf {
    fn load(&self, object: &[u8], request: &Request<'_>) -> Result<Loaded, LoadError> {
        let _alone = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
        log().clear();
        let previous = set_print(Some((PrintLevel::Warn, note)));
        let result = load(object, request);
        set_print(previous);
        result.map_err(|error| classify(&error, &log()))
    }
}

fn log() -> std::sync::MutexGuard<'static, String> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(_level: PrintLevel, text: String) {
    log().push_str(&text);
}

fn load(object: &[u8], request: &Request<'_>) -> libbpf_rs::Result<Loaded> {
    let mut open = ObjectBuilder::default()
        .name("quarry")?
        .open_memory(object)?;
    for mut map in open.maps_mut() {
        let name = map.name().to_string_lossy().into_owned();
        if let Some((_, entries)) = request.max_entries.iter().find(|(n, _)| *n == name) {
            map.set_max_entries(*entries)?;
        }
    }
    for mut program in open.progs_mut() {
        let wanted = (request.wanted)(&program.name().to_string_lossy());
        program.set_autoload(wanted);
    }
    let loaded = open.load()?;
    let mut maps = BTreeMap::new();
    for map in loaded.maps() {
        let fd = map.as_fd().try_clone_to_owned()?;
        maps.insert(map.name().to_string_lossy().into_owned(), fd);
    }
    let mut programs = Vec::new();
    for program in loaded.progs().filter(|program| program.autoload()) {
        programs.push(Program {
            name: program.name().to_string_lossy().into_owned(),
            tracepoint: tracepoint(program.section()),
            fd: program.as_fd().try_clone_to_owned()?,
        });
    }
    Ok(Loaded {
        maps,
        programs,
        raw: false,
    })
}

/// `sys_enter` of `tp_btf/sys_enter`.
fn tracepoint(section: &OsStr) -> String {
    let section = section.to_string_lossy();
    section
        .split_once('/')
        .map_or(&*section, |(_, name)| name)
        .to_owned()
}

fn classify(error: &libbpf_rs::Error, log: &str) -> LoadError {
    if log.contains("kernel BTF type ID of 'btf_trace_") || log.contains("BTF type ID of 'sys_") {
        return LoadError::NoTracepointTypes;
    }
    if log.contains("BEGIN PROG LOAD LOG") {
        return LoadError::Other(ProbeError::Verifier {
            log_tail: tail(log),
        });
    }
    LoadError::Other(match error.kind() {
        libbpf_rs::ErrorKind::PermissionDenied => preflight::privilege_error(),
        _ => ProbeError::System {
            action: "load the probe".to_owned(),
            reason: format!("{error}\n{}", tail(log)).trim_end().to_owned(),
        },
    })
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
}
