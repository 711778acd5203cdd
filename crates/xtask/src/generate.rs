//! Data files to source code: Rust tables for `capture-format`, headers for the probe.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::model::Data;

mod c;
mod convert;
mod docs;
mod rust;

/// Every generated file with its contents.
pub(crate) fn files(root: &Path, data: &Data) -> Result<Vec<(PathBuf, String)>> {
    let table = root.join("capture-format/src/table");
    let include = root.join("ebpf/include/generated");
    Ok(vec![
        (table.join("generated.rs"), rust::events(data)?),
        (table.join("generated_names.rs"), rust::names(data)),
        (table.join("generated_syscalls.rs"), rust::syscalls(data)?),
        (table.join("generated_convert.rs"), convert::rust(data)?),
        (include.join("events.h"), c::events(data)),
        (include.join("syscalls.h"), c::syscalls(data)),
        (include.join("flags.h"), c::flags(data)),
        (root.join("docs/syscalls.md"), docs::syscalls(data)),
    ])
}
