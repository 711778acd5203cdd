//! The middle: engines publish containers here, questions are resolved here, and answers leave
//! from here in the order they came.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};

use state::container::{Container, LookupState, Recognized};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::backoff::{Backoff, LOOKUP_TRIES};
use crate::engine::Engine;
use crate::health::Health;
use crate::{Config, Error, decorate, limits};

/// Containers remembered, so that answers which say nothing new are not repeated.
const MAX_LIVE: usize = 20_000;

/// Shared by all workers.
pub(crate) struct Hub {
    pub(crate) config: Config,
    pub(crate) health: Arc<Health>,
    pub(crate) decorator: decorate::Decorator,
    engines: RwLock<Vec<Arc<dyn Engine>>>,
    live: Mutex<HashMap<String, Live>>,
    answers: SyncSender<Container>,
    /// Answers sent and not taken: asking for this number is all that most events cost.
    pub(crate) unread: AtomicUsize,
    /// Turns to read the users of containers.
    pub(crate) reads: Arc<Semaphore>,
    starting: Arc<AtomicUsize>,
}

struct Live {
    /// As the engine described it.
    base: Container,
    /// As it was answered, with what orchestrators add.
    sent: Container,
}

/// Held while an engine has not told of its containers yet; dropping it says that it has, or that
/// it will not.
pub(crate) struct Ready(Arc<AtomicUsize>);

impl Drop for Ready {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}

impl Hub {
    pub(crate) fn new(config: Config, answers: SyncSender<Container>) -> Hub {
        Hub {
            decorator: decorate::Decorator::new(&config),
            health: Arc::clone(&config.health),
            config,
            engines: RwLock::default(),
            live: Mutex::default(),
            answers,
            unread: AtomicUsize::new(0),
            reads: Arc::new(Semaphore::new(crate::MAX_READS)),
            starting: Arc::default(),
        }
    }

    /// Says that somebody is about to tell of containers that exist already.
    pub(crate) fn starting(&self) -> Ready {
        self.starting.fetch_add(1, Ordering::AcqRel);
        Ready(Arc::clone(&self.starting))
    }

    /// Whether everybody has told of the containers that existed at the start.
    pub(crate) fn settled(&self) -> bool {
        self.starting.load(Ordering::Acquire) == 0
    }

    /// Adds an engine and follows it for as long as the program runs.
    pub(crate) fn add(self: &Arc<Self>, engine: Arc<dyn Engine>) {
        let mut engines = self
            .engines
            .write()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if engines.iter().any(|known| known.name() == engine.name()) {
            return;
        }
        engines.push(Arc::clone(&engine));
        drop(engines);
        let ready = self.starting();
        tokio::spawn(supervise(Arc::clone(self), engine, ready));
    }

    /// Sends an answer, unless it says nothing new.
    pub(crate) fn publish(&self, base: Container) {
        let mut live = self.live();
        self.send(&mut live, base);
    }

    /// Adds what orchestrators say about known containers, when they have news.
    pub(crate) fn redecorate(&self, concerned: impl Fn(&Container) -> bool) {
        let mut live = self.live();
        let again: Vec<Container> = live
            .values()
            .filter(|entry| concerned(&entry.base))
            .map(|entry| entry.base.clone())
            .collect();
        for base in again {
            self.send(&mut live, base);
        }
    }

