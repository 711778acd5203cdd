//! A source with metadata: container events are put into the stream of another source.
//!
//! Answers about containers arrive some milliseconds after the container's first event. The stream
//! is held from that event on, for a short while at most, so that the answer can be put in front of
//! it: then every event of the container has its name, live and in the recording alike. The held
//! events are few, nothing is waited for when no engine can answer, and what is late is put in when
//! it comes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use capture_format::EventBuf;
use enrich::Watch;
use source::{Damage, Error, Gap, Next, Progress, Source, SourceStats};

/// Most events held; with more the stream goes on without waiting.
const MAX_HELD: usize = 100_000;
/// Events taken over in one go while the stream is held.
const BATCH: usize = 512;

/// A source whose stream is joined by container events.
pub struct WithMetadata {
    inner: Box<dyn Source>,
    watch: Watch,
    /// Longest time the stream is held for one container.
    wait: Duration,
    held: VecDeque<Held>,
    /// What was handed out last; borrowed by the caller.
    current: Option<EventBuf>,
    /// Time of the last event handed out.
    last_ns: Option<u64>,
    /// The first event of the section waits for the inventory until then.
    start: Option<Instant>,
    ended: bool,
}

struct Held {
    what: What,
    needs: Option<(Need, Instant)>,
}

enum What {
    Event(EventBuf),
    Gap(Gap),
}

/// What a held event waits for, until a deadline.
enum Need {
    /// Everything the start has asked for.
    Start,
    /// The answer about a container.
    Container(String),
}

impl WithMetadata {
    /// Joins metadata to a source; `wait` 0 never holds anything.
    pub fn new(inner: Box<dyn Source>, watch: Watch, wait: Duration) -> WithMetadata {
        WithMetadata {
            inner,
            watch,
            wait,
            held: VecDeque::new(),
            current: None,
            last_ns: None,
            start: None,
            ended: false,
        }
    }

    /// The watch, for its warnings.
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// What is due now: an answer, else the first held item that need not wait any longer.
    fn due(&mut self) -> Option<What> {
        let now_ns = match self.held.front() {
            Some(Held {
                what: What::Event(event),
                ..
            }) => Some(event.timestamp_ns),
            _ => self.last_ns,
        };
        // Before the first event there is no time that an answer could have.
        if let Some(answer) = now_ns.and_then(|now_ns| self.watch.next(now_ns)) {
            return Some(What::Event(answer));
        }
        let front = self.held.front()?;
        if let Some((need, deadline)) = &front.needs {
            let open = match need {
                Need::Start => !self.watch.is_settled(),
                Need::Container(id) => self.watch.is_open(id),
            };
            let in_vain = Instant::now() >= *deadline || self.held.len() >= MAX_HELD;
            if open && !in_vain {
                return None;
            }
            if let (true, Need::Container(id)) = (open, need) {
                // Once is enough: what its next processes do is not held again.
                self.watch.give_up(id);
            }
        }
        self.held.pop_front().map(|held| held.what)
    }

    /// At the end of the stream: waits for the answer that the first held item needs.
    fn wait_for_front(&mut self) -> Option<What> {
        let front = self.held.front()?;
        let left = front
            .needs
            .as_ref()
            .map_or(Duration::ZERO, |(_, deadline)| {
                deadline.saturating_duration_since(Instant::now())
            });
        let now_ns = match &front.what {
            What::Event(event) => event.timestamp_ns,
            What::Gap(_) => self.last_ns.unwrap_or(0),
        };
        // The inventory may come to its end without a further answer: look again now and then.
        let left = left.min(Duration::from_millis(10));
        self.watch.next_within(left, now_ns).map(What::Event)
    }

    fn hand_out(&mut self, what: What) -> Next<'_> {
        match what {
            What::Event(event) => {
                self.last_ns = Some(event.timestamp_ns);
                Next::Event(self.current.insert(event).as_event())
            }
            What::Gap(gap) => Next::Gap(gap),
        }
    }

    /// Takes over what the source has, behind what is held already.
    fn take_over(&mut self) -> Result<(), Error> {
        for _ in 0..BATCH {
            let what = match self.inner.next()? {
                Next::Event(event) => {
                    let needs = self
                        .watch
                        .see(&event)
                        .map(|id| Need::Container(id.to_owned()));
                    let needs = needs.map(|need| (need, Instant::now() + self.wait));
                    self.held.push_back(Held {
                        what: What::Event(event.to_buf()),
                        needs,
                    });
                    continue;
                }
                Next::Gap(gap) => What::Gap(gap),
                // A live source has one section, which is handed out before anything is held.
                Next::Section(_) => continue,
                Next::Idle => return Ok(()),
                Next::End => {
                    self.ended = true;
                    return Ok(());
                }
            };
            self.held.push_back(Held { what, needs: None });
        }
        Ok(())
    }
}

