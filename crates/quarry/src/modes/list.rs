//! Lists what the program knows: fields, events, its version.

use std::fmt::Write;

use capture_format::table::EVENTS;
use capture_format::{Direction, EventInfo};
use fields::{CLASSES, ClassInfo, Field};
use serde_json::{Value, json};
use sinks::{Output as Stream, OutputTarget};

use crate::generate;
use crate::messages::{Exit, Failure};
use crate::options::{Listing, Output};

/// Prints the version of program and schema.
pub(crate) fn version() -> Result<Exit, Failure> {
    print(&format!(
        "quarry {}\nevent types: {}\nlive capture: {}\n",
        env!("CARGO_PKG_VERSION"),
        EVENTS.len(),
        if cfg!(feature = "live") {
            "built in"
        } else {
            "not in this build"
        },
    ))
}

/// Prints the listing asked for.
pub(crate) fn run(listing: &Listing, output: &Output, words: &[String]) -> Result<Exit, Failure> {
    let search = words.join(" ");
    let text = if let Some(what) = listing.generate {
        generate::text(what)
    } else if listing.events {
        if output.json {
            events_json()
        } else {
            events_text()
        }
    } else {
        let found = select(&search);
        if found.is_empty() {
            return Err(Failure::usage(format!(
                "-l: no class or field matches `{search}`\n  quarry -l lists all"
            )));
        }
        if listing.list_json || output.json {
            fields_json(&found)
        } else if listing.list_markdown.is_some() {
            fields_markdown(&found)
        } else {
            fields_text(&found, output.verbose)
        }
    };
    print(&text)
}

/// Prints a text to standard output.
pub(crate) fn print(text: &str) -> Result<Exit, Failure> {
    let mut out = Stream::open(OutputTarget::Stdout)?;
    out.line(text.as_bytes())?;
    out.flush()?;
    Ok(Exit::Success)
}

type Selected = Vec<(&'static ClassInfo, Vec<&'static Field>)>;

/// Fields by class: all that are listed, those of a class, or those that mention a text.
fn select(search: &str) -> Selected {
    let class_named = CLASSES
        .iter()
        .any(|class| class.name.eq_ignore_ascii_case(search));
    let needle = search.to_lowercase();
    CLASSES
        .iter()
        .filter_map(|class| {
            let fields: Vec<&Field> = class
                .fields()
                .filter(|field| {
                    if search.is_empty() {
                        !field.flags.unlisted()
                    } else if class_named {
                        class.name.eq_ignore_ascii_case(search)
                    } else {
                        !field.flags.contains(fields::Flags::HIDDEN)
                            && (field.name.contains(&needle)
                                || field.doc.to_lowercase().contains(&needle))
                    }
                })
                .collect();
            (!fields.is_empty()).then_some((class, fields))
        })
        .collect()
}

/// Column at which descriptions begin, and at which they end.
const GUTTER: usize = 30;
const WIDTH: usize = 100;