    /// Whether an engine has described this container.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.live()
            .get(id)
            .is_some_and(|entry| entry.sent.lookup == LookupState::Found)
    }

    /// The engine has removed the container.
    pub(crate) fn forget(&self, id: &str) {
        let short: String = id.chars().take(12).collect();
        self.live().remove(&short);
    }

    fn send(&self, live: &mut HashMap<String, Live>, base: Container) {
        let mut answer = base.clone();
        self.decorator.decorate(&mut answer);
        let known = live.get(&base.id);
        if known.is_some_and(|known| {
            known.sent == answer
                || known.sent.lookup == LookupState::Found && answer.lookup != LookupState::Found
        }) {
            return;
        }
        // Counted before it is there, so that the count never falls below what can be taken.
        self.unread.fetch_add(1, Ordering::Release);
        let sent = self.answers.try_send(answer.clone());
        if sent.is_err() {
            self.unread.fetch_sub(1, Ordering::Release);
        }
        match sent {
            Ok(()) => {
                if live.len() >= MAX_LIVE && known.is_none() {
                    live.clear();
                }
                let id = base.id.clone();
                live.insert(id, Live { base, sent: answer });
            }
            Err(TrySendError::Full(_)) => self.health.note("containers", "answers nobody took"),
            Err(TrySendError::Disconnected(_)) => {}
        }
    }

    /// Answers for one container: asks the engines that may know it, again with longer and longer
    /// pauses, and says so when none does.
    pub(crate) async fn resolve(self: Arc<Self>, recognized: Recognized) {
        let mut backoff = Backoff::lookup();
        for _ in 0..=LOOKUP_TRIES {
            let engines = self.candidates(&recognized);
            if engines.is_empty() {
                break;
            }
            if let Some(container) = self.ask(engines, &recognized).await {
                self.publish(container);
                return;
            }
            // An engine's own event may have been faster.
            if self.knows(&recognized.id) {
                return;
            }
            tokio::time::sleep(backoff.pause()).await;
        }
        let failed = Container {
            lookup: LookupState::Failed,
            ..Container::unknown(&recognized)
        };
        self.publish(failed);
        // The next question about it starts anew.
        self.live().remove(&recognized.id);
    }

    fn candidates(&self, recognized: &Recognized) -> Vec<Arc<dyn Engine>> {
        let engines = self
            .engines
            .read()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let able = engines
            .iter()
            .filter(|engine| engine.may_know(recognized) && engine.present());
        able.cloned().collect()
    }

    /// Asks engines of one rank at the same time; whoever knows the container first is right.
    async fn ask(
        &self,
        mut engines: Vec<Arc<dyn Engine>>,
        recognized: &Recognized,
    ) -> Option<Container> {
        engines.sort_by_key(|engine| engine.rank(recognized));
        for group in engines.chunk_by(|a, b| a.rank(recognized) == b.rank(recognized)) {
            let mut asked = JoinSet::new();
            for engine in group {
                let (engine, recognized) = (Arc::clone(engine), recognized.clone());
                asked.spawn(async move {
                    let answer = engine.lookup(&recognized).await;
                    (engine, answer)
                });
            }
            while let Some(joined) = asked.join_next().await {
                match joined {
                    Ok((_, Ok(Some(mut container)))) => {
                        container.id.clone_from(&recognized.id);
                        let root = &self.config.host_root;
                        limits::add(&mut container, root, &recognized.path);
                        return Some(container);
                    }
                    // Following it tells of that, if it is worth telling.
                    Ok((_, Ok(None) | Err(Error::Absent))) => {}
                    Ok((engine, Err(error))) => self.health.report(engine.name(), &error),
                    Err(_) => self.health.note("containers", "a look-up broke off"),
                }
            }
        }
        None
    }

    fn live(&self) -> MutexGuard<'_, HashMap<String, Live>> {
        self.live
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Keeps following one engine: it may not run yet, or be restarted at any time.
async fn supervise(hub: Arc<Hub>, engine: Arc<dyn Engine>, ready: Ready) {
    let mut ready = Some(ready);
    let mut backoff = Backoff::up_to(std::time::Duration::from_secs(30));
    loop {
        if engine.present() {
            let token = ready.take().unwrap_or_else(|| hub.starting());
            let started = std::time::Instant::now();
            let ended = Arc::clone(&engine).follow(Arc::clone(&hub), token).await;
            match ended {
                Ok(()) => {}
                // The socket's file outlives an engine that was stopped: nothing to warn of, unless
                // it was named by the user.
                Err(Error::Absent) if !engine.is_chosen() => {}
                Err(error) => hub.health.report(engine.name(), &error),
            }
            if started.elapsed().as_secs() > 30 {
                backoff = Backoff::up_to(std::time::Duration::from_secs(30));
            }
            tokio::time::sleep(backoff.pause()).await;
        } else {
            ready = None;
            tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        }
    }
}
