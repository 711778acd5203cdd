//! `quarry run`: trace a command from its first instruction.

use std::ffi::OsString;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use inspect::Family;
use rustix::process::{Pid, Signal, WaitOptions};

use crate::messages::{Exit, Failure, say};
use crate::modes::capture::Job;
use crate::options::Run;
use crate::signals;

/// Starts the command, traces it and all its descendants, and ends with its exit code.
pub(crate) fn run(run: Run) -> Result<Exit, Failure> {
    if !run.common.input.read.is_empty() {
        return Err(Failure::usage(
            "run: a command is traced live; -r has no meaning here",
        ));
    }
    let mut job = Job::prepare(run.common, &run.filter)?;
    let stop = signals::stop_flag().map_err(Failure::runtime)?;
    // The child exists before the probe runs and waits; nothing of it is missed, and what it does
    // until it becomes the command is left out.
    let mut child = waiting_child(&run.command)?;
    let pid = i64::from(child.id());
    job.options.family = Some(Family::from_exec(pid));
    let source = match job.source() {
        Ok(source) => source,
        Err(failure) => {
            let _ = child.kill();
            let _ = child.wait();
            return Err(failure);
        }
    };
    let result = let_go(&child).and_then(|()| {
        let mut ended = None;
        let outcome = job.run(source, &stop, |_| match child.try_wait() {
            Ok(Some(status)) => {
                ended = Some(status);
                false
            }
            _ => true,
        });
        outcome.map(|(exit, _)| (exit, ended))
    });
    let (exit, ended) = match result {
        Ok(ended) => ended,
        Err(failure) => {
            let _ = child.kill();
            let _ = child.wait();
            return Err(failure);
        }
    };
    let status = match ended {
        Some(status) => status,
        None => {
            if stop.load(Ordering::Relaxed) {
                // The terminal has interrupted the command too; another source of the signal has
                // not.
                forward_stop(&child);
            }
            child.wait().map_err(Failure::runtime)?
        }
    };
    drop(Arc::clone(&stop));
    Ok(if exit == Exit::Success {
        Exit::Of(code(status))
    } else {
        exit
    })
}

/// What the child does: stop until it is let go, then become the command.
pub(crate) fn gate(command: Vec<OsString>) -> Result<Exit, Failure> {
    let own = rustix::process::getpid();
    rustix::process::kill_process(own, Signal::STOP).map_err(Failure::runtime)?;
    let mut words = command.into_iter();
    let program = words.next().unwrap_or_default();
    let error = Command::new(&program).args(words).exec();
    // 126 and 127 are what shells return for a command that cannot be run or is not there.
    say(format!(
        "{}: cannot be started: {error}",
        program.to_string_lossy()
    ));
    Ok(Exit::Of(match error.kind() {
        std::io::ErrorKind::NotFound => 127,
        _ => 126,
    }))
}

/// Starts this program again as the command's placeholder, and waits until it has stopped.
fn waiting_child(command: &[OsString]) -> Result<Child, Failure> {
    let own = std::env::current_exe().map_err(Failure::runtime)?;
    let mut child = Command::new(own)
        .arg("__gate")
        .arg("--")
        .args(command)
        .spawn()
        .map_err(Failure::runtime)?;
    let waited = pid(&child).and_then(|pid| {
        rustix::process::waitpid(Some(pid), WaitOptions::UNTRACED)
            .ok()
            .flatten()
    });
    match waited {
        Some((_, status)) if status.stopped() => Ok(child),
        _ => {
            let _ = child.kill();
            Err(Failure::runtime("run: the command's process ended early"))
        }
    }
}

fn let_go(child: &Child) -> Result<(), Failure> {
    signal(child, Signal::CONT)
}

fn forward_stop(child: &Child) {
    // It may have ended by itself in the meantime.
    let _ = signal(child, Signal::TERM);
}

fn signal(child: &Child, signal: Signal) -> Result<(), Failure> {
    let pid = pid(child).ok_or_else(|| Failure::runtime("run: the command has no process id"))?;
    rustix::process::kill_process(pid, signal).map_err(Failure::runtime)
}

fn pid(child: &Child) -> Option<Pid> {
    Pid::from_raw(i32::try_from(child.id()).ok()?)
}

/// Exit code of a command as shells show it.
fn code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    u8::try_from(code).unwrap_or(1)
}
