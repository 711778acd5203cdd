//! What a view file says: TOML in, a checked definition out, errors with line and column.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

/// One view as its file describes it. The schema is documented in `views/README.md`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewDef {
    /// Name typed after `--view`; equals the file's name without `.toml`.
    pub id: Spanned<String>,
    /// Name on the screen.
    pub name: String,
    /// Table, list or heat map.
    pub kind: Kind,
    /// One or two sentences.
    pub description: String,
    /// A hint for reading it.
    #[serde(default)]
    pub tip: Option<String>,
    /// Offered as a first screen.
    #[serde(default)]
    pub root: bool,
    /// Left out of pickers; still selectable by id.
    #[serde(default)]
    pub hidden: bool,
    /// Selection fields in whose context the view is offered; empty text is the whole machine.
    pub applies_to: Vec<String>,
    /// Events that count.
    #[serde(default)]
    pub filter: Option<Spanned<String>>,
    /// Whether the filter stays in force below a drill-down.
    #[serde(default = "yes")]
    pub propagate_filter: bool,
    /// View that Enter opens.
    #[serde(default)]
    pub drill_down: Option<String>,
    /// Drilling down raises the nesting depth that `%depth` stands for.
    #[serde(default)]
    pub deeper: bool,
    /// Missing values count as zero or empty text instead of dropping the event.
    #[serde(default)]
    pub use_defaults: bool,
    /// Field whose value makes a row; none for lists.
    #[serde(default)]
    pub key: Option<Spanned<String>>,
    /// The key instead of `key` when container columns are on.
    #[serde(default)]
    pub key_containers: Option<Spanned<String>>,
    /// Field to filter by when drilling down, when it is not the key.
    #[serde(default)]
    pub key_filter: Option<Spanned<String>>,
    /// Second step: rows are merged by this field.
    #[serde(default)]
    pub group_by: Option<Spanned<String>>,
    /// Name of the column sorted by at first.
    #[serde(default)]
    pub sort: Option<Spanned<String>>,
    /// Smallest first.
    #[serde(default)]
    pub sort_ascending: bool,
    /// Columns, in screen order.
    #[serde(default)]
    pub columns: Vec<ColumnDef>,
    /// What can be done with a row.
    #[serde(default)]
    pub actions: Vec<ActionDef>,
}

/// What a view looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Rows by key, aggregated.
    Table,
    /// One row per matching event, in order of arrival.
    List,
    /// Counts by latency class and time slice.
    Spectrogram,
}

/// One column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnDef {
    /// Heading.
    pub name: String,
    /// Field that supplies the value.
    pub field: Spanned<String>,
    /// Events that count for this column only; others contribute nothing to it.
    #[serde(default, rename = "where")]
    pub condition: Option<Spanned<String>>,
    /// How values of one key combine.
    #[serde(default)]
    pub aggregate: Aggregate,
    /// How rows of one group combine.
    #[serde(default)]
    pub group_aggregate: Aggregate,
    /// Characters including one of spacing; 0 is the rest of the line.
    #[serde(default)]
    pub width: Option<u16>,
    /// Shown with or without container columns only.
    #[serde(default)]
    pub only: Option<Only>,
    /// What the column means, one sentence.
    pub help: String,
}

/// When a column is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Only {
    /// With container columns on.
    Containers,
    /// With container columns off.
    Host,
}

/// How several values become one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// The first value seen stays.
    #[default]
    First,
    /// Their sum.
    Sum,
    /// Their mean over the events that had the value.
    Avg,
    /// Their sum divided by the seconds that really passed.
    TimeAvg,
    /// The smallest.
    Min,
    /// The largest; of texts the latest.
    Max,
    /// The median.
    P50,
    /// The value that nine in ten do not exceed.
    P90,
    /// The value that ninety-nine in a hundred do not exceed.
    P99,
}

/// A command to run for a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionDef {
    /// Hot key, one character.
    pub key: char,
    /// What it does, for people.
    pub label: String,
    /// Argument vector; `{field}` stands for the row's value of that column. Never a shell.
    pub command: Vec<String>,
    /// Ask first.
    #[serde(default)]
    pub confirm: bool,
    /// Wait for a key afterwards, so that output can be read.
    #[serde(default)]
    pub wait: bool,
}

/// Why a view file was refused.
#[derive(Debug, thiserror::Error)]
#[error("{}:{line}:{column}: {message}", path.display())]
pub struct ViewError {
    /// File.
    pub path: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, lower-case start, no final stop.
    pub message: String,
}

