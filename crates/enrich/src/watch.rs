//! Which events show a container for the first time, and which answers are still to come.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use capture_format::{Event, EventBuf, EventType, Snapshot};
use state::container::{LookupState, Recognized, recognize, rkt};

use crate::{Config, Enricher, Error};

/// Distinct cgroup texts remembered with what they were recognised as.
const MAX_TEXTS: usize = 50_000;
/// A container that nobody knew is asked for again when it is seen again, but not sooner.
const NEGATIVE: Duration = Duration::from_secs(30);
/// Tries to read a container's users: a runtime execs itself before it enters the root, and brief
/// processes end before they are looked at.
const MAX_USER_READS: u32 = 8;
/// Types are numbered from 0; those beyond the table carry no cgroups.
const MAX_TYPE: u16 = 1_024;

/// Watches the event stream on behalf of an [`Enricher`].
///
/// [`Watch::see`] is given each event before anybody else sees it and tells whether it is the first
/// of a container about which an answer is to come. Whoever holds the stream until then, and puts
/// the event of [`Watch::next`] in front, has the container's name from its first event on.
#[derive(Debug)]
pub struct Watch {
    enricher: Enricher,
    /// By event type, whether it is the end of an exec.
    execs: Vec<bool>,
    /// By event type, the parameter that holds cgroups.
    cgroups: Vec<Option<u8>>,
    /// What cgroup texts are: a fork storm shows the same few again and again.
    texts: HashMap<Vec<u8>, Option<String>>,
    asked: HashMap<String, Asked>,
    /// Asked and not answered.
    open: HashSet<String>,
    /// Containers whose users are known or asked for, and how often.
    users: HashMap<String, UserReads>,
    /// Users that have been read, on their way out.
    pending: VecDeque<EventBuf>,
}

/// How far the users of a container are known.
#[derive(Clone, Copy, Debug)]
enum UserReads {
    /// Being read for the so manieth time.
    Open(u32),
    /// To be tried again after so many times in vain.
    Again(u32),
    /// Read, or given up.
    Done,
}

#[derive(Clone, Copy, Debug)]
enum Asked {
    /// On its way, or answered.
    Yes,
    /// Nobody knew, as of then.
    InVain(Instant),
}

impl Watch {
    /// Starts looking up metadata.
    ///
    /// # Errors
    /// Those of [`Enricher::start`].
    pub fn start(config: Config) -> Result<Watch, Error> {
        Ok(Watch::new(Enricher::start(config)?))
    }

    /// Watches for this enricher.
    pub fn new(enricher: Enricher) -> Watch {
        Watch {
            enricher,
            execs: (0..MAX_TYPE).map(|ty| is_exec(EventType(ty))).collect(),
            cgroups: (0..MAX_TYPE)
                .map(|ty| cgroups_param(EventType(ty)))
                .collect(),
            texts: HashMap::new(),
            asked: HashMap::new(),
            open: HashSet::new(),
            users: HashMap::new(),
            pending: VecDeque::new(),
        }
    }

    /// Asks about the containers of all threads of a snapshot.
    pub fn begin(&mut self, snapshot: &Snapshot) {
        let mut seen = HashSet::new();
        for thread in &snapshot.threads {
            if seen.insert((&thread.cgroups, &thread.root))
                && let Some(found) = recognize(thread.cgroups.iter().map(Vec::as_slice))
                    .or_else(|| rkt(&thread.root, &thread.env))
            {
                self.ask_users(&found.id, thread.tid);
                self.ask(found);
            }
        }
    }

    /// Asks about the container of a starting process when it is new; gives its id when an answer
    /// about it is still to come.
    pub fn see(&mut self, event: &Event<'_>) -> Option<&str> {
        let param = (*self.cgroups.get(usize::from(event.ty.0))?)?;
        let text = event
            .param(usize::from(param))
            .filter(|text| !text.is_empty())?;
        if !self.texts.contains_key(text) {
            if self.texts.len() >= MAX_TEXTS {
                self.texts.clear();
            }
            let found = recognize(text.split(|&b| b == 0).filter(|item| !item.is_empty()));
            let id = found.as_ref().map(|recognized| recognized.id.clone());
            self.texts.insert(text.to_vec(), id);
            self.ask(found?);
        } else if let Some(Some(id)) = self.texts.get(text)
            && self.is_due(id)
        {
            let found = recognize(text.split(|&b| b == 0).filter(|item| !item.is_empty()));
            self.ask(found?);
        }
        let id = self.texts.get(text)?.as_deref()?;
        if self.execs.get(usize::from(event.ty.0)) == Some(&true) {
            let id = id.to_owned();
            self.ask_users(&id, event.tid);
        }
        let id = self.texts.get(text)?.as_deref()?;
        self.is_open(id).then_some(id)
    }

    /// The next answer as an event of that time.
    pub fn next(&mut self, timestamp_ns: u64) -> Option<EventBuf> {
        if self.pending.is_empty() && !self.enricher.has_answers() {
            return None;
        }
        self.next_within(Duration::ZERO, timestamp_ns)
    }

