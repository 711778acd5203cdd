//! Old events in the newest shape.
//!
//! The event table grows: exit events gain parameters that used to be in their enter event, and
//! types are replaced by newer ones (eight generations of `execve` so far). [`Completed`] shows
//! any stored event as the newest type of its kind without copying: each parameter is taken from
//! the event, from the enter event before it, or is unknown. Which one, says a table composed from
//! the conversion steps in `data/events.json` when the code is generated.
//!
//! A value that nobody recorded is empty, never a plausible default: descriptor 0 would be wrong
//! more often than no descriptor.

use crate::event::Event;
use crate::table::convert::{Completion, Source};
use crate::table::{COMPLETIONS, EventInfo, EventType};

/// An event seen as the newest type of its kind.
///
/// ```
/// use capture_format::{EventBuilder, EventType, convert::Completed};
/// let enter = EventBuilder::new(EventType(6), 1, 7).i64(3).u32(512).build();
/// let exit = EventBuilder::new(EventType(7), 2, 7).i64(2).param(b"hi").build();
/// let read = Completed::new(exit.as_event(), Some(enter.as_event()));
/// assert_eq!(read.param(2), Some(3i64.to_le_bytes().as_slice())); // fd, from the enter event
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Completed<'a> {
    event: Event<'a>,
    enter: Option<Event<'a>>,
    rule: Option<&'static Completion>,
}

impl<'a> Completed<'a> {
    /// Completes `event`, an exit or one-shot event, with the last enter event of its thread.
    ///
    /// An enter event of another call (events were lost in between) is ignored.
    pub fn new(event: Event<'a>, enter: Option<Event<'a>>) -> Self {
        Completed {
            event,
            enter: enter.filter(|enter| enter.ty != event.ty && enter.ty == event.ty.enter()),
            rule: COMPLETIONS.get(usize::from(event.ty.0)),
        }
    }

    /// The event as stored.
    pub fn stored(&self) -> Event<'a> {
        self.event
    }

    /// The enter event, if it belongs to this exit.
    pub fn enter(&self) -> Option<Event<'a>> {
        self.enter
    }

    /// The newest type of the event's kind; its own type when the table does not know it.
    pub fn ty(&self) -> EventType {
        self.rule.map_or(self.event.ty, |rule| rule.to)
    }

    /// The table row of [`Completed::ty`].
    pub fn info(&self) -> Option<&'static EventInfo> {
        self.ty().info()
    }

    /// Number of parameters: the table's, or more when the file comes from a newer writer.
    pub fn nparams(&self) -> usize {
        let known = self.info().map_or(0, |info| info.params.len());
        if self.ty() == self.event.ty {
            known.max(self.event.nparams())
        } else {
            known
        }
    }

    /// Raw bytes of a parameter of the newest type: empty when the value is unknown, `None` beyond
    /// the last parameter.
    pub fn param(&self, index: usize) -> Option<&'a [u8]> {
        let Some(rule) = self.rule else {
            return self.event.param(index);
        };
        if rule.to == self.event.ty {
            return match self.event.param(index) {
                Some(bytes) => Some(bytes),
                None if index < self.nparams() => Some(self.fit(index, self.missing(index))),
                None => None,
            };
        }
        let source = *rule.sources.get(index)?;
        let bytes = match source {
            Source::Exit(n) => self.stored_or_missing(n),
            Source::ExitValue(n) => self.stored_or_missing(n).get(1..).unwrap_or(&[]),
            source => self.resolve(index, source),
        };
        Some(self.fit(index, bytes))
    }

    fn stored_or_missing(&self, n: u8) -> &'a [u8] {
        let n = usize::from(n);
        self.event.param(n).unwrap_or_else(|| self.missing(n))
    }

    /// A parameter of the stored type that was not stored.
    fn missing(&self, n: usize) -> &'a [u8] {
        match self.rule.and_then(|rule| rule.missing.get(n)) {
            Some(&source) => self.resolve(n, source),
            None => &[],
        }
    }

    fn resolve(&self, index: usize, source: Source) -> &'a [u8] {
        match source {
            Source::Enter(n) => self
                .enter
                .and_then(|enter| enter.param(usize::from(n)))
                .unwrap_or(&[]),
            Source::Default => {
                let size = self.fixed_size(index).unwrap_or(0);
                ZEROS.get(..size).unwrap_or(&[])
            }
            Source::Exit(_) | Source::ExitValue(_) | Source::Empty => &[],
        }
    }

    /// Numbers can have been wider or narrower in the enter event. Little-endian, so the wider
    /// ones are cut; narrower ones cannot be borrowed wider and count as unknown.
    fn fit(&self, index: usize, bytes: &'a [u8]) -> &'a [u8] {
        match self.fixed_size(index) {
            Some(size) => bytes.get(..size).unwrap_or(&[]),
            None => bytes,
        }
    }

    fn fixed_size(&self, index: usize) -> Option<usize> {
        self.info()?.params.get(index)?.ty.fixed_size()
    }
}

