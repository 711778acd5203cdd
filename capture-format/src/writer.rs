//! Writing captures that old and new readers understand.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::blocks::threads::Tail;
use crate::blocks::{
    FdEntry, Snapshot, event as event_block, fds, interfaces, kind, machine, section, supplement,
    threads, users,
};
use crate::event::{Event, EventBuilder, STATE_ONLY, is_large};
use crate::original;
use crate::table::{Direction, EventInfo, EventType};

mod output;
mod portable;

use output::Output;
use portable::Form;

/// Who has to understand the file.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Profile {
    /// Read by everything since sysdig 0.29.3, which skips events it does not know.
    #[default]
    PortableRelaxed,
    /// The same with event types of sysdig 0.29.3 only, so that its counts agree.
    PortableStrict,
    /// The newest shapes, for current readers only; smallest.
    Modern,
}

/// How the file is compressed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Compression {
    #[default]
    None,
    Gzip,
    /// Only our own reader knows it.
    Zstd,
}

/// What was written so far.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct WriteCounters {
    /// Bytes before compression.
    pub bytes: u64,
    /// Bytes handed to the output, after compression.
    pub output_bytes: u64,
    /// Events handed in.
    pub events: u64,
    /// Events stored in a portable form with the original kept beside it.
    pub downgraded: u64,
    /// Values cut to the limits of the format.
    pub cut: u64,
}

/// Writes a capture, section by section.
///
/// Blocks go to the output whole and many at a time; [`Writer::flush_blocks`] sends those that
/// wait. What reached the output before a crash can be read up to its last block.
pub struct Writer<W: Write> {
    /// `None` once finished.
    output: Option<Output<W>>,
    profile: Profile,
    /// Whole blocks that were not handed to the output yet.
    pending: Vec<u8>,
    counters: WriteCounters,
    /// The section has an event.
    has_events: bool,
    /// Type of the last enter event of threads that are inside a call.
    entered: HashMap<i64, EventType>,
    synthesize_enters: bool,
}

/// Blocks are collected up to this size before they are written.
const PENDING: usize = 64 * 1024;
/// Longest block of an ordinary event, from CPU to trailer.
const MAX_EVENT_BLOCK: usize = 65_536;
const EXECVE_ENTER: EventType = EventType(292);
const EXECVE_EXIT: EventType = EventType(293);
const EXECVEAT_EXIT: EventType = EventType(331);
const PROCEXIT: EventType = EventType(16);
const PROCEXIT_1: EventType = EventType(186);
const NOTIFICATION: EventType = EventType(280);

impl<W: Write> Writer<W> {
    /// Begins a capture: writes the section header and what `snapshot` says.
    pub fn create(
        output: W,
        profile: Profile,
        compression: Compression,
        snapshot: &Snapshot,
    ) -> io::Result<Self> {
        let mut writer = Writer {
            output: Some(Output::new(output, compression)?),
            profile,
            pending: Vec::new(),
            counters: WriteCounters::default(),
            has_events: true,
            entered: HashMap::new(),
            synthesize_enters: false,
        };
        writer.section(snapshot)?;
        Ok(writer)
    }

    /// Whether exit events without an enter event get one, for recordings without enter events.
    ///
    /// sysdig 0.29.3 takes descriptors, sizes and addresses from enter events alone. Our reader
    /// drops the ones made up here. Off at first; of no effect in the modern profile.
    pub fn synthesize_enters(&mut self, on: bool) {
        self.synthesize_enters = on && self.profile != Profile::Modern;
    }

