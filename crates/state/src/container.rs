//! Containers: which one a thread is in, and what is known about it.
//!
//! Recognition ([`recognize`]) turns cgroup paths into an id and a guess at the engine, at once and
//! without asking anybody. Everything else (name, image, labels) arrives later as container
//! events, whose text is a [`Container`] in JSON.

mod engine;
mod json;
mod recognize;
mod record;
mod table;

pub use engine::Engine;
pub use json::JsonError;
pub use recognize::{
    PodCgroup, Qos, Recognized, fuzz_recognize, pod_cgroup, recognize, recognize_path, rkt,
    rkt_root,
};
pub use record::{Container, Kubernetes, LookupState, Mount, Object, Port, Probe, Probes};
pub use table::Containers;
