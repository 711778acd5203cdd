//! How long to wait before the next try.

use std::time::Duration;

/// Pauses that double: 125 ms, 250 ms … up to a longest one.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    next: Duration,
    longest: Duration,
}

/// Pauses between look-ups of one id: five, the last of 2 s.
pub(crate) const LOOKUP_TRIES: usize = 5;

impl Backoff {
    /// For look-ups: the engine learns of a container slightly later than we do.
    pub(crate) fn lookup() -> Backoff {
        Backoff::up_to(Duration::from_secs(2))
    }

    /// For connections that broke.
    pub(crate) fn up_to(longest: Duration) -> Backoff {
        Backoff {
            next: Duration::from_millis(125),
            longest,
        }
    }

    /// The next pause.
    pub(crate) fn pause(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.longest);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut backoff = Backoff::lookup();
        let pauses: Vec<_> = (0..6).map(|_| backoff.pause().as_millis()).collect();
        assert_eq!(pauses, [125, 250, 500, 1000, 2000, 2000]);
    }
}
