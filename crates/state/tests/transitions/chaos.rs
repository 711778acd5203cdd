//! Events of every type with any parameters: nothing panics and the tables stay consistent.

use capture_format::table::EVENTS;
use capture_format::{EventBuf, EventBuilder};
use state::State;

/// A small generator of its own keeps failures repeatable.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn number(&mut self) -> i64 {
        match self.roll(8) {
            0 => -1,
            1 => -100,
            2 => self.roll(u64::MAX).cast_signed(),
            _ => self.roll(12).cast_signed(),
        }
    }

    fn bytes(&mut self, fixed: Option<usize>) -> Vec<u8> {
        let whole = self.roll(10) != 0;
        match fixed {
            Some(size) if whole => self.number().to_le_bytes()[..size.min(8)].to_vec(),
            _ => {
                let len = self.roll(60);
                let bytes = (0..len).map(|_| match self.roll(4) {
                    0 => 0,
                    1 => b'/',
                    2 => self.roll(12) as u8,
                    _ => self.roll(256) as u8,
                });
                bytes.collect()
            }
        }
    }

    fn event(&mut self, now_ns: u64) -> EventBuf {
        let info = &EVENTS[self.roll(EVENTS.len() as u64) as usize];
        let tid = self.number();
        let count = match self.roll(5) {
            0 => self.roll(40) as usize,
            _ => info.params.len(),
        };
        let mut event = EventBuilder::new(info.id, now_ns, tid).cpu(self.roll(4) as u16);
        for index in 0..count {
            let fixed = info.params.get(index).and_then(|p| p.ty.fixed_size());
            let bytes = self.bytes(fixed);
            event = event.param(&bytes);
        }
        event.build()
    }
}

#[test]
fn any_events_leave_the_tables_consistent() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut state = State::new().with_max_threads(64);
    for now_ns in 1..60_000 {
        let event = dice.event(now_ns);
        let applied = state.apply(&event.as_event());
        let _ = (
            state.event_thread(&applied),
            state.event_fd(&applied),
            state.enter(&applied),
        );
        if now_ns % 5_000 != 0 {
            continue;
        }
        assert!(state.threads().count() <= 64);
        for thread in state.threads() {
            assert_eq!(state.fds(thread).count(), state.fd_count(thread));
            for (fd, info) in state.fds(thread) {
                assert_eq!(info.fd, fd);
            }
        }
        let snapshot = state.snapshot();
        let mut again = State::new();
        again.load(&snapshot);
        assert_eq!(again.threads().count(), snapshot.threads.len());
    }
}
