//! Turns what the user typed into what the program needs.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::net::{IpAddr, ToSocketAddrs};
use std::path::Path;

use fields::{Context, Payload, Registry, Resolved};
use filter::{Constant, Filter, Node};
use inspect::{Bound, Options};
use sinks::{CaptureOptions, Compression};

use crate::messages::{Failure, say};
use crate::options::{self, ColorWhen, Output, PayloadStyle, Select, TimePoint, Write};

/// Compiles the words of the command line and the filter file into one filter; both must hold.
/// Things that are allowed but probably not meant are said.
pub(crate) fn filter(
    words: &[String],
    file: Option<&Path>,
) -> Result<Option<Filter<Resolved>>, Failure> {
    let typed = words.join(" ");
    let from_file = match file {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::usage(format!("--filter-file {}: {error}", path.display()))
            })?;
            Some((path, blank_comments(&text)))
        }
    };
    // Each part is checked alone first, so that a message shows the text as the user knows it.
    if let Some((path, text)) = &from_file {
        compile(&format!("filter in {}", path.display()), text)?;
    }
    let only_typed = match (&from_file, typed.trim().is_empty()) {
        (None, true) => return Ok(None),
        (Some((_, text)), true) => return compile("filter", text).map(Some),
        (_, false) => compile("filter", &typed)?,
    };
    let Some((_, text)) = from_file else {
        return Ok(Some(only_typed));
    };
    compile("filter", &format!("({text}\n) and ({typed}\n)")).map(Some)
}

fn compile(what: &str, source: &str) -> Result<Filter<Resolved>, Failure> {
    let compiled = Filter::compile(source, &Registry)
        .map_err(|error| Failure::language(what, &error, source))?;
    for warning in &compiled.warnings {
        say(format!("warning: {what}: {}", warning.render(source)));
    }
    Ok(compiled.filter)
}