fn fields_text(selected: &Selected, verbose: bool) -> String {
    let mut out = String::new();
    for (class, fields) in selected {
        let rule = "-".repeat(70);
        let _ = write!(out, "\n{rule}\n{}: {}\n{rule}\n", class.name, class.about);
        for field in fields {
            let mut text = String::new();
            if verbose {
                let _ = write!(text, "(Type: {}) ", type_name(field));
            }
            text.push_str(field.doc);
            if verbose && !field.values.is_empty() {
                let _ = write!(text, " One of {}.", field.values.join(", "));
            }
            if verbose && !field.example.is_empty() {
                let _ = write!(text, " Example: {}", field.example);
            }
            let name = shown_name(field);
            let mut lines = wrap(&text, WIDTH - GUTTER).into_iter();
            let first = lines.next().unwrap_or_default();
            if name.len() < GUTTER {
                let _ = writeln!(out, "{name:<GUTTER$}{first}");
            } else {
                let _ = writeln!(out, "{name}\n{:GUTTER$}{first}", "");
            }
            for line in lines {
                let _ = writeln!(out, "{:GUTTER$}{line}", "");
            }
        }
    }
    out
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("never empty");
        if !line.is_empty() && line.len() + 1 + word.len() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// Name with the kind of argument it takes.
fn shown_name(field: &Field) -> String {
    let argument = &field.argument;
    let mut name = field.name.to_owned();
    if argument.suffix != fields::Suffix::No {
        name.push_str(".NAME");
    } else if argument.index {
        name.push_str("[N]");
    } else if argument.key {
        name.push_str("[KEY]");
    }
    if argument.any() && !argument.required {
        name.insert(field.name.len(), '(');
        name.push(')');
    }
    name
}

fn type_name(field: &Field) -> String {
    let name = format!("{:?}", field.ty).to_uppercase();
    if field.flags.contains(fields::Flags::LIST) {
        format!("LIST({name})")
    } else {
        name
    }
}

fn fields_json(selected: &Selected) -> String {
    let classes: Vec<Value> = selected
        .iter()
        .map(|(class, fields)| {
            let fields: Vec<Value> = fields.iter().map(|field| field_json(field)).collect();
            json!({"class": class.name, "about": class.about, "fields": fields})
        })
        .collect();
    format!("{:#}\n", json!({ "classes": classes }))
}

fn field_json(field: &Field) -> Value {
    let argument = &field.argument;
    json!({
        "name": field.name,
        "type": format!("{:?}", field.ty).to_lowercase(),
        "doc": field.doc,
        "example": field.example,
        "unit": field.unit,
        "values": field.values,
        "flags": field.flags.names().collect::<Vec<_>>(),
        "argument": {
            "required": argument.required,
            "index": argument.index,
            "key": argument.key,
            "suffix": argument.suffix != fields::Suffix::No,
        },
    })
}

fn fields_markdown(selected: &Selected) -> String {
    let mut out = String::new();
    for (class, fields) in selected {
        let _ = write!(
            out,
            "## {}\n\n{}\n\n| name | type | description |\n| --- | --- | --- |\n",
            class.name, class.about
        );
        for field in fields {
            let doc = field.doc.replace('|', "\\|");
            let _ = writeln!(
                out,
                "| `{}` | {} | {doc} |",
                shown_name(field),
                type_name(field)
            );
        }
        out.push('\n');
    }
    out
}

/// Every event that can occur, old versions included, as `> open(FSPATH name, …)`.
fn events_text() -> String {
    let mut out = String::new();
    for info in listed_events() {
        let params: Vec<String> = info
            .params
            .iter()
            .map(|param| {
                format!(
                    "{} {}",
                    format!("{:?}", param.ty).to_uppercase(),
                    param.name
                )
            })
            .collect();
        let _ = writeln!(out, "{} {}({})", arrow(info), info.name, params.join(", "));
    }
    out
}

fn events_json() -> String {
    let events: Vec<Value> = listed_events()
        .map(|info| {
            let params: Vec<Value> = info
                .params
                .iter()
                .map(|param| {
                    json!({
                        "name": param.name,
                        "type": format!("{:?}", param.ty).to_lowercase(),
                        "values": param.names.map(|names| names.name),
                    })
                })
                .collect();
            json!({
                "id": info.id.0,
                "name": info.name,
                "dir": arrow(info),
                "category": format!("{:?}", info.category).to_lowercase(),
                "params": params,
            })
        })
        .collect();
    format!("{:#}\n", json!({ "events": events }))
}

fn listed_events() -> impl Iterator<Item = &'static EventInfo> {
    use capture_format::table::flags::{OLD_VERSION, UNUSED};
    EVENTS
        .iter()
        .filter(|info| info.flags & (OLD_VERSION | UNUSED) == 0)
}

fn arrow(info: &EventInfo) -> &'static str {
    match info.id.direction() {
        Direction::Enter => ">",
        Direction::Exit => "<",
    }
}
