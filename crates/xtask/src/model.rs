//! The data files in `capture-format/data/`: what one row holds, and how files are read and written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Everything the generators need.
pub(crate) struct Data {
    pub(crate) events: Vec<EventRow>,
    pub(crate) names: Names,
    pub(crate) syscalls: Syscalls,
    /// Arguments of calls that have only the generic event.
    pub(crate) arguments: Vec<ArgumentRow>,
}

/// The arguments of one call.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct ArgumentRow {
    pub(crate) call: String,
    /// Like [`EventRow::params`], in the call's order.
    pub(crate) args: Vec<String>,
}

/// One event type.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct EventRow {
    pub(crate) id: u16,
    /// C enumeration name without `PPME_`.
    pub(crate) symbol: String,
    pub(crate) name: String,
    /// Category, class bits included.
    pub(crate) category_bits: u32,
    pub(crate) category: String,
    /// `EF_` names without the prefix.
    pub(crate) flags: Vec<String>,
    /// `name TYPE FORMAT`, then optionally `%table`, `@dirfd-index`, `?dynamic-list`.
    pub(crate) params: Vec<String>,
    /// Whether current drivers send it.
    pub(crate) sent: bool,
    /// Largest parameter count that every converting reader accepts.
    pub(crate) portable: u8,
    /// What sysdig 0.29.3 knows of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) legacy: Option<LegacyEvent>,
    /// Rules for older shapes: stored parameter count to conversion.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) convert: BTreeMap<u8, Conversion>,
}

/// An event type in sysdig 0.29.3.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct LegacyEvent {
    pub(crate) params: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// `index TYPE name` of parameters that were something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) changed: Vec<String>,
}

/// How one stored shape becomes a newer one.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct Conversion {
    /// Symbol of the newer type; absent when parameters are appended to the same type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<String>,
    /// Source of each (appended or, with `to`, every) parameter: `old N`, `enter N`, `default`,
    /// `empty`.
    pub(crate) fill: Vec<String>,
}

/// Names of flags and enumerations, and other small tables.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct Names {
    pub(crate) tables: Vec<Table>,
    pub(crate) dynamic: Vec<DynamicList>,
    pub(crate) conversions: Vec<FlagConversion>,
    pub(crate) errno: Vec<(u32, String)>,
    pub(crate) signals: Vec<(u32, String)>,
    pub(crate) capabilities: Vec<(u32, String)>,
    pub(crate) fd_types: Vec<(u32, String)>,
    pub(crate) fd_type_chars: Vec<(String, String)>,
    pub(crate) l4_protocols: Vec<(u32, String)>,
}

/// A name table in search order.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) flags: bool,
    pub(crate) entries: Vec<(String, u32)>,
}

/// The alternatives of a dynamic parameter: `selector TYPE FORMAT`.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct DynamicList {
    pub(crate) name: String,
    pub(crate) alternatives: Vec<String>,
}

/// Translation of Linux values to those of the format.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct FlagConversion {
    pub(crate) name: String,
    /// Bits that are translated one by one, or exclusive values.
    pub(crate) bits: bool,
    /// Linux name, Linux value (x86_64), format value.
    pub(crate) map: Vec<(String, u32, u32)>,
    /// Linux names whose value differs on aarch64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) aarch64: Vec<(String, u32)>,
}

/// System calls by portable code and by native number.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct Syscalls {
    pub(crate) codes: Vec<SyscallRow>,
    /// i386 number to x86_64 number.
    pub(crate) ia32: Vec<(u16, Option<u16>, String)>,
    pub(crate) socketcall: Vec<(u16, String)>,
    pub(crate) sets: Vec<(String, Vec<String>)>,
}

/// One portable code.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct SyscallRow {
    pub(crate) code: u16,
    pub(crate) name: String,
    /// Enter and exit event; absent for tracepoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<(u16, u16)>,
    /// The pair that a portable file uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) portable: Option<(u16, u16)>,
    /// Every event type that ever stood for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) x86_64: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aarch64: Option<u16>,
    /// `never` or `always` dropped while a driver samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) drop: Option<String>,
    /// Known to sysdig 0.29.3.
    pub(crate) legacy: bool,
    /// Name that sysdig 0.29.3 prints, when it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) legacy_name: Option<String>,
}

impl Data {
    /// Reads the data files of the workspace.
    pub(crate) fn load(root: &Path) -> Result<Data> {
        Ok(Data {
            events: read(&data_dir(root).join("events.json"))?,
            names: read(&data_dir(root).join("names.json"))?,
            syscalls: read(&data_dir(root).join("syscalls.json"))?,
            arguments: read(&data_dir(root).join("arguments.json"))?,
        })
    }

    /// The files' contents, by path.
    pub(crate) fn files(&self, root: &Path) -> Result<Vec<(PathBuf, String)>> {
        let dir = data_dir(root);
        Ok(vec![
            (dir.join("events.json"), rows(&self.events)?),
            (dir.join("names.json"), sections(&self.names)?),
            (dir.join("syscalls.json"), sections(&self.syscalls)?),
            (dir.join("arguments.json"), rows(&self.arguments)?),
        ])
    }
}

/// The workspace root.
pub(crate) fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the crate lies two levels below the root")
        .to_owned()
}

fn data_dir(root: &Path) -> PathBuf {
    root.join("capture-format/data")
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("parsing {}", path.display()))
}

/// A JSON array with one row per line, so that a changed row is a changed line.
fn rows<T: Serialize>(rows: &[T]) -> Result<String> {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| Ok(format!("  {}", serde_json::to_string(row)?)))
        .collect::<Result<_>>()?;
    Ok(format!("[\n{}\n]\n", lines.join(",\n")))
}

/// A JSON object whose members are arrays with one row per line.
fn sections<T: Serialize>(value: &T) -> Result<String> {
    let value = serde_json::to_value(value)?;
    let object = value.as_object().context("not an object")?;
    let mut out = String::from("{\n");
    for (index, (key, member)) in object.iter().enumerate() {
        let lines: Vec<String> = member
            .as_array()
            .context("not an array")?
            .iter()
            .map(|row| format!("    {row}"))
            .collect();
        let comma = if index + 1 < object.len() { "," } else { "" };
        writeln!(out, "  \"{key}\": [\n{}\n  ]{comma}", lines.join(",\n"))?;
    }
    out.push_str("}\n");
    Ok(out)
}