impl Source for WithMetadata {
    fn next(&mut self) -> Result<Next<'_>, Error> {
        if let Some(what) = self.due() {
            return Ok(self.hand_out(what));
        }
        if self.ended {
            return Ok(match self.wait_for_front() {
                Some(what) => self.hand_out(what),
                None if self.held.is_empty() => Next::End,
                None => Next::Idle,
            });
        }
        if !self.held.is_empty() {
            self.take_over()?;
            return Ok(Next::Idle);
        }
        match self.inner.next()? {
            Next::Section(snapshot) => {
                self.watch.begin(snapshot);
                self.start = Some(Instant::now() + self.wait);
                Ok(Next::Section(snapshot))
            }
            Next::Event(event) => {
                let need = match self.watch.see(&event) {
                    Some(id) => Some(Need::Container(id.to_owned())),
                    None => self.start.map(|_| Need::Start),
                };
                let deadline = self
                    .start
                    .take()
                    .unwrap_or_else(|| Instant::now() + self.wait);
                let Some(need) = need.filter(|_| !self.wait.is_zero()) else {
                    self.last_ns = Some(event.timestamp_ns);
                    return Ok(Next::Event(event));
                };
                self.held.push_back(Held {
                    what: What::Event(event.to_buf()),
                    needs: Some((need, deadline)),
                });
                Ok(Next::Idle)
            }
            Next::End => {
                self.ended = true;
                Ok(Next::Idle)
            }
            other => Ok(other),
        }
    }

    fn stats(&self) -> SourceStats {
        self.inner.stats()
    }

    fn progress(&self) -> Option<Progress> {
        self.inner.progress()
    }

    fn damage(&self) -> &[Damage] {
        self.inner.damage()
    }

    fn is_live(&self) -> bool {
        self.inner.is_live()
    }

    fn stop(&mut self) {
        self.inner.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use capture_format::{EventBuilder, EventType, Snapshot};
    use enrich::Config;
    use source::MemorySource;

    /// `PPME_SYSCALL_EXECVE_19_X`, `PPME_SYSCALL_CLOSE_X`, `PPME_CONTAINER_JSON_2_E`.
    const EXEC: u16 = 293;
    const CLOSE: u16 = 5;
    const CONTAINER: u16 = 324;

    /// An exec event with these cgroups; the parameters before them are empty.
    fn exec(cgroups: &str, ns: u64) -> EventBuf {
        let ty = EventType(EXEC);
        let params = ty.info().expect("a known type").params;
        let index = params.iter().position(|param| param.name == "cgroups");
        let mut event = EventBuilder::new(ty, ns, 1);
        for _ in 0..index.expect("execve carries cgroups") {
            event = event.param(b"");
        }
        event.param(cgroups.as_bytes()).build()
    }

    fn close(ns: u64) -> EventBuf {
        EventBuilder::new(EventType(CLOSE), ns, 1).i64(0).build()
    }

    /// Types and times of what comes out.
    fn run(config: Config, wait: Duration, events: Vec<EventBuf>) -> Vec<(u16, u64)> {
        let mut inner = MemorySource::new(Snapshot::default());
        inner.events(events);
        let inner = Box::new(inner);
        let watch = Watch::start(config).unwrap();
        let mut source = WithMetadata::new(inner, watch, wait);
        let mut out = Vec::new();
        assert!(matches!(source.next(), Ok(Next::Section(_))));
        loop {
            match source.next().unwrap() {
                Next::Event(event) => out.push((event.ty.0, event.timestamp_ns)),
                Next::End => return out,
                _ => {}
            }
        }
    }

    fn lxc() -> Config {
        Config {
            local: true,
            ..Config::nothing()
        }
    }

    #[test]
    fn an_answer_precedes_its_containers_first_event_and_order_is_kept() {
        let events = vec![
            close(1),
            exec("cpu=/lxc/web\0", 2),
            close(3),
            exec("cpu=/lxc/web\0", 4),
        ];
        let out = run(lxc(), Duration::from_secs(30), events);
        assert_eq!(
            out,
            [(CLOSE, 1), (CONTAINER, 2), (EXEC, 2), (CLOSE, 3), (EXEC, 4)]
        );
    }

    #[test]
    fn two_containers_at_once_have_an_answer_each() {
        let events = vec![exec("cpu=/lxc/a\0", 1), exec("cpu=/lxc/b\0", 2), close(3)];
        let out = run(lxc(), Duration::from_secs(30), events);
        let of = |ty: u16| out.iter().filter(|(found, _)| *found == ty).count();
        assert_eq!((of(CONTAINER), of(EXEC), of(CLOSE)), (2, 2, 1));
        assert!(out.is_sorted_by_key(|(_, ns)| *ns), "{out:?}");
        assert_eq!(out[0].0, CONTAINER);
    }

    #[test]
    fn an_engine_that_hangs_delays_events_and_loses_none() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("docker.sock");
        // Bound, and never accepted from: connecting works, answers do not come.
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let config = Config {
            docker: Some(vec![socket]),
            timeout: Duration::from_secs(30),
            ..Config::nothing()
        };
        let docker = format!("cpu=/docker/{}\0", "a".repeat(64));
        let mut events = vec![exec(&docker, 1)];
        events.extend((2..2_000).map(close));
        let out = run(config, Duration::from_millis(20), events);
        assert_eq!(out.len(), 1_999);
        assert!(out.is_sorted_by_key(|(_, ns)| *ns));
    }

    #[test]
    fn without_waiting_events_pass_at_once() {
        let events = vec![exec("cpu=/lxc/web\0", 1), close(2)];
        let out = run(lxc(), Duration::ZERO, events);
        let own: Vec<_> = out.into_iter().filter(|(ty, _)| *ty != CONTAINER).collect();
        assert_eq!(own, [(EXEC, 1), (CLOSE, 2)]);
    }
}
