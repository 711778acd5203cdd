//! Reads the reference tables that lie beside the repository and brings them into our own shape.
//!
//! Only needed when the reference changes: the data files it writes are part of the repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::model::{
    Conversion, Data, DynamicList, EventRow, FlagConversion, LegacyEvent, Names, SyscallRow,
    Syscalls, Table, workspace_root,
};

/// Conversions of exclusive values; all others translate bit by bit.
const VALUE_CONVERSIONS: &[&str] = &[
    "fcntl_cmd",
    "sockopt_level",
    "sockopt_optname",
    "semctl_cmd",
    "ptrace_request",
    "quotactl_cmd",
    "quotactl_type",
    "quotactl_format",
];

/// The folder with the reference, when it lies beside the workspace.
pub(crate) fn reference_dir(root: &Path) -> Option<PathBuf> {
    let dir = root.join("../shared/reference");
    dir.is_dir().then_some(dir)
}

/// Reads the reference tables.
pub(crate) fn import(dir: &Path) -> Result<Data> {
    let events = json(&dir.join("events.json"))?;
    let enums = json(&dir.join("enums.json"))?;
    let syscalls = json(&dir.join("syscalls.json"))?;
    Ok(Data {
        events: array(&events["events"])?
            .iter()
            .map(event)
            .collect::<Result<_>>()?,
        names: names(&enums, &events)?,
        syscalls: system_calls(&syscalls)?,
        // Not in the reference; see `arguments`.
        arguments: Data::load(&workspace_root())?.arguments,
    })
}

fn event(row: &Value) -> Result<EventRow> {
    let params = array(&row["params"])?
        .iter()
        .map(param)
        .collect::<Result<Vec<_>>>()?;
    let legacy = &row["sysdig_0_29_3"];
    let legacy = match legacy["known"].as_bool() {
        Some(true) => Some(LegacyEvent {
            params: number(&legacy["nparams"])?,
            name: legacy["name"].as_str().map(str::to_owned),
            changed: legacy["different_params"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|p| {
                    Ok(format!(
                        "{} {} {}",
                        p["index"],
                        param_type(&p["type"])?,
                        text(&p["name"])?
                    ))
                })
                .collect::<Result<_>>()?,
        }),
        _ => None,
    };
    let mut convert = BTreeMap::new();
    for (count, rule) in row["converter"].as_object().into_iter().flatten() {
        let action = text(&rule["action"])?;
        // Which enter events a reader remembers is the reader's business: ours remembers all.
        if matches!(action.as_str(), "pass" | "store" | "store_and_pass") {
            continue;
        }
        let to = rule["to"].as_str().map(|s| s.replacen("PPME_", "", 1));
        let fill = rule["fill"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|f| fill(f.as_str().unwrap_or_default()))
            .collect::<Result<_>>()?;
        convert.insert(count.parse()?, Conversion { to, fill });
    }
    Ok(EventRow {
        id: number(&row["id"])?,
        symbol: text(&row["enum"])?.replacen("PPME_", "", 1),
        name: text(&row["name"])?,
        category_bits: number(&row["category_bits"])?,
        category: row["category"][0].as_str().unwrap_or("unknown").to_owned(),
        flags: array(&row["flags"])?
            .iter()
            .map(|f| Ok(text(f)?.replacen("EF_", "", 1)))
            .collect::<Result<_>>()?,
        sent: row["emitted_by_current_drivers"].as_bool() == Some(true),
        portable: match &row["portable_nparams"] {
            Value::Null => number(&row["nparams"])?,
            count => number(count)?,
        },
        params,
        legacy,
        convert,
    })
}

fn param(p: &Value) -> Result<String> {
    let mut out = format!(
        "{} {} {}",
        text(&p["name"])?,
        param_type(&p["type"])?,
        text(&p["format"])?.replacen("PF_", "", 1)
    );
    if let Some(table) = p["table"].as_str() {
        out.push_str(&format!(" %{table}"));
    }
    if let Some(index) = p["dirfd_param"].as_u64() {
        out.push_str(&format!(" @{index}"));
    }
    if let Some(list) = p["dynamic"].as_str() {
        out.push_str(&format!(" ?{list}"));
    }
    Ok(out)
}

/// `enter[1]|empty` becomes `enter 1`: a value that nobody remembered is absent in our reader,
/// never a made-up zero.
fn fill(source: &str) -> Result<String> {
    let source = source.split('|').next().unwrap_or_default();
    Ok(match source.split_once('[') {
        Some((kind @ ("old" | "enter"), rest)) => {
            format!("{kind} {}", rest.trim_end_matches(']'))
        }
        _ => match source {
            "default" => "default".to_owned(),
            // The JSON of old container events is composed by whoever reads them.
            "empty" | "computed" => "empty".to_owned(),
            _ => bail!("unknown source `{source}`"),
        },
    })
}