fn yes() -> bool {
    true
}

impl ViewDef {
    /// Reads one view file's text. `path` is for messages only.
    ///
    /// # Errors
    /// A position and a reason when the text is no TOML, has unknown or missing keys, or
    /// contradicts itself (a sort column that does not exist, a table without key, a list with
    /// one, two columns or two actions of the same name).
    pub fn parse(text: &str, path: &Path) -> Result<ViewDef, ViewError> {
        let at = |offset: usize, message: String| {
            let (line, column) = position(text, offset);
            ViewError {
                path: path.to_owned(),
                line,
                column,
                message,
            }
        };
        let view: ViewDef = toml::from_str(text).map_err(|error| {
            at(
                error.span().map_or(0, |span| span.start),
                error.message().trim().to_owned(),
            )
        })?;
        view.check()
            .map_err(|(offset, message)| at(offset, message))?;
        Ok(view)
    }

    fn check(&self) -> Result<(), (usize, String)> {
        let start = self.id.span().start;
        if self.columns.is_empty() {
            return Err((
                start,
                format!("view `{}` has no columns", self.id.get_ref()),
            ));
        }
        match (self.kind, &self.key) {
            (Kind::List, Some(key)) => {
                return Err((key.span().start, "a list has no key".to_owned()));
            }
            (Kind::Table | Kind::Spectrogram, None) => {
                return Err((start, "a table needs a key".to_owned()));
            }
            _ => {}
        }
        if let Some(sort) = &self.sort
            && !self
                .columns
                .iter()
                .any(|column| &column.name == sort.get_ref())
        {
            let known: Vec<&str> = self
                .columns
                .iter()
                .map(|column| column.name.as_str())
                .collect();
            return Err((
                sort.span().start,
                format!(
                    "sort column `{}` is not among {}",
                    sort.get_ref(),
                    known.join(", ")
                ),
            ));
        }
        for (index, action) in self.actions.iter().enumerate() {
            if self.actions[..index]
                .iter()
                .any(|other| other.key == action.key)
            {
                return Err((start, format!("two actions on key `{}`", action.key)));
            }
            if action.command.is_empty() {
                return Err((start, format!("action `{}` has no command", action.label)));
            }
        }
        Ok(())
    }

    /// Columns shown with container columns on or off.
    pub fn visible_columns(&self, containers: bool) -> impl Iterator<Item = &ColumnDef> {
        self.columns.iter().filter(move |column| match column.only {
            None => true,
            Some(Only::Containers) => containers,
            Some(Only::Host) => !containers,
        })
    }

    /// The key field in force.
    pub fn key_field(&self, containers: bool) -> Option<&Spanned<String>> {
        if containers {
            self.key_containers.as_ref().or(self.key.as_ref())
        } else {
            self.key.as_ref()
        }
    }
}

/// Line and column, both from 1, of a byte offset.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
id = "x"
name = "X"
kind = "table"
description = "d"
applies_to = [""]
key = "proc.pid"
sort = "PID"
[[columns]]
name = "PID"
field = "proc.pid"
help = "Process id."
"#;

    fn error(text: &str) -> String {
        ViewDef::parse(text, Path::new("x.toml"))
            .expect_err("must be refused")
            .to_string()
    }

    #[test]
    fn a_minimal_table_parses() {
        let view = ViewDef::parse(GOOD, Path::new("x.toml")).expect("valid");
        assert_eq!(view.kind, Kind::Table);
        assert!(view.propagate_filter);
        assert_eq!(view.columns[0].aggregate, Aggregate::First);
    }

    #[test]
    fn errors_name_line_and_column() {
        assert_eq!(
            error(&GOOD.replace("sort = \"PID\"", "sort = \"PIDS\"")),
            "x.toml:8:8: sort column `PIDS` is not among PID"
        );
        assert!(
            error(&GOOD.replace("kind = \"table\"", "kind = \"grid\""))
                .starts_with("x.toml:4:8: unknown variant `grid`")
        );
        assert!(
            error(&GOOD.replace("help =", "halp ="))
                .starts_with("x.toml:12:1: unknown field `halp`")
        );
    }

    #[test]
    fn a_list_refuses_a_key_and_a_table_needs_one() {
        assert!(
            error(&GOOD.replace("kind = \"table\"", "kind = \"list\""))
                .ends_with("a list has no key")
        );
        assert!(error(&GOOD.replace("key = \"proc.pid\"", "")).ends_with("a table needs a key"));
    }
}
