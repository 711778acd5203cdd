//! Labels of containers and of the objects around them.

use std::collections::BTreeMap;

use filter::Value;

use crate::registry::Arg;
use crate::view::{owned, text};

/// The value of one label.
pub(crate) fn one<'a>(labels: &'a BTreeMap<String, String>, arg: &Arg) -> Option<Value<'a>> {
    text(labels.get(key(arg)?)?)
}

/// The label's key in an argument.
pub(crate) fn key(arg: &Arg) -> Option<&str> {
    match arg {
        Arg::Key(key) | Arg::Name(key) => Some(key),
        Arg::None | Arg::Index(_) | Arg::Param(_) => None,
    }
}

/// All labels as `KEY:VALUE`, separated by comma and blank, without those that the kubelet adds.
pub(crate) fn joined(labels: &BTreeMap<String, String>) -> Option<Value<'static>> {
    let shown: Vec<String> = labels
        .iter()
        .filter(|(key, _)| !key.starts_with("io.kubernetes.") && !key.starts_with("annotation."))
        .map(|(key, value)| format!("{key}:{value}"))
        .collect();
    owned(shown.join(", ").into_bytes())
}
