//! Events from memory, for tests and for tools that make their own.

use std::collections::VecDeque;

use capture_format::{EventBuf, Snapshot};

use crate::{Error, Gap, Next, Source, SourceStats};

/// Plays what it was given, in order.
#[derive(Debug, Default)]
pub struct MemorySource {
    items: VecDeque<Item>,
    current: Option<Item>,
    stats: SourceStats,
}

#[derive(Debug)]
enum Item {
    Section(Box<Snapshot>),
    Event(EventBuf),
    Gap(Gap),
    Idle,
}

impl MemorySource {
    /// A source whose first section is `snapshot`.
    pub fn new(snapshot: Snapshot) -> Self {
        let mut source = Self::default();
        source.section(snapshot);
        source
    }

    /// Starts another section.
    pub fn section(&mut self, snapshot: Snapshot) -> &mut Self {
        self.items.push_back(Item::Section(Box::new(snapshot)));
        self
    }

    /// Appends an event.
    pub fn event(&mut self, event: EventBuf) -> &mut Self {
        self.items.push_back(Item::Event(event));
        self
    }

    /// Appends events.
    pub fn events(&mut self, events: impl IntoIterator<Item = EventBuf>) -> &mut Self {
        self.items.extend(events.into_iter().map(Item::Event));
        self
    }

    /// Says that events are missing here.
    pub fn gap(&mut self, gap: Gap) -> &mut Self {
        self.items.push_back(Item::Gap(gap));
        self
    }

    /// Has nothing to say once, as a live source in a quiet moment.
    pub fn idle(&mut self) -> &mut Self {
        self.items.push_back(Item::Idle);
        self
    }
}

impl Source for MemorySource {
    fn next(&mut self) -> Result<Next<'_>, Error> {
        self.current = self.items.pop_front();
        Ok(match &self.current {
            None => Next::End,
            Some(Item::Section(snapshot)) => Next::Section(snapshot),
            Some(Item::Event(event)) => {
                self.stats.events += 1;
                Next::Event(event.as_event())
            }
            Some(Item::Gap(gap)) => {
                if let Some(events) = gap.events {
                    self.stats.lost.push((gap.cause.to_owned(), events));
                }
                Next::Gap(gap.clone())
            }
            Some(Item::Idle) => Next::Idle,
        })
    }

    fn stats(&self) -> SourceStats {
        self.stats.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use capture_format::{EventBuilder, EventType};

    #[test]
    fn plays_in_order_and_keeps_ending() {
        let mut source = MemorySource::new(Snapshot::default());
        source
            .event(EventBuilder::new(EventType(186), 5, 7).build())
            .idle();
        assert!(matches!(source.next().unwrap(), Next::Section(_)));
        assert!(matches!(source.next().unwrap(), Next::Event(e) if e.tid == 7));
        assert!(matches!(source.next().unwrap(), Next::Idle));
        assert!(matches!(source.next().unwrap(), Next::End));
        assert!(matches!(source.next().unwrap(), Next::End));
        assert_eq!(source.stats().events, 1);
    }
}
