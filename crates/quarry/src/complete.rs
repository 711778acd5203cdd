//! Completion of filter words: field names, event types, values of enumerations.

use std::collections::BTreeSet;

use capture_format::table::{EVENTS, flags::UNUSED, syscall};
use fields::{Flags, Registry, Suffix};

/// Words that begin like `word`, one per line.
pub(crate) fn candidates(word: &str) -> String {
    // A bracket before the field belongs to the word, as far as the shell is concerned.
    let start = word.rfind(['(', '%']).map_or(0, |at| at + 1);
    let (before, word) = word.split_at(start);
    let found = match word.find(['=', '<', '>', '!']) {
        None => names(word),
        Some(operator) => {
            let value_at = word[operator..]
                .find(|c| !matches!(c, '=' | '<' | '>' | '!'))
                .map_or(word.len(), |n| operator + n);
            let (head, typed) = word.split_at(value_at);
            values(&word[..operator])
                .into_iter()
                .filter(|value| value.starts_with(typed))
                .map(|value| format!("{head}{value}"))
                .collect()
        }
    };
    found
        .into_iter()
        .map(|candidate| format!("{before}{candidate}\n"))
        .collect()
}

/// Fields by the beginning of their name; parameters once `evt.arg.` is complete.
fn names(word: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = fields::fields()
        .filter(|field| !field.flags.contains(Flags::HIDDEN) && field.name.starts_with(word))
        .map(|field| field.name.to_owned())
        .collect();
    for field in fields::fields().filter(|field| field.argument.suffix == Suffix::Param) {
        let Some(param) = word
            .strip_prefix(field.name)
            .and_then(|rest| rest.strip_prefix('.'))
        else {
            continue;
        };
        found.extend(
            EVENTS
                .iter()
                .flat_map(|info| info.params)
                .filter(|info| info.name.starts_with(param))
                .map(|info| format!("{}.{}", field.name, info.name)),
        );
    }
    found
}

/// Codes of system calls are below this.
const MAX_CODE: u16 = 1024;

/// Values that a field can have, where they can be listed.
fn values(field: &str) -> BTreeSet<&'static str> {
    if matches!(field, "evt.type" | "syscall.type") {
        return EVENTS
            .iter()
            .filter(|info| info.flags & UNUSED == 0)
            .map(|info| info.name)
            .chain((0..MAX_CODE).filter_map(|code| syscall(code).map(|call| call.name)))
            .collect();
    }
    Registry
        .field(field)
        .map(|field| field.values.iter().copied().collect())
        .unwrap_or_default()
}
