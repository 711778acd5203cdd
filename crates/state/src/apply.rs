//! One event after the other: finds its thread, pairs exits with enters, runs the handler.

use crate::call::Call;
use crate::handler;
use crate::thread::{CpuSample, Thread};
use crate::threads::Slot;
use crate::{Applied, State};
use capture_format::table::flags;
use capture_format::{Completed, Direction, Event, EventInfo, ParamType};

impl State {
    pub(crate) fn apply_event(&mut self, event: &Event<'_>) -> Applied {
        self.run_deferred();
        let mut applied = Applied {
            delta_ns: self.note_time(event.timestamp_ns),
            ..Applied::default()
        };
        self.name_changed = false;
        let Some(info) = event.info() else {
            return applied;
        };
        if handler::is_switch(event.ty) {
            self.note_switch(event, &mut applied);
        }
        if let Some(apply) = handler::meta(event.ty) {
            apply(self, event);
            applied.of_container = handler::is_container(event.ty);
            return applied;
        }
        if info.flags & flags::SKIPPARSERESET != 0 {
            self.attach(event, &mut applied);
            return applied;
        }
        let Some(slot) = self.event_slot(event, info, &mut applied) else {
            return applied;
        };
        applied.tid = Some(event.tid);
        applied.slot = Some(slot);
        if !info.is_syscall() {
            self.apply_tracepoint(event, slot, &mut applied);
        } else if event.ty.direction() == Direction::Enter {
            self.apply_enter(event, info, slot);
        } else {
            self.apply_exit(event, info, slot, &mut applied);
        }
        // A handler may have put another thread into this event's place.
        applied.slot = self.threads.slot(event.tid);
        if let Some(thread) = applied.slot.and_then(|slot| self.threads.at(slot)) {
            applied.latency_ns = thread.call.latency_ns;
            applied.invented = applied.invented && thread.invented;
            if handler::involves_fd(event, info) {
                applied.fd = Some(thread.call.fd);
            }
        }
        applied.fd_name_changed = self.name_changed;
        applied
    }

    /// Time since the previous event that has one.
    fn note_time(&mut self, now_ns: u64) -> u64 {
        const UNKNOWN: [u64; 2] = [0, u64::MAX];
        if UNKNOWN.contains(&now_ns) {
            return 0;
        }
        match std::mem::replace(&mut self.last_event_ns, now_ns) {
            0 => 0,
            last => now_ns.saturating_sub(last),
        }
    }

    /// Events of nobody's doing, some of which name a thread all the same.
    fn attach(&mut self, event: &Event<'_>, applied: &mut Applied) {
        const PROCINFO: u16 = 234;
        if event.ty.0 != PROCINFO {
            return;
        }
        let Some(slot) = self.threads.slot(event.tid) else {
            return;
        };
        applied.tid = Some(event.tid);
        applied.slot = Some(slot);
        let number = |index| {
            let bytes = event.param(index)?;
            Some(u64::from_le_bytes(bytes.try_into().ok()?))
        };
        if let (Some(thread), Some(user_ticks), Some(system_ticks)) =
            (self.threads.at_mut(slot), number(0), number(1))
        {
            thread.cpu_samples[0] = thread.cpu_samples[1];
            thread.cpu_samples[1] = CpuSample {
                timestamp_ns: event.timestamp_ns,
                user_ticks,
                system_ticks,
            };
            applied.latency_ns = thread.call.latency_ns;
        }
    }

    /// The thread of an event, made up when it was never seen.
    ///
    /// The exits of clone know better than an empty entry what the thread is, and context switches
    /// happen in kernel threads that do nothing else: they make nothing up.
    fn event_slot(
        &mut self,
        event: &Event<'_>,
        info: &EventInfo,
        applied: &mut Applied,
    ) -> Option<Slot> {
        if let Some(slot) = self.threads.slot(event.tid) {
            return Some(slot);
        }
        if event.tid < 0 || info.flags & flags::UNUSED != 0 {
            return None;
        }
        if handler::creates_thread(event.ty) {
            let call = Call {
                event: Completed::new(*event, None),
                slot: Slot::NONE,
                tid: event.tid,
                fd: -1,
            };
            crate::handler::clone::exit(self, &call);
            return self.threads.slot(event.tid);
        }
        if handler::is_switch(event.ty) {
            return None;
        }
        applied.invented = true;
        Some(self.invent(event.tid))
    }

    /// A thread of which nothing but the id is known.
    pub(crate) fn invent(&mut self, tid: i64) -> Slot {
        self.counters.invented_threads += 1;
        let files = self.tables.add(crate::fd_table::FdTable::default());
        let thread = Thread {
            tid,
            pid: tid,
            comm: b"<NA>".to_vec(),
            exe: b"<NA>".to_vec(),
            invented: true,
            files,
            ..Thread::default()
        };
        self.add_thread(thread)
    }

