//! Conversion rules, composed: for every event type its newest form, and where each parameter of
//! that form comes from, in terms of the event as stored and the enter event before it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

use super::rust::HEADER;
use crate::model::{Data, EventRow};

/// Where a parameter comes from, before writing it out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Exit(u8),
    /// The value of a dynamic parameter without its selector.
    ExitValue(u8),
    Enter(u8),
    Default,
    Empty,
}

/// `generated_convert.rs`.
pub(super) fn rust(data: &Data) -> Result<String> {
    let table = Rules::new(data)?;
    let mut out = format!(
        "{HEADER}use super::EventType;\nuse super::convert::{{Completion, Source}};\n\n/// How each event type is completed, indexed by id.\npub(crate) static COMPLETIONS: [Completion; {}] = [\n",
        data.events.len()
    );
    for row in &data.events {
        let (to, sources) = table
            .compose(row)
            .with_context(|| format!("composing {}", row.symbol))?;
        let sources = if to == row.id { vec![] } else { sources };
        writeln!(
            out,
            "    Completion {{ to: EventType({to}), sources: &[{}], missing: &[{}] }},",
            list(&sources),
            list(&trimmed(table.missing(row)?)),
        )?;
    }
    out.push_str("];\n");
    Ok(out)
}

struct Rules<'a> {
    events: &'a [EventRow],
    by_symbol: BTreeMap<&'a str, &'a EventRow>,
}

impl<'a> Rules<'a> {
    fn new(data: &'a Data) -> Result<Self> {
        Ok(Rules {
            events: &data.events,
            by_symbol: data.events.iter().map(|r| (r.symbol.as_str(), r)).collect(),
        })
    }

    /// Follows the changes of type to the end.
    fn compose(&self, row: &'a EventRow) -> Result<(u16, Vec<Source>)> {
        let mut current = row;
        let mut params: Vec<Source> = (0..count(row)).map(Source::Exit).collect();
        while let Some((next, fill)) = self.change(current)? {
            let mut converted = Vec::new();
            for (index, source) in fill.iter().enumerate() {
                converted.push(match *source {
                    Source::Exit(n) => self.retyped(
                        current,
                        next,
                        n,
                        index,
                        params.get(usize::from(n)).copied().unwrap_or(Source::Empty),
                    ),
                    Source::Enter(n) => self.enter(row, current, n)?,
                    other => other,
                });
            }
            for source in self.missing(next)?.into_iter().skip(converted.len()) {
                converted.push(match source {
                    Source::Enter(n) => self.enter(row, next, n)?,
                    other => other,
                });
            }
            params = converted;
            current = next;
        }
        Ok((current.id, params))
    }

    /// The rule that changes the type, if there is one.
    fn change(&self, row: &EventRow) -> Result<Option<(&'a EventRow, Vec<Source>)>> {
        let Some(rule) = row.convert.values().find(|rule| rule.to.is_some()) else {
            return Ok(None);
        };
        // Old container events have a different meaning per parameter: their reader composes the
        // JSON form itself and needs the original.
        if row.symbol == "CONTAINER_E" {
            return Ok(None);
        }
        let to = rule.to.as_deref().unwrap_or_default();
        let next = self
            .by_symbol
            .get(to)
            .with_context(|| format!("no type {to}"))?;
        Ok(Some((next, parse(&rule.fill)?)))
    }

    /// Sources of the parameters that older shapes of the same type lack.
    fn missing(&self, row: &EventRow) -> Result<Vec<Source>> {
        let mut out = vec![Source::Empty; usize::from(count(row))];
        // Ascending counts: where two rules cover a parameter the closer one wins.
        for (stored, rule) in &row.convert {
            if rule.to.is_none() {
                for (index, source) in (usize::from(*stored)..).zip(parse(&rule.fill)?) {
                    *out.get_mut(index).context("rule beyond the table")? = source;
                }
            }
        }
        Ok(out)
    }

    /// Parameter `n` of the enter partner of `step`, in terms of the enter partner of `stored`.
    fn enter(&self, stored: &EventRow, step: &EventRow, n: u8) -> Result<Source> {
        let mut current = &self.events[usize::from(stored.id & !1)];
        let mut params: Vec<Source> = (0..count(current)).map(Source::Enter).collect();
        while current.id != step.id & !1 {
            let Some((next, fill)) = self.change(current)? else {
                return Ok(Source::Empty);
            };
            params = fill
                .iter()
                .map(|source| match *source {
                    Source::Exit(n) => params.get(usize::from(n)).copied().unwrap_or(Source::Empty),
                    other => other,
                })
                .collect();
            current = next;
        }
        Ok(params.get(usize::from(n)).copied().unwrap_or(Source::Empty))
    }

    /// A dynamic parameter that becomes a plain one leaves its selector behind.
    fn retyped(
        &self,
        from: &EventRow,
        to: &EventRow,
        old: u8,
        new: usize,
        source: Source,
    ) -> Source {
        let ty = |row: &EventRow, index: usize| {
            row.params
                .get(index)
                .and_then(|p| p.split(' ').nth(1))
                .map(str::to_owned)
        };
        let was_dynamic = ty(from, usize::from(old)).as_deref() == Some("DYN");
        match source {
            Source::Exit(n) if was_dynamic && ty(to, new).as_deref() != Some("DYN") => {
                Source::ExitValue(n)
            }
            source => source,
        }
    }
}

fn count(row: &EventRow) -> u8 {
    u8::try_from(row.params.len()).unwrap_or(u8::MAX)
}

fn parse(fill: &[String]) -> Result<Vec<Source>> {
    fill.iter()
        .map(|source| {
            Ok(match source.split_once(' ') {
                Some(("old", n)) => Source::Exit(n.parse()?),
                Some(("enter", n)) => Source::Enter(n.parse()?),
                None if source == "default" => Source::Default,
                None if source == "empty" => Source::Empty,
                _ => bail!("unknown source `{source}`"),
            })
        })
        .collect()
}

/// Without the empty end, which readers assume.
fn trimmed(mut sources: Vec<Source>) -> Vec<Source> {
    while sources.last() == Some(&Source::Empty) {
        sources.pop();
    }
    sources
}

fn list(sources: &[Source]) -> String {
    sources
        .iter()
        .map(|source| match source {
            Source::Exit(n) => format!("Source::Exit({n})"),
            Source::ExitValue(n) => format!("Source::ExitValue({n})"),
            Source::Enter(n) => format!("Source::Enter({n})"),
            Source::Default => "Source::Default".to_owned(),
            Source::Empty => "Source::Empty".to_owned(),
        })
        .collect::<Vec<_>>()
        .join(", ")
}
