//! The containers of a capture, by id.

use std::collections::HashMap;

use capture_format::Event;

use super::{Container, Engine, JsonError, LookupState};

/// Event types that carry a container, oldest first.
const CONTAINER: u16 = 228;
const CONTAINER_JSON: u16 = 272;
const CONTAINER_JSON_2: u16 = 324;
const ASYNC: u16 = 402;

/// Every container an event has told of.
#[derive(Clone, Debug, Default)]
pub struct Containers(HashMap<String, Container>);

impl Containers {
    /// A container by the id that recognition gives.
    pub fn get(&self, id: &str) -> Option<&Container> {
        self.0.get(id)
    }

    /// All of them, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &Container> {
        self.0.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a record in and forgets what an earlier one said.
    ///
    /// A failed look-up never replaces a successful one: of two engines that share an id's shape,
    /// one may be asked in vain after the other has answered.
    pub fn insert(&mut self, container: Container) {
        let known = self.0.get(&container.id);
        let keep = container.lookup != LookupState::Found
            && known.is_some_and(|known| known.lookup == LookupState::Found);
        if !keep {
            self.0.insert(container.id.clone(), container);
        }
    }

    /// Drops a record, when its last thread has been gone for long.
    pub fn remove(&mut self, id: &str) -> Option<Container> {
        self.0.remove(id)
    }

    /// Applies a container event of any age and says which container it is about; `None` for
    /// events of other kinds.
    pub fn apply(&mut self, event: &Event<'_>) -> Option<Result<String, JsonError>> {
        let container = match event.ty.0 {
            CONTAINER => {
                let text = |index| {
                    let bytes = event.param(index).unwrap_or(&[]);
                    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
                    String::from_utf8_lossy(bytes).into_owned()
                };
                let number = event
                    .param(1)
                    .and_then(|bytes| Some(u32::from_le_bytes(bytes.try_into().ok()?)));
                let container = Container {
                    id: text(0),
                    full_id: text(0),
                    engine: number.map_or(Engine::Unknown, |n| Engine::from_number(n.into())),
                    name: text(2),
                    image: text(3),
                    size_bytes: -1,
                    ..Container::default()
                };
                if container.id.is_empty() {
                    Err(JsonError::Missing("id"))
                } else {
                    Ok(container)
                }
            }
            CONTAINER_JSON | CONTAINER_JSON_2 => {
                Container::from_json(event.param(0).unwrap_or(&[]))
            }
            // Falco's container plugin sends the same text as an asynchronous event.
            ASYNC if event.param(1) == Some(b"container\0") => {
                Container::from_json(event.param(2).unwrap_or(&[]))
            }
            _ => return None,
        };
        Some(container.map(|container| {
            let id = container.id.clone();
            self.insert(container);
            id
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use capture_format::{EventBuilder, EventType};

    #[test]
    fn events_of_every_age_fill_the_table() {
        let mut table = Containers::default();
        let text = |id: &str| format!("{{\"container\":{{\"id\":\"{id}\",\"name\":\"n-{id}\"}}}}");
        let events = [
            EventBuilder::new(EventType(CONTAINER), 0, 0)
                .text("a")
                .u32(1)
                .text("n-a")
                .text("image")
                .build(),
            EventBuilder::new(EventType(CONTAINER_JSON), 0, -1)
                .text(text("b"))
                .build(),
            EventBuilder::new(EventType(CONTAINER_JSON_2), 0, -1)
                .text(text("c"))
                .build(),
            EventBuilder::new(EventType(ASYNC), 0, -1)
                .u32(1)
                .text("container")
                .text(text("d"))
                .build(),
        ];
        for event in &events {
            assert!(matches!(table.apply(&event.as_event()), Some(Ok(_))));
        }
        for id in ["a", "b", "c", "d"] {
            assert_eq!(table.get(id).unwrap().name, format!("n-{id}"));
        }
        assert_eq!(table.get("a").unwrap().engine, Engine::Lxc);
        let other = EventBuilder::new(EventType(5), 0, 1).build();
        assert!(table.apply(&other.as_event()).is_none());
        let broken = EventBuilder::new(EventType(CONTAINER_JSON_2), 0, -1)
            .text("{")
            .build();
        assert!(matches!(table.apply(&broken.as_event()), Some(Err(_))));
    }

    #[test]
    fn a_failed_look_up_does_not_wipe_a_good_record() {
        let mut table = Containers::default();
        let found = Container {
            id: "a".to_owned(),
            name: "web".to_owned(),
            ..Container::default()
        };
        table.insert(found.clone());
        table.insert(Container {
            lookup: LookupState::Failed,
            name: String::new(),
            ..found.clone()
        });
        assert_eq!(table.get("a"), Some(&found));
    }
}
