//! Names for what the kernel knows only by id: containers, pods, tasks.
//!
//! All waiting on the outside world happens here, on threads of this crate's own. The event path
//! puts questions in ([`Enricher::ask`]) and takes answers out ([`Enricher::next`]), and neither
//! ever waits. Answers are container events: once in the stream they are applied, recorded and
//! replayed like any other event, so a replay needs no engine.
//!
//! Engines are followed rather than asked where they allow it: what their own event streams tell
//! is known before a container's first process runs. Whatever goes wrong becomes a counted
//! [`Trouble`] and never an error of the pipeline.

#![forbid(unsafe_code)]

mod backoff;
mod config;
mod containerd;
mod cri;
mod decorate;
mod discover;
mod docker;
pub mod ecs;
mod engine;
mod error;
#[cfg(test)]
mod fixtures;
pub mod fuzz;
mod gate;
mod grpc;
mod health;
pub mod http;
mod hub;
mod image;
mod json;
pub mod kubernetes;
mod limits;
mod local;
mod oci;
mod podman;
mod users;
mod watch;

pub use config::Config;
pub use error::Error;
pub use health::{Health, Trouble};
pub use image::ImageRef;
pub use watch::Watch;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use state::container::{Container, Recognized};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Questions that wait; more are dropped, counted, and asked again when the container is seen
/// again.
const MAX_QUESTIONS: usize = 4_096;
/// Answers that wait to be taken.
const MAX_ANSWERS: usize = 8_192;
/// Containers whose users are read, or wait to be taken.
pub(crate) const MAX_READS: usize = 64;
/// Containers looked up at the same time.
const MAX_LOOKUPS: usize = 256;

/// Looks up metadata in the background.
///
/// ```
/// let enricher = enrich::Enricher::start(enrich::Config::nothing())?;
/// assert!(enricher.next(std::time::Duration::ZERO).is_none());
/// # Ok::<(), enrich::Error>(())
/// ```
#[derive(Debug)]
pub struct Enricher {
    questions: mpsc::Sender<Recognized>,
    answers: Receiver<Container>,
    users: Receiver<users::Users>,
    tell_users: SyncSender<users::Users>,
    hub: Arc<hub::Hub>,
    /// Dropped last: ends all workers without waiting for them.
    runtime: Option<Runtime>,
}

impl Enricher {
    /// Starts the workers.
    ///
    /// # Errors
    /// [`Error::Config`] when threads cannot be started or the configuration cannot work. Engines
    /// that do not run are no error.
    pub fn start(config: Config) -> Result<Enricher, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(8)
            .thread_name("quarry-enrich")
            .enable_all()
            .build()
            .map_err(|error| Error::Config(format!("cannot start threads: {error}")))?;
        let (questions, asked) = mpsc::channel(MAX_QUESTIONS);
        let (send, answers) = sync_channel(MAX_ANSWERS);
        let (tell_users, users) = sync_channel(MAX_READS);
        let hub = Arc::new(hub::Hub::new(config, send));
        let context = runtime.enter();
        // The first look is taken here, so that `settled` means something from the start.
        discover::look(&hub);
        if let Some(config) = &hub.config.ecs {
            ecs::start(&hub, config)?;
        }
        if let Some(config) = &hub.config.kubernetes {
            kubernetes::start(&hub, config)?;
        }
        drop(context);
        runtime.spawn(discover::run(Arc::clone(&hub)));
        runtime.spawn(answer(Arc::clone(&hub), asked));
        Ok(Enricher {
            questions,
            answers,
            users,
            tell_users,
            hub,
            runtime: Some(runtime),
        })
    }

    /// Asks about a container; false when too many questions wait already.
    pub fn ask(&self, recognized: Recognized) -> bool {
        let taken = self.questions.try_send(recognized).is_ok();
        if !taken {
            self.hub
                .health
                .note("containers", "questions nobody could take");
        }
        taken
    }

    /// The next answer, waiting for it no longer than this.
    pub fn next(&self, wait: Duration) -> Option<Container> {
        let container = if wait.is_zero() {
            self.answers.try_recv().ok()?
        } else {
            self.answers.recv_timeout(wait).ok()?
        };
        self.hub.unread.fetch_sub(1, Ordering::AcqRel);
        Some(container)
    }

    /// Reads the users of a container as one of its processes sees them; false when too many are
    /// being read already.
    pub(crate) fn ask_users(&self, id: &str, pid: i64) -> bool {
        let Some(runtime) = self.runtime.as_ref().filter(|_| self.hub.config.users) else {
            return false;
        };
        let Ok(turn) = Arc::clone(&self.hub.reads).try_acquire_owned() else {
            return false;
        };
        let (id, tell, hub) = (
            id.to_owned(),
            self.tell_users.clone(),
            Arc::clone(&self.hub),
        );
        runtime.spawn_blocking(move || {
            // There is room for each read that has a turn, until it is taken.
            let users = users::Users::read(&hub.config.host_root, id, pid);
            hub.unread.fetch_add(1, Ordering::Release);
            if tell.try_send(users).is_err() {
                hub.unread.fetch_sub(1, Ordering::Release);
            }
            drop(turn);
        });
        true
    }

    /// The next container's users.
    pub(crate) fn next_users(&self) -> Option<users::Users> {
        let users = self.users.try_recv().ok()?;
        self.hub.unread.fetch_sub(1, Ordering::AcqRel);
        Some(users)
    }

    /// Whether something can be taken now.
    pub(crate) fn has_answers(&self) -> bool {
        self.hub.unread.load(Ordering::Acquire) > 0
    }

    /// Whether every engine found at the start has told of its containers, or failed to.
    pub fn settled(&self) -> bool {
        self.hub.settled()
    }

    /// What went wrong so far.
    pub fn health(&self) -> &Health {
        &self.hub.health
    }
}

impl Drop for Enricher {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Requests to a hanging engine must not hold up the end of the program.
            runtime.shutdown_background();
        }
    }
}

/// Takes questions and resolves a bounded number of them at a time.
async fn answer(hub: Arc<hub::Hub>, mut asked: mpsc::Receiver<Recognized>) {
    let mut running = JoinSet::new();
    while let Some(recognized) = asked.recv().await {
        while running.try_join_next().is_some() {}
        while running.len() >= MAX_LOOKUPS {
            running.join_next().await;
        }
        running.spawn(Arc::clone(&hub).resolve(recognized));
    }
}