static ZEROS: [u8; 16] = [0; 16];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EventBuf, EventBuilder};
    use crate::table::EVENTS;

    fn event(ty: u16) -> EventBuilder {
        EventBuilder::new(EventType(ty), 1, 1)
    }

    fn i64_param(completed: &Completed<'_>, index: usize) -> Option<i64> {
        Some(i64::from_le_bytes(completed.param(index)?.try_into().ok()?))
    }

    #[test]
    fn dup_of_an_old_file_knows_its_old_descriptor() {
        let (enter, exit) = (event(124).i64(5).build(), event(125).i64(9).build());
        let dup = Completed::new(exit.as_event(), Some(enter.as_event()));
        assert_eq!(dup.info().unwrap().symbol, "SYSCALL_DUP_1_X");
        assert_eq!(i64_param(&dup, 0), Some(9));
        assert_eq!(i64_param(&dup, 1), Some(5));
        assert_eq!(dup.param(2), None);
    }

    #[test]
    fn enter_of_another_call_is_not_used() {
        let (enter, exit) = (
            event(4).i64(5).build(),
            event(7).i64(2).param(b"hi").build(),
        );
        let read = Completed::new(exit.as_event(), Some(enter.as_event()));
        assert!(read.enter().is_none());
        assert_eq!(read.param(2), Some(&[][..]));
        assert_eq!(read.param(4), None);
    }

    #[test]
    fn execve_of_2016_becomes_the_newest_through_all_generations() {
        let mut exit = event(13).i64(0);
        for name in ["/bin/sh", "sh"] {
            exit = exit.text(name);
        }
        let exit = exit.i64(11).i64(12).i64(13).text("/").u64(1024).build();
        let exec = Completed::new(exit.as_event(), None);
        assert_eq!(exec.info().unwrap().symbol, "SYSCALL_EXECVE_19_X");
        assert_eq!(exec.param(1), Some(&b"/bin/sh\0"[..]));
        assert_eq!(i64_param(&exec, 5), Some(13));
        assert_eq!(exec.nparams(), 31);
        assert_eq!(exec.param(30), Some(&[][..]));
    }

    #[test]
    fn clone_keeps_flags_and_ids_in_place() {
        // CLONE_11: res exe args tid pid ptid cwd fdlimit flags uid gid.
        let mut clone = event(15).i64(77).text("sh").text("");
        clone = clone.i64(1).i64(2).i64(3).text("/tmp").i64(9);
        let clone = clone.u32(0x11).u32(1000).u32(100).build();
        let clone = Completed::new(clone.as_event(), None);
        let info = clone.info().unwrap();
        assert_eq!(info.symbol, "SYSCALL_CLONE_20_X");
        let at = |name: &str| info.params.iter().position(|p| p.name == name).unwrap();
        assert_eq!(clone.param(at("flags")), Some(&0x11u32.to_le_bytes()[..]));
        assert_eq!(clone.param(at("uid")), Some(&1000u32.to_le_bytes()[..]));
    }

    #[test]
    fn dynamic_result_loses_its_selector() {
        let mut value = vec![0u8];
        value.extend_from_slice(&7i64.to_le_bytes());
        let (enter, exit) = (event(296).i64(5).build(), event(297).param(&value).build());
        let bpf = Completed::new(exit.as_event(), Some(enter.as_event()));
        assert_eq!(i64_param(&bpf, 0), Some(7));
        assert_eq!(bpf.param(1), Some(&5u32.to_le_bytes()[..]));
    }

    #[test]
    fn parameters_of_a_newer_writer_are_kept() {
        let mut close = event(5);
        for n in 0..5 {
            close = close.i64(n);
        }
        let close = close.build();
        let close = Completed::new(close.as_event(), None);
        assert_eq!(close.nparams(), 5);
        assert_eq!(i64_param(&close, 4), Some(4));
    }

    #[test]
    fn every_type_completes_with_any_count_and_any_enter() {
        for info in &EVENTS {
            for stored in [0, 1, info.params.len(), info.params.len() + 2] {
                let filled = |ty: EventType| -> EventBuf {
                    let mut builder = EventBuilder::new(ty, 1, 1);
                    for _ in 0..stored {
                        builder = builder.u8(1);
                    }
                    builder.build()
                };
                let (exit, enter) = (filled(info.id), filled(info.id.enter()));
                let completed = Completed::new(exit.as_event(), Some(enter.as_event()));
                let newest = completed.info().unwrap();
                assert_eq!(COMPLETIONS[usize::from(newest.id.0)].to, newest.id);
                for index in 0..completed.nparams() {
                    assert!(completed.param(index).is_some(), "{}", info.symbol);
                }
                assert!(completed.param(completed.nparams()).is_none());
            }
        }
    }
}
