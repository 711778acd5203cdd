//! Which events show a container for the first time, and which answers are still to come.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use capture_format::{Event, EventBuf};
use state::State;
use state::container::{Recognized, recognize};

use crate::Enricher;

/// Distinct cgroup texts remembered with what they were recognised as.
const MAX_TEXTS: usize = 50_000;
/// A container that nobody knew is asked for again when it is seen again, but not sooner.
const NEGATIVE: Duration = Duration::from_secs(30);

/// Watches the event stream on behalf of an [`Enricher`].
///
/// The inspect loop calls [`Watch::see`] with each event *before* it is applied, and may hold the
/// stream while [`Watch::waiting`] says so: answers taken with [`Watch::next`] then precede the
/// first event of their container, live and in the recording.
#[derive(Debug)]
pub struct Watch {
    enricher: Enricher,
    /// What cgroup texts are: a fork storm shows the same few again and again.
    texts: HashMap<Vec<u8>, Option<String>>,
    asked: HashMap<String, Asked>,
    /// Asked and not answered.
    open: HashSet<String>,
}

#[derive(Clone, Copy, Debug)]
enum Asked {
    /// On its way, or answered.
    Yes,
    /// Nobody knew, as of then.
    InVain(Instant),
}

impl Watch {
    /// Watches for this enricher.
    pub fn new(enricher: Enricher) -> Watch {
        Watch {
            enricher,
            texts: HashMap::new(),
            asked: HashMap::new(),
            open: HashSet::new(),
        }
    }

    /// Asks about the containers of all threads of a snapshot.
    pub fn see_all(&mut self, state: &State) {
        for thread in state.threads() {
            let found = recognize(thread.cgroups.iter().map(Vec::as_slice));
            if let Some(recognized) = found {
                self.ask(recognized, state);
            }
        }
    }

    /// Asks about the container of a starting process when it is new; true when an answer about it
    /// is still to come.
    pub fn see(&mut self, event: &Event<'_>, state: &State) -> bool {
        let Some(text) = cgroups_of(event) else {
            return false;
        };
        if let Some(known) = self.texts.get(text) {
            let Some(id) = known else { return false };
            if self.open.contains(id) {
                return true;
            }
            let again = match self.asked.get(id) {
                Some(Asked::Yes) => false,
                Some(Asked::InVain(then)) => then.elapsed() >= NEGATIVE,
                None => true,
            };
            if !again {
                return false;
            }
        }
        let found = recognize(text.split(|&b| b == 0).filter(|item| !item.is_empty()));
        if self.texts.len() >= MAX_TEXTS {
            self.texts.clear();
        }
        let id = found.as_ref().map(|recognized| recognized.id.clone());
        self.texts.insert(text.to_vec(), id);
        found.is_some_and(|recognized| self.ask(recognized, state))
    }

    /// The next answer as an event of that time.
    pub fn next(&mut self, timestamp_ns: u64) -> Option<EventBuf> {
        self.next_within(Duration::ZERO, timestamp_ns)
    }

    /// The next answer, waiting for it no longer than this.
    pub fn next_within(&mut self, wait: Duration, timestamp_ns: u64) -> Option<EventBuf> {
        let container = self.enricher.next(wait)?;
        self.open.remove(&container.id);
        let state = match container.lookup {
            state::container::LookupState::Found => Asked::Yes,
            _ => Asked::InVain(Instant::now()),
        };
        self.asked.insert(container.id.clone(), state);
        Some(crate::event(&container, timestamp_ns))
    }

    /// Whether answers are missing that the start, or an event seen lately, has asked for.
    pub fn waiting(&self) -> bool {
        !self.open.is_empty() || !self.enricher.settled()
    }

    /// Gives up waiting for what was asked so far; answers that come later are taken all the same.
    pub fn give_up(&mut self) {
        self.open.clear();
    }

    /// The enricher itself.
    pub fn enricher(&self) -> &Enricher {
        &self.enricher
    }

    fn ask(&mut self, recognized: Recognized, state: &State) -> bool {
        let id = recognized.id.clone();
        if state.containers().get(&id).is_some() && !self.asked.contains_key(&id) {
            return false;
        }
        match self.asked.get(&id) {
            Some(Asked::Yes) => return self.open.contains(&id),
            Some(Asked::InVain(then)) if then.elapsed() < NEGATIVE => return false,
            _ => {}
        }
        if self.asked.len() >= MAX_TEXTS {
            self.asked.clear();
        }
        if self.enricher.ask(recognized) {
            self.asked.insert(id.clone(), Asked::Yes);
            self.open.insert(id);
            return true;
        }
        false
    }
}

/// The cgroups that an event of a starting process carries, separated by NUL.
fn cgroups_of<'a>(event: &Event<'a>) -> Option<&'a [u8]> {
    let info = event.info()?;
    if !matches!(
        info.name,
        "clone" | "clone3" | "fork" | "vfork" | "execve" | "execveat"
    ) {
        return None;
    }
    let index = info
        .params
        .iter()
        .position(|param| param.name == "cgroups")?;
    event.param(index).filter(|bytes| !bytes.is_empty())
}
