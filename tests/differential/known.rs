//! The list of known differences, and sorting found ones by it.

use crate::matrix::Difference;
use serde::Deserialize;
use testkit::compare::matches;

/// One entry of `known.toml`: a reason, and where it shows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    /// Why quarry is right.
    pub(crate) reason: String,
    /// The cells that it explains.
    pub(crate) cells: Vec<Cells>,
}

/// Cells by where they are and what is in them. Every pattern may contain `*`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cells {
    /// Captures in which it is found.
    #[serde(default = "any")]
    captures: Vec<String>,
    /// Fields; `line` is the default line, `event` is that only one tool shows the event.
    fields: Vec<String>,
    /// Event types.
    #[serde(default = "any")]
    types: Vec<String>,
    /// What sysdig prints.
    #[serde(default = "any")]
    sysdig: Vec<String>,
    /// What quarry prints.
    #[serde(default = "any")]
    quarry: Vec<String>,
}

fn any() -> Vec<String> {
    vec!["*".to_owned()]
}

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    difference: Vec<Known>,
}

/// The entries of `known.toml`.
pub(crate) fn list() -> Vec<Known> {
    let text = include_str!("known.toml");
    let list: List = toml::from_str(text).expect("known.toml is well-formed");
    list.difference
}

impl Cells {
    /// Whether a difference is one of these.
    pub(crate) fn explains(&self, found: &Difference) -> bool {
        let any_of = |patterns: &[String], text: &str| patterns.iter().any(|p| matches(p, text));
        any_of(&self.fields, &found.field)
            && any_of(&self.captures, &found.capture)
            && any_of(&self.types, &found.event_type)
            && any_of(&self.sysdig, &found.sysdig)
            && any_of(&self.quarry, &found.quarry)
    }
}