/// Replaces comments by blanks, which keeps every place where it is. A `#` begins one at the start
/// of a line or after a blank, outside quotes.
fn blank_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut comment = false;
    let mut before = '\n';
    for c in text.chars() {
        match (c, quote) {
            ('\n', _) => comment = false,
            _ if comment => {}
            ('#', None) if before.is_whitespace() => comment = true,
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open && before != '\\' => quote = None,
            _ => {}
        }
        if comment {
            out.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// How fields show times and payload.
pub(crate) fn context(output: &Output) -> Context {
    Context {
        time: output.timetype.0,
        payload: match output.payload() {
            PayloadStyle::Dots => Payload::Dots,
            PayloadStyle::Ascii => Payload::Ascii,
            PayloadStyle::Hex => Payload::Hex,
            PayloadStyle::HexAscii => Payload::HexAscii,
            PayloadStyle::Base64 => Payload::Base64,
        },
        uncut: output.uncut || output.verbose,
        resolve_ports: output.resolve_ports,
        ..Context::default()
    }
}

/// Addresses of the host names that a filter compares `fd.cip.name` and its kin with.
///
/// Looked up once, before the first event. A name without address is said and never matches.
pub(crate) fn host_names(filter: &Filter<Resolved>) -> HashMap<IpAddr, Vec<u8>> {
    let mut names = HashMap::new();
    for name in compared_host_names(filter.root()) {
        match (name.as_str(), 0).to_socket_addrs() {
            Ok(addresses) => {
                names.extend(addresses.map(|address| (address.ip(), name.clone().into_bytes())));
            }
            Err(error) => say(format!("host name `{name}`: {error}; nothing matches it")),
        }
    }
    names
}

/// The constants of all comparisons with a host name, in the order of the text.
fn compared_host_names(node: &Node<Resolved>) -> Vec<String> {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().flat_map(compared_host_names).collect(),
        Node::Not(inner) => compared_host_names(inner),
        Node::Check(condition) => {
            let is_host = condition
                .field()
                .is_some_and(|field| field.field.name.ends_with("ip.name"));
            let constants = condition.constants().unwrap_or_default();
            let text = |constant: &Constant| match constant {
                Constant::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
                _ => None,
            };
            if is_host {
                constants.iter().filter_map(text).collect()
            } else {
                Vec::new()
            }
        }
    }
}

/// Whether lines get colours.
pub(crate) fn color(when: ColorWhen) -> bool {
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => {
            std::io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// The part of the inspector's options that comes from the selection; `live` says how a duration
/// is measured.
pub(crate) fn inspection(select: &Select, live: bool) -> Options {
    let duration = select.duration.map(|span| span.0);
    let event_seconds = select.event_seconds.map(std::time::Duration::from_secs);
    Options {
        family: (!select.pid.is_empty()).then(|| inspect::Family::new(select.pid.iter().copied())),
        max_events: select.numevents.and_then(|count| count.0),
        event_time: event_seconds.or(duration.filter(|_| !live)),
        clock_time: duration.filter(|_| live),
        show_internal: select.internal,
        ..Options::default()
    }
}

/// Ends of a time range, where `span` finds the first and last time of the input if a point is
/// relative to them.
pub(crate) fn bound(
    point: Option<TimePoint>,
    span: impl FnOnce() -> Result<(u64, u64), Failure>,
) -> Result<Option<Bound>, Failure> {
    let nanoseconds = |d: std::time::Duration| u64::try_from(d.as_nanos()).unwrap_or(u64::MAX);
    Ok(match point {
        None => None,
        Some(TimePoint::Absolute(ns)) => Some(Bound::At(ns)),
        Some(TimePoint::AfterStart(after)) => Some(Bound::AfterStart(nanoseconds(after))),
        Some(TimePoint::BeforeEnd(before)) => {
            Some(Bound::At(span()?.1.saturating_sub(nanoseconds(before))))
        }
        Some(TimePoint::TimeOfDay(time)) => {
            let first = jiff::Timestamp::from_nanosecond(i128::from(span()?.0))
                .map_err(Failure::runtime)?
                .to_zoned(jiff::tz::TimeZone::system());
            let zoned = first
                .date()
                .to_datetime(time)
                .to_zoned(jiff::tz::TimeZone::system())
                .map_err(Failure::runtime)?;
            Some(Bound::At(
                u64::try_from(zoned.timestamp().as_nanosecond()).unwrap_or(0),
            ))
        }
    })
}

/// What to write, if anything.
pub(crate) fn recording(
    write: &Write,
    inputs: &[std::path::PathBuf],
) -> Result<Option<CaptureOptions>, Failure> {
    let Some(path) = &write.write else {
        for (given, name) in [
            (write.file_size.is_some(), "-C"),
            (write.seconds.is_some(), "-G"),
            (write.event_limit.is_some(), "-e"),
            (write.limit.is_some(), "-W"),
            (write.compress.is_some(), "-z"),
        ] {
            if given {
                return Err(Failure::usage(format!(
                    "{name}: says how to write a capture, but none is written\n  add -w FILE"
                )));
            }
        }
        return Ok(None);
    };
    if write.limit.is_some()
        && write.file_size.is_none()
        && write.seconds.is_none()
        && write.event_limit.is_none()
    {
        return Err(Failure::usage(
            "-W: says how many files to keep, but nothing says when a new one begins\n  add -C \
             (size), -G (seconds) or -e (events)",
        ));
    }
    let name = path.to_string_lossy();
    let compression = match write.compress {
        Some(options::Compression::None) => Compression::None,
        Some(options::Compression::Gzip) => Compression::Gzip,
        Some(options::Compression::Zstd) => Compression::Zstd,
        None if name.ends_with(".gz") => Compression::Gzip,
        None if name.ends_with(".zst") => Compression::Zstd,
        None => Compression::None,
    };
    Ok(Some(CaptureOptions {
        compression,
        keep_state: !write.no_fatfile,
        rotate_bytes: write.file_size.map(|mb| mb * 1_000_000),
        rotate_seconds: write.seconds,
        rotate_events: write.event_limit,
        keep_files: write.limit,
        inputs: inputs.to_vec(),
        ..CaptureOptions::new(path)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_blanked_in_place() {
        let text = "# all\nevt.type=open # of these\nand proc.name=\"a # b\" and fd.name=#x";
        let blanked = blank_comments(text);
        assert_eq!(blanked.len(), text.len());
        assert_eq!(
            blanked.split_whitespace().collect::<Vec<_>>().join(" "),
            "evt.type=open and proc.name=\"a # b\" and fd.name=#x"
        );
    }
}
