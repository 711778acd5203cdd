//! The ready line formats, and what the command line makes of a format.

use fields::{Registry, Resolved};
use filter::{Escapes, Template};

use crate::messages::Failure;

/// The line format when standard output is no terminal, and what `-pp` prints.
pub(crate) const DEFAULT: &str =
    "*%evt.num %evt.outputtime %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.info";

/// The line format on a terminal with colours: `pid.tid` instead of `tid`.
const COLORED: &str = "*%evt.num %evt.outputtime %evt.cpu \x1b[01;32m%proc.name\x1b[00m \
    (\x1b[01;36m%proc.pid\x1b[00m.%thread.tid) %evt.dir \x1b[01;34m%evt.type\x1b[00m %evt.info\x1b[00m";

/// The same for terminals without colours.
const PLAIN_TERMINAL: &str = "*%evt.num %evt.outputtime %evt.cpu %proc.name \
    (%proc.pid.%thread.tid) %evt.dir %evt.type %evt.info";

/// Where and how lines are printed, as far as the default format depends on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) json: bool,
    pub(crate) terminal: bool,
    pub(crate) color: bool,
}

/// Compiles the argument of `-p`, or the default format of the place when there is none.
pub(crate) fn compile(argument: Option<&str>, place: Place) -> Result<Template<Resolved>, Failure> {
    let (source, escapes) = match argument {
        None => (default_for(place).to_owned(), Escapes::Keep),
        Some(argument) => match ready(argument) {
            Some(source) => (source, Escapes::Keep),
            None => (argument.to_owned(), Escapes::Translate),
        },
    };
    Template::compile(&source, escapes, &Registry)
        .map_err(|error| Failure::language("-p", &error, &source))
}

fn default_for(place: Place) -> &'static str {
    match place {
        Place { json: true, .. } => DEFAULT,
        Place { color: true, .. } => COLORED,
        Place { terminal: true, .. } => PLAIN_TERMINAL,
        _ => DEFAULT,
    }
}

/// The format behind a ready name; names count as the whole argument only.
fn ready(argument: &str) -> Option<String> {
    let first = match argument {
        "c" | "container" => "container.name",
        "k" | "kubernetes" => "k8s.pod.name",
        "m" | "mesos" => "mesos.task.name",
        _ => return None,
    };
    Some(format!(
        "*%evt.num %evt.outputtime %evt.cpu %{first} (%container.id) %proc.name \
         (%thread.tid:%thread.vtid) %evt.dir %evt.type %evt.info"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ready_format_compiles() {
        let pipe = Place {
            json: false,
            terminal: false,
            color: false,
        };
        for place in [
            pipe,
            Place {
                terminal: true,
                ..pipe
            },
            Place {
                terminal: true,
                color: true,
                ..pipe
            },
        ] {
            assert!(compile(None, place).is_ok(), "{place:?}");
        }
        for name in ["c", "container", "k", "kubernetes", "m", "mesos"] {
            assert!(compile(Some(name), pipe).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_name_within_a_format_is_text() {
        assert!(ready("cc").is_none());
        assert!(ready(" c").is_none());
    }
}