    /// Begins another section in the same file.
    pub fn section(&mut self, snapshot: &Snapshot) -> io::Result<()> {
        self.ensure_event()?;
        self.has_events = false;
        self.entered.clear();
        let portable = self.profile != Profile::Modern;
        let out = &mut self.pending;
        let start = out.len();
        section::write(out);
        if let Some(machine) = &snapshot.machine {
            machine::write(out, machine);
        }
        let mut cut = 0;
        if !snapshot.interfaces.is_empty() {
            cut += interfaces::write(out, &snapshot.interfaces);
        }
        if !(snapshot.users.is_empty() && snapshot.groups.is_empty()) {
            cut += users::write(out, &snapshot.users, &snapshot.groups);
        }
        if !snapshot.threads.is_empty() {
            let tail = if portable { Tail::Short } else { Tail::Long };
            cut += threads::write(out, &snapshot.threads, tail);
        }
        // One list per thread, in the threads' order: a list of another thread makes sysdig
        // 0.29.3 refuse the file.
        let lists: HashMap<i64, &[FdEntry]> = (snapshot.fds.iter())
            .map(|(tid, list)| (*tid, list.as_slice()))
            .collect();
        for thread in &snapshot.threads {
            let list = lists.get(&thread.tid).copied().unwrap_or_default();
            cut += fds::write(out, thread.tid, list, portable);
        }
        if portable {
            supplement::write(out, snapshot);
        }
        self.counters.bytes += (out.len() - start) as u64;
        self.counters.cut += cut;
        self.write_pending()
    }

