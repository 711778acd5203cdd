//! Amazon ECS: which task a container belongs to.
//!
//! The agent labels every container it starts through Docker, so mostly nothing is to be asked.
//! Where labels lack, the agent's introspection API fills them in, and inside a task the metadata
//! endpoint does, for the task's own containers. All of it ends up in labels
//! (`com.amazonaws.ecs.*`): a replay needs nothing else.

mod parse;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use state::container::{Container, Recognized};
use tokio::sync::Notify;

use crate::engine::{BoxFuture, Engine};
use crate::http::Http;
use crate::hub::{Hub, Ready};
use crate::{Error, json::Peek};
use parse::Member;

/// Between two questions to an agent that answers.
const PAUSE: Duration = Duration::from_secs(5);
/// Between two tries of an agent that does not: most hosts have none.
const ABSENT: Duration = Duration::from_secs(60);

/// Where the ECS agent and the task metadata endpoint are.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The agent's introspection API, `http://localhost:51678` on an instance.
    pub agent_url: Option<String>,
    /// The task metadata endpoint of our own task (`ECS_CONTAINER_METADATA_URI_V4`).
    pub task_url: Option<String>,
}

impl Config {
    /// The agent on this host, and the endpoint that a task's environment names.
    pub fn from_env() -> Config {
        let var = |name| {
            std::env::var(name)
                .ok()
                .filter(|value: &String| !value.is_empty())
        };
        Config {
            agent_url: Some("http://localhost:51678".to_owned()),
            task_url: var("ECS_CONTAINER_METADATA_URI_V4")
                .or_else(|| var("ECS_CONTAINER_METADATA_URI")),
        }
    }
}

/// Containers of tasks by their Docker id.
#[derive(Default)]
pub(crate) struct Knowledge {
    members: Mutex<HashMap<String, Member>>,
    /// A container has come up that is not among them.
    unknown: Notify,
}

impl Knowledge {
    /// Adds the labels a task's container should have; the container's own win.
    pub(crate) fn add_to(&self, container: &mut Container) {
        let members = self.lock();
        match members.get(&container.full_id) {
            Some(member) => {
                for (key, value) in &member.labels {
                    let label = container.labels.entry(key.clone());
                    label.or_insert_with(|| value.clone());
                }
            }
            None => self.unknown.notify_one(),
        }
    }

    /// Takes members in; true when one of them is new or different.
    fn learn(&self, found: Vec<Member>) -> bool {
        let mut members = self.lock();
        let mut news = false;
        for member in found {
            let known = members.get(&member.id);
            if known != Some(&member) {
                news = true;
                members.insert(member.id.clone(), member);
            }
        }
        news
    }

    fn find(&self, id: &str) -> Option<Container> {
        self.lock().get(id).map(Member::container)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Member>> {
        self.members
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Starts asking what is configured.
pub(crate) fn start(hub: &Arc<Hub>, config: &Config) -> Result<(), Error> {
    if let Some(url) = &config.agent_url {
        let http = Http::url(url, hub.config.timeout)?;
        hub.add(Arc::new(Source {
            name: format!("ecs agent at {}", http.base()),
            kind: Kind::Agent,
            http,
            hub: Arc::downgrade(hub),
        }));
    }
    if let Some(url) = &config.task_url {
        let http = Http::url(url, hub.config.timeout)?;
        hub.add(Arc::new(Source {
            name: format!("ecs task metadata at {}", http.base()),
            kind: Kind::Task,
            http,
            hub: Arc::downgrade(hub),
        }));
    }
    Ok(())
}

/// Reads any JSON as each of the answers, for fuzzers.
pub(crate) fn read(answer: &serde_json::Value) {
    let members = parse::agent_tasks(answer, answer).into_iter();
    for member in members.chain(parse::task(answer)) {
        let _ = member.container();
    }
}

/// The agent or the endpoint, as an engine: it knows containers that no other engine here does,
/// which is so inside a Fargate task.
struct Source {
    name: String,
    kind: Kind,
    http: Http,
    hub: std::sync::Weak<Hub>,
}

enum Kind {
    Agent,
    Task,
}

impl Source {
    async fn members(&self) -> Result<Vec<Member>, Error> {
        match self.kind {
            Kind::Agent => {
                let about = self.http.json("/v1/metadata").await?.unwrap_or_default();
                let tasks = self.http.json("/v1/tasks").await?.unwrap_or_default();
                Ok(parse::agent_tasks(&about, &tasks))
            }
            Kind::Task => {
                let task = self.http.json("/task").await?.unwrap_or_default();
                if task.text("/TaskARN").is_empty() {
                    return Err(Error::Garbage(
                        "the answer about our task has no ARN".to_owned(),
                    ));
                }
                Ok(parse::task(&task))
            }
        }
    }
}

impl Engine for Source {
    fn name(&self) -> &str {
        &self.name
    }

    /// The container's own engine knows more.
    fn rank(&self, _recognized: &Recognized) -> u8 {
        2
    }

    fn present(&self) -> bool {
        true
    }

    fn may_know(&self, recognized: &Recognized) -> bool {
        recognized.ecs_task.is_some()
    }

    fn lookup<'a>(
        &'a self,
        recognized: &'a Recognized,
    ) -> BoxFuture<'a, Result<Option<Container>, Error>> {
        Box::pin(async move {
            let hub = self.hub.upgrade();
            Ok(hub.and_then(|hub| hub.decorator.ecs.find(&recognized.full_id)))
        })
    }

    fn follow(
        self: Arc<Self>,
        hub: Arc<Hub>,
        ready: Ready,
    ) -> BoxFuture<'static, Result<(), Error>> {
        Box::pin(async move {
            let mut ready = Some(ready);
            loop {
                match self.members().await {
                    Ok(members) => {
                        if hub.decorator.ecs.learn(members) {
                            hub.redecorate(|_| true);
                        }
                    }
                    // Nobody listens: this is no ECS instance, or the agent is not up yet.
                    Err(Error::Absent | Error::Connect(_)) => {
                        drop(ready.take());
                        tokio::time::sleep(ABSENT).await;
                        continue;
                    }
                    Err(error) => hub.health.report(&self.name, &error),
                }
                drop(ready.take());
                hub.decorator.ecs.unknown.notified().await;
                tokio::time::sleep(PAUSE).await;
            }
        })
    }
}
