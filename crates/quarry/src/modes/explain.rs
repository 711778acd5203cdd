//! `quarry explain`: how a filter is understood.

use std::collections::BTreeSet;

use capture_format::EventType;
use capture_format::table::flags::UNUSED;
use fields::Registry;
use filter::Filter;
use sinks::{Output, OutputTarget};

use crate::messages::{Exit, Failure};

/// Most event names that are listed.
const NAMES_SHOWN: usize = 40;

/// Prints the explanation.
pub(crate) fn run(words: &[String]) -> Result<Exit, Failure> {
    let source = words.join(" ");
    let compiled = Filter::compile(&source, &Registry)
        .map_err(|error| Failure::language("filter", &error, &source))?;
    let filter = &compiled.filter;
    let mut text = format!("Filter\n{}\n", indent(&filter.explain().to_string()));
    text.push_str(&format!(
        "\nEvents that can match\n{}\n",
        indent(&events(filter))
    ));
    text.push_str(
        "\nWhere it is decided\n  the kernel sends every system call, so that threads and \
         descriptors have names;\n  the filter is evaluated here",
    );
    let plan = inspect::CapturePlan::derive(Some(filter));
    for (wanted, what) in [
        (plan.context_switches, "context switches"),
        (plan.page_faults, "page faults"),
    ] {
        if wanted {
            text.push_str(&format!("; it makes the kernel send {what} too"));
        }
    }
    text.push('\n');
    if !compiled.warnings.is_empty() {
        text.push_str("\nWarnings\n");
        for warning in &compiled.warnings {
            text.push_str(&format!("{}\n", indent(&warning.render(&source))));
        }
    }
    let mut out = Output::open(OutputTarget::Stdout)?;
    out.line(text.as_bytes())?;
    out.flush()?;
    Ok(Exit::Success)
}

/// Names of the events on which the filter can hold.
fn events<F>(filter: &Filter<F>) -> String {
    let known = |ty: u16| EventType(ty).info().filter(|info| info.flags & UNUSED == 0);
    let matching: Vec<_> = filter.event_types().iter().filter_map(known).collect();
    let all = capture_format::table::EVENTS
        .iter()
        .filter(|info| info.flags & UNUSED == 0)
        .count();
    if matching.is_empty() {
        return "none: the filter can never hold".to_owned();
    }
    if matching.len() == all {
        return "all".to_owned();
    }
    let names: BTreeSet<&str> = matching.iter().map(|info| info.name).collect();
    let count = names.len();
    let mut text = names
        .into_iter()
        .take(NAMES_SHOWN)
        .collect::<Vec<_>>()
        .join(", ");
    if count > NAMES_SHOWN {
        text.push_str(&format!(" and {} more", count - NAMES_SHOWN));
    }
    text
}

fn indent(text: &str) -> String {
    text.lines()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