    /// The next answer, waiting for it no longer than this.
    pub fn next_within(&mut self, wait: Duration, timestamp_ns: u64) -> Option<EventBuf> {
        if let Some(event) = self.pending.pop_front() {
            return Some(event);
        }
        if let Some(users) = self.enricher.next_users() {
            let reads = self.users.get(&users.id).copied();
            let next = match reads {
                Some(UserReads::Open(reads)) if !users.found && reads < MAX_USER_READS => {
                    UserReads::Again(reads)
                }
                _ => UserReads::Done,
            };
            self.users.insert(users.id.clone(), next);
            self.pending.extend(users.events(timestamp_ns));
            if let Some(event) = self.pending.pop_front() {
                return Some(event);
            }
        }
        let container = self.enricher.next(wait)?;
        self.open.remove(&container.id);
        let state = match container.lookup {
            LookupState::Found => Asked::Yes,
            _ => Asked::InVain(Instant::now()),
        };
        self.asked.insert(container.id.clone(), state);
        Some(container.to_event(timestamp_ns))
    }

    /// Whether an answer about this container is still to come.
    pub fn is_open(&self, id: &str) -> bool {
        let reading = matches!(self.users.get(id), Some(UserReads::Open(_)));
        reading || self.open.contains(id)
    }

    /// Stops counting on an answer about this container: nothing shall be held for it again. What
    /// comes late is taken all the same.
    pub fn give_up(&mut self, id: &str) {
        self.open.remove(id);
        if let Some(reads @ UserReads::Open(_)) = self.users.get_mut(id) {
            *reads = UserReads::Done;
        }
    }

    /// Whether all answers are here that the start has asked for.
    pub fn is_settled(&self) -> bool {
        self.open.is_empty() && self.enricher.settled()
    }

    /// The enricher itself.
    pub fn enricher(&self) -> &Enricher {
        &self.enricher
    }

    /// Has the users of a container read through one of its processes, unless that was done.
    fn ask_users(&mut self, id: &str, pid: i64) {
        let reads = match self.users.get(id) {
            None => 0,
            Some(UserReads::Again(reads)) => *reads,
            Some(UserReads::Open(_) | UserReads::Done) => return,
        };
        if self.users.len() >= MAX_TEXTS {
            self.users.clear();
        }
        if self.enricher.ask_users(id, pid) {
            self.users.insert(id.to_owned(), UserReads::Open(reads + 1));
        }
    }

    fn is_due(&self, id: &str) -> bool {
        match self.asked.get(id) {
            None => true,
            Some(Asked::Yes) => false,
            Some(Asked::InVain(then)) => then.elapsed() >= NEGATIVE,
        }
    }

    fn ask(&mut self, recognized: Recognized) {
        let id = recognized.id.clone();
        if !self.is_due(&id) {
            return;
        }
        if self.asked.len() >= MAX_TEXTS {
            self.asked.clear();
        }
        if self.enricher.ask(recognized) {
            self.asked.insert(id.clone(), Asked::Yes);
            self.open.insert(id);
        }
    }
}

fn is_exec(ty: EventType) -> bool {
    ty.info().is_some_and(|info| info.name.starts_with("exec"))
}

/// The parameter with the cgroups of a starting process.
fn cgroups_param(ty: EventType) -> Option<u8> {
    let params = ty.info()?.params;
    let index = params.iter().position(|param| param.name == "cgroups")?;
    u8::try_from(index).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use capture_format::EventBuilder;

    /// An exec event with these cgroups; the parameters before them are empty.
    fn exec(cgroups: &str) -> EventBuf {
        let ty = EventType(293);
        let index = cgroups_param(ty).expect("execve carries cgroups");
        let mut event = EventBuilder::new(ty, 7, 1);
        for _ in 0..index {
            event = event.param(b"");
        }
        event.param(cgroups.as_bytes()).build()
    }

    fn watch() -> Watch {
        let config = Config {
            local: true,
            ..Config::nothing()
        };
        Watch::start(config).unwrap()
    }

    #[test]
    fn the_first_process_of_a_container_waits_for_the_answer() {
        let mut watch = watch();
        let event = exec("cpu=/lxc/web\0memory=/lxc/web\0");
        assert_eq!(watch.see(&event.as_event()), Some("web"));
        assert!(watch.is_open("web"));
        let answer = watch
            .next_within(Duration::from_secs(10), 7)
            .expect("an answer");
        assert_eq!(answer.timestamp_ns, 7);
        let mut table = state::Containers::default();
        table.apply(&answer.as_event()).unwrap().unwrap();
        assert_eq!(table.get("web").unwrap().name, "web");
        assert_eq!(watch.see(&event.as_event()), None);
    }

    #[test]
    fn a_container_that_nobody_knows_ends_the_wait_and_is_not_shown() {
        let mut watch = watch();
        let event = exec(&format!("cpu=/docker/{}\0", "a".repeat(64)));
        assert!(watch.see(&event.as_event()).is_some());
        let answer = watch
            .next_within(Duration::from_secs(10), 7)
            .expect("an answer");
        assert_eq!(answer.block_flags, capture_format::event::STATE_ONLY);
        assert_eq!(watch.see(&event.as_event()), None, "asked again too soon");
    }

    #[test]
    fn processes_of_the_host_ask_nothing() {
        let mut watch = watch();
        for cgroups in ["", "cpu=/\0", "cpu=/system.slice/ssh.service\0"] {
            assert_eq!(watch.see(&exec(cgroups).as_event()), None);
        }
        let other = EventBuilder::new(EventType(4), 7, 1).build();
        assert_eq!(watch.see(&other.as_event()), None);
        // Nothing is asked: all there is to wait for is the start itself.
        while !watch.is_settled() {
            assert!(watch.next_within(Duration::from_millis(1), 7).is_none());
        }
    }
}
