//! Options for what is printed, and how.

use clap::{Args, ValueEnum};

use super::values::TimeStyleName;

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// Line format, or the name of a ready one.
    ///
    /// `%FIELD` is replaced by the field, `%20FIELD` in a column of that width. With a leading `*`
    /// missing values are shown as `<NA>`, without it such lines are left out. `\n`, `\t`, `\e`
    /// and `\\` work. Ready formats: `c` or `container`, `k` or `kubernetes`, `m` or `mesos`; `p`
    /// prints the default format.
    #[arg(
        short = 'p',
        long = "print",
        value_name = "FORMAT",
        allow_hyphen_values = true
    )]
    pub(crate) format: Option<String>,
    /// One JSON object per line.
    #[arg(short = 'j', long)]
    pub(crate) json: bool,
    /// Style of the time column.
    #[arg(
        short = 't',
        long,
        value_name = "STYLE",
        default_value = "h",
        hide_default_value = true
    )]
    pub(crate) timetype: TimeStyleName,
    /// Show only the text of payloads.
    #[arg(short = 'A', long, group = "payload")]
    print_ascii: bool,
    /// Show payloads in hexadecimal.
    #[arg(short = 'x', long, group = "payload")]
    print_hex: bool,
    /// Show payloads in hexadecimal and as text.
    #[arg(short = 'X', long, group = "payload")]
    print_hex_ascii: bool,
    /// Show payloads in base64.
    #[arg(short = 'b', long, group = "payload")]
    print_base64: bool,
    /// Do not cut payloads, and print statistics at the end.
    #[arg(short = 'v', long)]
    pub(crate) verbose: bool,
    /// Do not cut payloads.
    #[arg(long)]
    pub(crate) uncut: bool,
    /// Print statistics to standard error at the end, and `capturing` when a live capture begins.
    #[arg(long)]
    pub(crate) stats: bool,
    /// Print no events.
    #[arg(short = 'q', long)]
    pub(crate) quiet: bool,
    /// Print how many events of each type there were, at the end.
    #[arg(short = 'S', long)]
    pub(crate) summary: bool,
    /// Show how far a replay is, on standard error.
    #[arg(short = 'P', long)]
    pub(crate) progress: bool,
    /// Show ports by the name of their service.
    #[arg(short = 'R', long)]
    pub(crate) resolve_ports: bool,
    /// Make every line visible at once, also in pipes.
    #[arg(long)]
    pub(crate) unbuffered: bool,
    /// When to use colours. `NO_COLOR` in the environment switches them off too.
    #[arg(long, value_name = "WHEN", default_value = "auto", num_args = 0..=1,
          require_equals = true, default_missing_value = "always")]
    pub(crate) color: ColorWhen,
}

impl Output {
    /// The payload rendering asked for.
    pub(crate) fn payload(&self) -> PayloadStyle {
        if self.print_ascii {
            PayloadStyle::Ascii
        } else if self.print_hex {
            PayloadStyle::Hex
        } else if self.print_hex_ascii {
            PayloadStyle::HexAscii
        } else if self.print_base64 {
            PayloadStyle::Base64
        } else {
            PayloadStyle::Dots
        }
    }
}

/// Renderings of payloads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PayloadStyle {
    Dots,
    Ascii,
    Hex,
    HexAscii,
    Base64,
}

/// When colours are used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On terminals.
    Auto,
    Always,
    Never,
}
