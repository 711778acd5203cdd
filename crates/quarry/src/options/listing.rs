//! Options that list what the program knows, instead of capturing.

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(next_help_heading = "Information")]
pub(crate) struct Listing {
    /// List the fields; with a word after it, one class or the fields that mention it.
    ///
    /// With `-v`, types and examples too; with `-j`, as JSON.
    #[arg(short = 'l', long = "list", value_name = "SOURCE", num_args = 0..=1,
          require_equals = true, default_missing_value = "")]
    pub(crate) fields: Option<String>,
    /// List the fields as JSON.
    #[arg(long)]
    pub(crate) list_json: bool,
    /// List the fields as tables in Markdown.
    #[arg(long, value_name = "SOURCE", num_args = 0..=1, require_equals = true,
          default_missing_value = "")]
    pub(crate) list_markdown: Option<String>,
    /// List the events with their parameters; with `-j`, as JSON.
    #[arg(short = 'L', long = "list-events")]
    pub(crate) events: bool,
    /// Print a file made from these definitions: a man page or completions for a shell.
    #[arg(long, value_name = "WHAT")]
    pub(crate) generate: Option<Generated>,
}

/// What can be generated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Generated {
    Man,
    CompleteBash,
    CompleteZsh,
    CompleteFish,
    /// What the lines of `-j` look like.
    JsonSchema,
}

impl Listing {
    /// Whether anything is to be listed.
    pub(crate) fn wanted(&self) -> bool {
        self.fields.is_some()
            || self.list_json
            || self.list_markdown.is_some()
            || self.events
            || self.generate.is_some()
    }
}
