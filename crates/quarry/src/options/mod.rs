//! What the user can type: the definitions from which parsing, help, man page and completions come.
//!
//! These types hold what was typed; [`crate::plan`] turns them into what the program needs. Old
//! options of sysdig that have no meaning here are data in [`former`].

pub(crate) mod containers;
pub(crate) mod former;
mod input;
mod listing;
mod output;
mod select;
mod values;
mod write;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand};

pub(crate) use containers::Containers;
pub(crate) use input::Input;
pub(crate) use listing::{Generated, Listing};
pub(crate) use output::{ColorWhen, Output, PayloadStyle};
pub(crate) use select::Select;
pub(crate) use values::TimePoint;
pub(crate) use write::{Compression, Write};

/// Capture, filter, print, record and replay the system calls of a Linux machine.
#[derive(Debug, Parser)]
#[command(
    name = "quarry",
    disable_version_flag = true,
    infer_long_args = true,
    args_override_self = true,
    args_conflicts_with_subcommands = true,
    subcommand_precedence_over_arg = true,
    max_term_width = 100,
    override_usage = "quarry [OPTIONS] [FILTER]\n       quarry <COMMAND> …",
    after_help = "A longer explanation with examples: quarry --help",
    after_long_help = EXAMPLES
)]
pub(crate) struct Cli {
    /// Filter: only events for which it holds are shown or written.
    ///
    /// All words that are no options, joined by blanks. `quarry -l` lists the fields.
    #[arg(value_name = "FILTER", allow_negative_numbers = true)]
    pub(crate) filter: Vec<String>,
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(flatten)]
    pub(crate) listing: Listing,
    /// Print the version of the program and of the event schema.
    #[arg(long, visible_alias = "libs-version", help_heading = "Information")]
    pub(crate) version: bool,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Options that also apply to `quarry run`.
#[derive(Debug, Args)]
pub(crate) struct Common {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) select: Select,
    #[command(flatten)]
    pub(crate) containers: Containers,
    #[command(flatten)]
    pub(crate) write: Write,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// What else the program can do.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum Command {
    /// Start a command and trace it and its descendants from the first instruction.
    ///
    /// Ends with the exit code of the command (128 + number when a signal ended it).
    #[command(override_usage = "quarry run [OPTIONS] [FILTER] -- COMMAND [ARGUMENTS]")]
    Run(Box<Run>),
    /// Show how a filter is understood: its tree, the types, the events that can match.
    Explain {
        /// The filter.
        #[arg(required = true, value_name = "FILTER", allow_negative_numbers = true)]
        filter: Vec<String>,
    },
    /// Show what is in capture files: machine, time span, events, losses, damage.
    Info {
        /// The files; `-` is standard input.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// As JSON, one object per file.
        #[arg(short, long)]
        json: bool,
    },
    /// Copy a part of a capture to a new file.
    Cut(Cut),
    /// Put several captures into one file, one section after another by the time they begin.
    Merge(Merge),
    /// Print completions of a word, for the shells.
    #[command(name = "__complete", hide = true)]
    Complete {
        #[arg(allow_hyphen_values = true)]
        word: String,
    },
    /// Wait until a tracer is ready, then become the command.
    #[command(name = "__gate", hide = true)]
    Gate {
        #[arg(trailing_var_arg = true, required = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

/// `quarry run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Filter on the events of the command and its descendants.
    #[arg(value_name = "FILTER", allow_negative_numbers = true)]
    pub(crate) filter: Vec<String>,
    #[command(flatten)]
    pub(crate) common: Common,
    /// The command with its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// `quarry cut`.
#[derive(Debug, Args)]
pub(crate) struct Cut {
    /// The capture to copy from; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The file to write.
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// Keep events from this time on.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) from: Option<TimePoint>,
    /// Keep events before this time.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) to: Option<TimePoint>,
    /// Keep events with these numbers, `FIRST-LAST`.
    #[arg(long, value_name = "RANGE")]
    pub(crate) events: Option<values::NumberRange>,
    /// Keep events for which this filter holds.
    #[arg(value_name = "FILTER", allow_negative_numbers = true)]
    pub(crate) filter: Vec<String>,
}

/// `quarry merge`.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The file to write.
    #[arg(short = 'w', long = "writefile", value_name = "OUT", required = true)]
    pub(crate) out: PathBuf,
    /// The captures.
    #[arg(required = true, num_args = 2.., value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// The complete definition, former options included.
pub(crate) fn command() -> clap::Command {
    former::OPTIONS
        .iter()
        .fold(Cli::command(), |command, option| command.arg(option.arg()))
}

/// Replaces the default action of an option that is given more than once.
pub(crate) const APPEND: ArgAction = ArgAction::Append;

/// Examples, environment and exit status.
pub(crate) const EXAMPLES: &str = "\
Examples:
  quarry                                           everything that happens on this machine, now
  quarry proc.name=nginx                           one program
  quarry evt.type=open and fd.name contains /etc   who opens files below /etc
  quarry -w web.scap fd.sport=443                  record
  quarry -r web.scap -p '%proc.name %fd.name'      replay, own line format
  quarry -r web.scap -S -q                         what kinds of events are in there
  quarry run -- make                               trace a command from its first instruction

Environment:
  HOST_ROOT  prefix of /proc, /sys and /etc when this runs in a container of the host
  NO_COLOR   no colours, if it is set
  TZ         time zone of what is printed and of file names

Exit status:
  0  success, also when the reader of a pipe goes away
  1  run-time error
  2  wrong option or filter
  3  no privilege, or this kernel cannot be traced
  4  damaged capture; what can be read was shown
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn every_option_has_help() {
        for arg in command().get_arguments() {
            assert!(arg.get_help().is_some(), "{} has no help", arg.get_id());
            assert!(
                arg.is_hide_set() || arg.is_positional() || arg.get_help_heading().is_some(),
                "{} is under no heading",
                arg.get_id()
            );
        }
    }

    /// Every letter and long name that sysdig 0.29.3 and 0.36 know.
    #[test]
    fn every_option_of_sysdig_is_known() {
        let command = command();
        let shorts: Vec<char> = command
            .get_arguments()
            .flat_map(|a| a.get_short_and_visible_aliases().unwrap_or_default())
            .collect();
        for letter in "AbBcCdDeEFgGhHiIjkKlLmMnPpqRrsStTuUvwWxXz".chars() {
            // clap adds -h when it parses.
            assert!(letter == 'h' || shorts.contains(&letter), "-{letter}");
        }
        let longs: Vec<&str> = command
            .get_arguments()
            .flat_map(|a| {
                let mut names = a.get_all_aliases().unwrap_or_default();
                names.extend(a.get_long());
                names
            })
            .collect();
        for name in "print-ascii print-base64 bpf chisel list-chisels cri cri-timeout displayflt \
             debug exclude-users event-limit fatfile filter-proclist seconds plugin input \
             chisel-info file-size json k8s-api node-name k8s-api-cert large-environment list \
             list-events list-markdown libs-version mesos-api numevents page-faults \
             plugin-config-file progress print quiet resolve-ports readfile snaplen summary \
             suppress-comm udig timetype force-tracers-capture unbuffered verbose version \
             writefile limit print-hex print-hex-ascii compress cpus-for-each-buffer modern-bpf \
             gvisor-config gvisor-generate-config gvisor-root log-level plugin-info"
            .split_whitespace()
        {
            assert!(longs.contains(&name), "--{name}");
        }
    }
}
