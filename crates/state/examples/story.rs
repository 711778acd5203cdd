//! Prints what the engine knows at every event of a capture, one line of columns per event.
//!
//! `cargo run -p state --example story -- FILE` has the columns that
//! `sysdig -r FILE -p '*…'` prints for the format in `FORMAT`, for comparison by `diff`.

use capture_format::{Item, Reader};
use state::{Applied, FdKind, SocketRole, State, Thread};
use std::fmt::Display;
use std::fs::File;
use std::io::{BufWriter, Write};

/// The format for sysdig that gives the same columns.
const FORMAT: &str = "*%evt.num^|%thread.tid^|%proc.name^|%proc.pid^|%proc.ppid^|%proc.pname^|%proc.exe^|\
%proc.exepath^|%proc.args^|%proc.cwd^|%proc.nthreads^|%proc.fdopencount^|%proc.fdlimit^|%proc.sid^|\
%proc.vpgid^|%proc.tty^|%thread.vtid^|%proc.vpid^|%proc.vmsize^|%thread.pfmajor^|%thread.pfminor^|\
%user.uid^|%group.gid^|%user.loginuid^|%user.name^|%container.id^|%fd.num^|%fd.name^|%fd.name_changed^|\
%fd.connected^|%fd.l4proto^|%fd.cip^|%fd.sip^|%fd.cport^|%fd.sport^|%evt.latency^|%proc.is_exe_writable^|\
%proc.env^|%thread.cgroups^|%proc.duration";

const NA: &str = "<NA>";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(path) = std::env::args().nth(1) else {
        println!("{FORMAT}");
        return Ok(());
    };
    let mut reader = Reader::open(File::open(path)?)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut state = State::new();
    let mut number = 0;
    while let Some(item) = reader.next_item()? {
        match item {
            Item::Section(snapshot) => state.load(&snapshot),
            Item::Event(event) => {
                let applied = state.apply(&event);
                if event.ty.0 > 335 {
                    continue;
                }
                number += 1;
                let line = columns(&state, &applied, event.timestamp_ns);
                let kind = event.info().map_or("?", |info| info.name);
                writeln!(
                    out,
                    "{number}^|{}^|{line}^|{kind}{}",
                    event.tid,
                    event.ty.0 & 1
                )?;
            }
            Item::Gap(_) => {}
        }
    }
    Ok(())
}

fn columns(state: &State, applied: &Applied, now_ns: u64) -> String {
    let mut cells: Vec<String> = Vec::new();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let joined = |list: &[Vec<u8>]| text(&list.join(&b' '));
    let thread = state.event_thread(applied);
    let mut of = |f: &dyn Fn(&Thread) -> Option<String>| {
        cells.push(thread.and_then(f).unwrap_or(NA.into()));
    };
    let some = |value: &dyn Display| Some(value.to_string());
    of(&|t| Some(text(&t.comm)));
    of(&|t| some(&t.pid));
    of(&|t| some(&state.leader(t).map_or(-1, |l| l.ptid)));
    of(&|t| Some(text(&state.parent(t)?.comm)));
    of(&|t| Some(text(&t.exe)));
    of(&|t| Some(text(&t.exe_path)));
    of(&|t| Some(joined(&t.args)));
    of(&|t| Some(text(state.cwd(t))));
    of(&|t| some(&(state.leader(t)?.child_threads + 1)));
    of(&|t| some(&state.fd_count(t)));
    of(&|t| some(&t.fd_limit));
    of(&|t| some(&t.sid));
    of(&|t| some(&t.vpgid));
    of(&|t| some(&t.tty));
    of(&|t| some(&Some(t.vtid).filter(|&v| v != -1)?));
    of(&|t| some(&Some(t.vpid).filter(|&v| v != -1)?));
    of(&|t| some(&t.vm_size_kib));
    of(&|t| some(&t.pf_major));
    of(&|t| some(&t.pf_minor));
    of(&|t| some(&t.uid));
    of(&|t| some(&t.gid));
    of(&|t| some(&t.loginuid.cast_signed()));
    of(&|t| Some(text(state.user_name(t.uid, &t.container_id)?)));
    of(&|t| {
        let id = text(&t.container_id);
        Some(if id.is_empty() { "host".into() } else { id })
    });
    let fd = state.event_fd(applied);
    let socket = fd.and_then(|fd| fd.socket.as_ref());
    let known = socket.filter(|s| s.role != SocketRole::Unknown);
    let connected = fd.is_some_and(|fd| matches!(fd.kind, FdKind::Ipv4 | FdKind::Ipv6));
    of(&|_| some(&applied.fd?));
    of(&|_| Some(text(&fd?.name)));
    of(&|_| fd.map(|_| applied.fd_name_changed.to_string()));
    of(&|_| fd.map(|_| socket.is_some_and(|s| s.connected).to_string()));
    of(&|_| {
        Some(match fd?.l4() {
            2 => "tcp".into(),
            3 => "udp".into(),
            4 => "icmp".into(),
            5 => "raw".into(),
            _ => NA.into(),
        })
    });
    let source = known.filter(|_| connected).and_then(|s| s.source);
    let destination = known
        .filter(|_| fd.is_some_and(|fd| fd.kind.is_ip_socket()))
        .and_then(|s| s.destination);
    of(&|_| some(&source?.0));
    of(&|_| some(&destination?.0));
    of(&|_| some(&source?.1));
    of(&|_| some(&destination?.1));
    cells.push(applied.latency_ns.to_string());
    let mut of = |f: &dyn Fn(&Thread) -> Option<String>| {
        cells.push(thread.and_then(f).unwrap_or(NA.into()));
    };
    of(&|t| some(&t.exe_writable));
    of(&|t| Some(joined(&state.leader(t)?.env)));
    of(&|t| Some(joined(&t.cgroups)).filter(|text| !text.is_empty()));
    of(&|t| {
        let start = t.clone_ts_ns;
        (start != 0).then(|| now_ns.saturating_sub(start).to_string())
    });
    cells.join("^|")
}
