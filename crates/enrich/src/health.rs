//! Trouble with engines: said once each, counted ever after.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::Error;

/// Counts of what went wrong, by source and kind. Shared between all workers and the program,
/// which decides what to print: nothing here prints.
#[derive(Debug, Default)]
pub struct Health(Mutex<BTreeMap<(String, &'static str), Trouble>>);

/// One kind of trouble with one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The engine and its socket.
    pub source: String,
    /// The first error of this kind, in words.
    pub message: String,
    /// How often it happened.
    pub count: u64,
    /// Handed out by [`Health::news`] already.
    told: bool,
}

/// More sources than this cannot be configured; a bound for whatever goes wrong.
const MAX_TROUBLES: usize = 1_000;

impl Health {
    /// Counts an error.
    pub fn report(&self, source: &str, error: &Error) {
        let kind = match error {
            Error::Connect(_) | Error::Absent => "connect",
            Error::Timeout(_) | Error::Hanging => "timeout",
            Error::TooLarge { .. } => "size",
            Error::Status { .. } => "status",
            Error::Garbage(_) => "garbage",
            Error::Config(_) => "config",
        };
        let mut troubles = self.lock();
        let key = (source.to_owned(), kind);
        if troubles.len() >= MAX_TROUBLES && !troubles.contains_key(&key) {
            return;
        }
        let trouble = troubles.entry(key).or_insert_with(|| Trouble {
            source: source.to_owned(),
            message: error.to_string(),
            count: 0,
            told: false,
        });
        trouble.count += 1;
    }

    /// Counts something that has no error of its own, such as a full queue.
    pub fn note(&self, source: &str, what: &'static str) {
        let mut troubles = self.lock();
        let key = (source.to_owned(), what);
        let trouble = troubles.entry(key).or_insert_with(|| Trouble {
            source: source.to_owned(),
            message: what.to_owned(),
            count: 0,
            told: false,
        });
        trouble.count += 1;
    }

    /// Troubles that were not handed out before, to be shown as warnings.
    pub fn news(&self) -> Vec<Trouble> {
        let mut troubles = self.lock();
        let fresh = troubles.values_mut().filter(|trouble| !trouble.told);
        fresh
            .map(|trouble| {
                trouble.told = true;
                trouble.clone()
            })
            .collect()
    }

    /// Everything so far, for closing statistics.
    pub fn all(&self) -> Vec<Trouble> {
        self.lock().values().cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(String, &'static str), Trouble>> {
        // A panicking holder leaves counters, which are never half-written.
        self.0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.source, self.message)?;
        if self.count > 1 {
            write!(f, " ({} times)", self.count)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_trouble_is_news_once_and_counted_always() {
        let health = Health::default();
        let timeout = Error::Timeout(Duration::from_secs(1));
        for _ in 0..3 {
            health.report("docker", &timeout);
        }
        health.report("podman", &timeout);
        assert_eq!(health.news().len(), 2);
        health.report("docker", &timeout);
        assert_eq!(health.news(), []);
        let lines: Vec<_> = health.all().iter().map(Trouble::to_string).collect();
        assert_eq!(
            lines,
            [
                "docker: no answer within 1000 ms (4 times)",
                "podman: no answer within 1000 ms"
            ]
        );
    }
}