    /// Writes one event.
    pub fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        self.counters.events += 1;
        if self.profile == Profile::Modern && is_dropped_enter(event) {
            return Ok(());
        }
        self.has_events = true;
        let start = self.pending.len();
        if !self.add_enter(event) {
            self.pair_execve(event);
        }
        self.track(event);
        match portable::form(event, self.profile) {
            Form::Same => self.put(event, Beside::Nothing),
            Form::Portable(form) => {
                self.counters.downgraded += 1;
                self.put(&form.as_event(), Beside::Original(event));
            }
            Form::Carried(form) => {
                self.counters.downgraded += 1;
                self.put(&form.as_event(), Beside::Carried(event));
            }
        }
        self.counters.bytes += (self.pending.len() - start) as u64;
        if self.pending.len() >= PENDING {
            self.write_pending()?;
        }
        Ok(())
    }

    /// Hands everything written so far to the output, so that a reader can decode all of it.
    pub fn flush_blocks(&mut self) -> io::Result<()> {
        self.write_pending()?;
        match &mut self.output {
            Some(output) => output.flush(),
            None => Ok(()),
        }
    }

    /// What was written so far.
    pub fn counters(&self) -> WriteCounters {
        WriteCounters {
            output_bytes: self.output.as_ref().map_or(0, Output::bytes),
            ..self.counters
        }
    }

    /// Ends the file and gives the output back.
    ///
    /// A section without events gets one that readers hide, because others refuse such a file.
    pub fn finish(mut self) -> io::Result<W> {
        self.ensure_event()?;
        self.write_pending()?;
        match self.output.take() {
            Some(output) => output.finish(),
            None => Err(io::Error::other("already finished")),
        }
    }

    fn write_pending(&mut self) -> io::Result<()> {
        let result = match &mut self.output {
            Some(output) => output.write_all(&self.pending),
            None => Ok(()),
        };
        self.pending.clear();
        result
    }

    fn ensure_event(&mut self) -> io::Result<()> {
        if self.has_events {
            return Ok(());
        }
        self.has_events = true;
        let mut hidden = EventBuilder::new(NOTIFICATION, 0, -1)
            .text("")
            .text("")
            .build();
        hidden.block_flags = STATE_ONLY;
        let start = self.pending.len();
        self.put(&hidden.as_event(), Beside::Synthetic);
        self.counters.bytes += (self.pending.len() - start) as u64;
        self.write_pending()
    }

    /// Makes up the enter event of an exit that has none, if that is wanted.
    fn add_enter(&mut self, event: &Event<'_>) -> bool {
        let missing = self.synthesize_enters
            && event.ty.direction() == Direction::Exit
            && event.info().is_some_and(EventInfo::is_syscall)
            && self.entered.get(&event.tid) != Some(&event.ty.enter());
        if !missing {
            return false;
        }
        if let Some(enter) = portable::enter_of(event, self.profile) {
            self.put(&enter.as_event(), Beside::Synthetic);
        }
        true
    }

    /// When a thread other than the leader calls execve, the exit has the leader's id, for which
    /// another call may be open. Readers since 2025 stop at such a pair, so the enter event is
    /// repeated under that id; our reader drops it again.
    fn pair_execve(&mut self, event: &Event<'_>) {
        let exec = matches!(event.ty, EXECVE_EXIT | EXECVEAT_EXIT);
        let expected = event.ty.enter();
        let entered = self.entered.get(&event.tid).copied();
        if !exec || entered.is_none_or(|ty| ty == expected) {
            return;
        }
        let filename = event.info().and_then(|info| {
            let at = info.params.iter().position(|p| p.name == "filename")?;
            event.param(at).filter(|bytes| !bytes.is_empty())
        });
        let enter = EventBuilder::new(expected, event.timestamp_ns, event.tid).cpu(event.cpu);
        let enter = match expected {
            EXECVE_ENTER => enter.param(filename.unwrap_or(b"<NA>\0")),
            _ => enter.i64(-1).param(filename.unwrap_or(b"<NA>\0")).u32(0),
        };
        let enter = enter.build();
        self.put(&enter.as_event(), Beside::Synthetic);
    }

    fn track(&mut self, event: &Event<'_>) {
        if matches!(event.ty, PROCEXIT | PROCEXIT_1) {
            self.entered.remove(&event.tid);
        }
        if event.info().is_none_or(|info| !info.is_syscall()) {
            return;
        }
        if event.ty.direction() == Direction::Enter {
            self.entered.insert(event.tid, event.ty);
        } else {
            self.entered.remove(&event.tid);
        }
    }

    /// Appends one event block.
    fn put(&mut self, event: &Event<'_>, beside: Beside<'_, '_>) {
        let at = event_block::begin_event(&mut self.pending, event);
        if !is_large(event.ty) && self.pending.len() - at + 8 > MAX_EVENT_BLOCK {
            self.pending.truncate(at);
            let cut = event_block::cut_to_fit(event, MAX_EVENT_BLOCK);
            self.counters.cut += 1;
            let at = event_block::begin_event(&mut self.pending, &cut.as_event());
            kind::finish(&mut self.pending, at);
            return;
        }
        let padded = at + kind::padded(self.pending.len() - at);
        self.pending.resize(padded, 0);
        let kept = match beside {
            Beside::Nothing => Some(()),
            Beside::Synthetic => {
                original::write_synthetic(&mut self.pending);
                Some(())
            }
            Beside::Original(whole) => {
                original::write_original(&mut self.pending, whole, event, false)
            }
            Beside::Carried(whole) => {
                original::write_original(&mut self.pending, whole, event, true)
            }
        };
        let too_long =
            !is_large(event.ty) && self.pending.len() - at + 4 > MAX_EVENT_BLOCK + kind::HEADER;
        if kept.is_none() || too_long {
            self.pending.truncate(padded);
            self.counters.cut += 1;
        }
        kind::finish(&mut self.pending, at);
    }
}

/// What follows an event in its block.
enum Beside<'a, 'b> {
    Nothing,
    Synthetic,
    Original(&'a Event<'b>),
    Carried(&'a Event<'b>),
}

/// The newest readers take enter events of these types only.
fn is_dropped_enter(event: &Event<'_>) -> bool {
    const KEPT: [u16; 5] = [2, 22, 58, 306, 326];
    event.ty.direction() == Direction::Enter
        && event.info().is_some_and(EventInfo::is_syscall)
        && !KEPT.contains(&event.ty.0)
}

impl<W: Write> Drop for Writer<W> {
    fn drop(&mut self) {
        // Dropped without finishing, most likely after an error: save what can be saved.
        let _ = self.flush_blocks();
    }
}

impl<W: Write> std::fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("profile", &self.profile)
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}