    fn apply_tracepoint(&mut self, event: &Event<'_>, slot: Slot, applied: &mut Applied) {
        if let Some(thread) = self.threads.at_mut(slot) {
            thread.cpu_time_ns += applied.exec_time_ns;
            if !handler::is_switch(event.ty) {
                thread.call.latency_ns = 0;
            }
        }
        let call = Call {
            event: Completed::new(*event, None),
            slot,
            tid: event.tid,
            fd: -1,
        };
        if let Some(handle) = handler::of(call.ty()) {
            handle(self, &call);
        }
    }

    /// Keeps the CPU's clock, also for switches from threads that are not in the table (the idle
    /// thread is in none).
    fn note_switch(&mut self, event: &Event<'_>, applied: &mut Applied) {
        let cpu = usize::from(event.cpu);
        if self.last_switch_ns.len() <= cpu {
            self.last_switch_ns.resize(cpu + 1, 0);
        }
        let last = std::mem::replace(&mut self.last_switch_ns[cpu], event.timestamp_ns);
        if last != 0 {
            applied.exec_time_ns = event.timestamp_ns.saturating_sub(last);
        }
    }

    fn apply_enter(&mut self, event: &Event<'_>, info: &EventInfo, slot: Slot) {
        let Some(thread) = self.threads.at_mut(slot) else {
            return;
        };
        let call = &mut thread.call;
        match &mut call.enter {
            Some(enter) => enter.assign(event),
            none => *none = Some(event.to_buf()),
        }
        call.open = true;
        call.active = true;
        call.entered_ns = event.timestamp_ns;
        call.latency_ns = 0;
        call.fd = -1;
        if info.flags & flags::USES_FD != 0
            && info.params.first().is_some_and(|p| p.ty == ParamType::Fd)
            && let Some(fd) = event.param(0).and_then(|b| b.try_into().ok())
        {
            call.fd = i64::from_le_bytes(fd);
        }
        let call = Call {
            event: Completed::new(*event, None),
            slot,
            tid: event.tid,
            fd: thread.call.fd,
        };
        if let Some(handle) = handler::of(event.ty) {
            handle(self, &call);
        }
    }

    fn apply_exit(
        &mut self,
        event: &Event<'_>,
        info: &EventInfo,
        slot: Slot,
        applied: &mut Applied,
    ) {
        let Some(thread) = self.threads.at_mut(slot) else {
            return;
        };
        // The enter event is taken out while it is read, and put back for those who ask for it.
        let enter = thread.call.enter.take();
        let paired = thread.call.open
            && enter
                .as_ref()
                .is_some_and(|enter| enter.ty == event.ty.enter());
        // In captures without enter events none is missing.
        let lost = !paired && thread.call.entered_ns != 0;
        thread.call.open = false;
        if thread.call.entered_ns != 0 {
            thread.call.latency_ns = event.timestamp_ns.saturating_sub(thread.call.entered_ns);
        }
        let completed = Completed::new(
            *event,
            enter
                .as_ref()
                .filter(|_| paired)
                .map(|enter| enter.as_event()),
        );
        let used = if info.flags & flags::USES_FD == 0 {
            None
        } else {
            handler::used_fd(&completed)
        };
        thread.call.fd = match used {
            Some(fd) => fd,
            None if paired => thread.call.fd,
            None => -1,
        };
        let call = Call {
            event: completed,
            slot,
            tid: event.tid,
            fd: thread.call.fd,
        };
        self.counters.unpaired_exits += u64::from(lost);
        applied.paired = paired;
        if let Some(handle) = handler::of(call.ty()) {
            handle(self, &call);
        }
        if let Some(thread) = self.threads.get_mut(event.tid) {
            thread.call.active = true;
            if thread.call.enter.is_none() {
                thread.call.enter = enter;
            }
        }
    }

    /// What an earlier event closed or ended goes now.
    fn run_deferred(&mut self) {
        if let Some((files, fd)) = self.deferred.close.take()
            && let Some(table) = self.tables.get_mut(files)
        {
            table.remove(fd);
        }
        if let Some(tid) = self.deferred.exit.take() {
            self.remove_thread(tid);
        }
    }
}

/// Removals that wait for the next event.
#[derive(Debug, Default)]
pub(crate) struct Deferred {
    /// A closed descriptor.
    pub(crate) close: Option<(crate::fd_table::TableId, i64)>,
    /// An ended thread.
    pub(crate) exit: Option<i64>,
}
