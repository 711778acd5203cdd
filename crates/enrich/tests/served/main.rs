//! Servers that answer as recorded, and servers that misbehave, over real sockets.

mod ecs;
mod hostile;
mod kubernetes;
mod server;

use std::time::{Duration, Instant};

use enrich::Enricher;
use state::container::Container;

/// Longest wait for an answer, far beyond what any takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first answer that satisfies the condition.
fn answer(enricher: &Enricher, wanted: impl Fn(&Container) -> bool) -> Container {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Some(container) = enricher.next(Duration::from_millis(100))
            && wanted(&container)
        {
            return container;
        }
    }
    panic!("no such answer; trouble: {:?}", enricher.health().all());
}

/// A file below `../shared/fixtures`, or `None` (said loudly) without the folder.
fn fixture(name: &str) -> Option<String> {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = crates
        .ancestors()
        .map(|above| above.join("shared/fixtures"));
    let Some(folder) = folders.into_iter().find(|folder| folder.is_dir()) else {
        testkit::skip(name, "../shared/fixtures is not beside the clone");
        return None;
    };
    Some(std::fs::read_to_string(folder.join(name)).expect("a recorded answer"))
}