fn names(enums: &Value, events: &Value) -> Result<Names> {
    let mut tables = Vec::new();
    for (name, table) in object(&enums["tables"])? {
        tables.push(Table {
            name: name.clone(),
            flags: table["kind"] == "flags",
            entries: array(&table["entries"])?
                .iter()
                .map(|e| Ok((text(&e[0])?, number(&e[1])?)))
                .collect::<Result<_>>()?,
        });
    }
    let mut dynamic = Vec::new();
    for (name, list) in object(&events["dynamic_params"])? {
        dynamic.push(DynamicList {
            name: name.clone(),
            alternatives: array(list)?
                .iter()
                .map(|a| {
                    let format = text(&a["format"])?.replacen("PF_", "", 1);
                    Ok(format!(
                        "{} {} {format}",
                        a["selector"],
                        param_type(&a["type"])?
                    ))
                })
                .collect::<Result<_>>()?,
        });
    }
    let mut conversions = Vec::new();
    for (name, conversion) in object(&enums["linux_to_scap"])? {
        let Some(map) = conversion["map"].as_array() else {
            continue;
        };
        conversions.push(FlagConversion {
            name: name.clone(),
            bits: !VALUE_CONVERSIONS.contains(&name.as_str()),
            map: map
                .iter()
                .map(|m| {
                    Ok((
                        m["linux"].as_str().unwrap_or("").to_owned(),
                        number(&m["linux_value"])?,
                        number(&m["scap_value"])?,
                    ))
                })
                .collect::<Result<_>>()?,
            aarch64: conversion["aarch64_linux_values"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| Ok((name.clone(), number(value)?)))
                .collect::<Result<_>>()?,
        });
    }
    Ok(Names {
        tables,
        dynamic,
        conversions,
        errno: numbered(&enums["errno"])?,
        signals: numbered(&enums["signals"])?,
        capabilities: numbered(&enums["capabilities"])?,
        fd_types: numbered(&enums["fd_types"])?,
        fd_type_chars: object(&enums["fd_type_chars"])?
            .iter()
            .map(|(name, c)| Ok((name.clone(), text(c)?)))
            .collect::<Result<_>>()?,
        l4_protocols: numbered(&enums["l4_protocols"])?,
    })
}

fn system_calls(syscalls: &Value) -> Result<Syscalls> {
    let mut drop = BTreeMap::new();
    for rows in object(&syscalls["architectures"])?.values() {
        for row in array(rows)? {
            if let Some(flag) = row["flags"][0].as_str() {
                let when = match flag {
                    "UF_NEVER_DROP" => "never",
                    "UF_ALWAYS_DROP" => "always",
                    _ => bail!("unknown flag {flag}"),
                };
                drop.insert(number::<u16>(&row["ppm_sc"])?, when.to_owned());
            }
        }
    }
    let mut codes = Vec::new();
    for row in array(&syscalls["ppm_sc"])? {
        let code = number(&row["code"])?;
        let events = if row["kind"] == "tracepoint" {
            &row["events"]
        } else {
            &row["all_events"]
        };
        codes.push(SyscallRow {
            code,
            name: text(&row["name"])?,
            event: pair(&row["event"])?,
            portable: pair(&row["portable_event"])?,
            events: array(events)?.iter().map(number).collect::<Result<_>>()?,
            category: row["category"].as_str().map(str::to_owned),
            x86_64: optional(&row["nr"]["x86_64"])?,
            aarch64: optional(&row["nr"]["aarch64"])?,
            drop: drop.get(&code).cloned(),
            // Code 329 was the table's end marker there, not a call.
            legacy: row["known_to_0_29_3"] == true && code < 329,
            legacy_name: row["printed_by_0_29_3_as"].as_str().map(str::to_owned),
        });
    }
    let ia32 = array(&syscalls["ia32_on_x86_64"]["map"])?
        .iter()
        .map(|row| {
            let name = row["name"].as_str().or(row["ia32_only"].as_str());
            Ok((
                number(&row["nr"])?,
                optional(&row["x86_64_nr"])?,
                name.unwrap_or("").to_owned(),
            ))
        })
        .collect::<Result<_>>()?;
    let mut socketcall: Vec<(u16, String)> = object(&syscalls["socketcall"]["map"])?
        .iter()
        .map(|(nr, name)| Ok((nr.parse()?, text(name)?)))
        .collect::<Result<_>>()?;
    socketcall.sort();
    let sets = object(&syscalls["sets"])?
        .iter()
        .map(|(name, set)| {
            let names = array(&set["names"])?
                .iter()
                .map(text)
                .collect::<Result<_>>()?;
            Ok((name.clone(), names))
        })
        .collect::<Result<_>>()?;
    codes.sort_by_key(|row: &SyscallRow| row.code);
    Ok(Syscalls {
        codes,
        ia32,
        socketcall,
        sets,
    })
}

fn json(path: &Path) -> Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("parsing {}", path.display()))
}

fn array(value: &Value) -> Result<&Vec<Value>> {
    value
        .as_array()
        .with_context(|| format!("not a list: {value}"))
}

fn object(value: &Value) -> Result<&serde_json::Map<String, Value>> {
    value
        .as_object()
        .with_context(|| format!("not an object: {value}"))
}

fn text(value: &Value) -> Result<String> {
    Ok(value
        .as_str()
        .with_context(|| format!("not text: {value}"))?
        .to_owned())
}

fn param_type(value: &Value) -> Result<String> {
    Ok(text(value)?.replacen("PT_", "", 1))
}

fn number<T: TryFrom<i64>>(value: &Value) -> Result<T> {
    value
        .as_i64()
        .and_then(|n| T::try_from(n).ok())
        .with_context(|| format!("not a number in range: {value}"))
}

fn optional(value: &Value) -> Result<Option<u16>> {
    match value {
        Value::Null => Ok(None),
        value => number(value).map(Some),
    }
}

fn pair(value: &Value) -> Result<Option<(u16, u16)>> {
    match value.as_array() {
        Some(pair) if pair.len() == 2 => Ok(Some((number(&pair[0])?, number(&pair[1])?))),
        _ => Ok(None),
    }
}

fn numbered(value: &Value) -> Result<Vec<(u32, String)>> {
    let mut out: Vec<(u32, String)> = object(value)?
        .iter()
        .map(|(n, name)| Ok((n.parse()?, text(name)?)))
        .collect::<Result<_>>()?;
    out.sort();
    Ok(out)
}
