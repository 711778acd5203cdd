//! Amazon ECS: which task a container belongs to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use state::container::Container;

/// Where the ECS agent and the task metadata endpoint are.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The agent's introspection API; asked only when the host runs ECS tasks.
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

/// Labels by container id, from wherever they came.
#[derive(Default)]
pub(crate) struct Knowledge {
    labels: Mutex<HashMap<String, BTreeMap<String, String>>>,
}

impl Knowledge {
    /// Adds the labels a task's container should have; the container's own win.
    pub(crate) fn add_to(&self, container: &mut Container) {
        let known = self
            .labels
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(labels) = known.get(&container.full_id) {
            for (key, value) in labels {
                container
                    .labels
                    .entry(key.clone())
                    .or_insert_with(|| value.clone());
            }
        }
    }
}
