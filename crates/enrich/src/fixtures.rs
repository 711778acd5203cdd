//! Recorded answers of real engines, where they are at hand.

use serde_json::Value;

/// The text of a file below `../shared/fixtures`, or `None` (said loudly) without the folder.
pub(crate) fn bytes(name: &str) -> Option<Vec<u8>> {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = crates
        .ancestors()
        .map(|above| above.join("shared/fixtures"))
        .find(|folder| folder.is_dir());
    let Some(folder) = folder else {
        testkit::skip(name, "../shared/fixtures is not beside the clone");
        return None;
    };
    let path = folder.join(name);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// The same as JSON; the only element of a list of one.
pub(crate) fn json(name: &str) -> Option<Value> {
    let value: Value = serde_json::from_slice(&bytes(name)?).expect("fixtures are JSON");
    Some(match value {
        Value::Array(mut list) if list.len() == 1 => list.remove(0),
        value => value,
    })
}

/// Names of all files in a folder of fixtures; none without it.
pub(crate) fn all(folder: &str) -> Vec<String> {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = crates
        .ancestors()
        .map(|above| above.join("shared/fixtures").join(folder))
        .find_map(|folder| std::fs::read_dir(folder).ok());
    let Some(found) = found else {
        testkit::skip(folder, "../shared/fixtures is not beside the clone");
        return Vec::new();
    };
    let names = found.map(|entry| entry.expect("a readable folder").file_name());
    let names = names.map(|name| format!("{folder}/{}", name.to_string_lossy()));
    names.collect()
}
