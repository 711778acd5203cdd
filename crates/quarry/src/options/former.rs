//! Options of sysdig that have no place here: accepted, so that old scripts keep running, or
//! refused with what to use instead.

use clap::{Arg, ArgAction};

/// One former option.
#[derive(Debug)]
pub(crate) struct Former {
    short: Option<char>,
    pub(crate) long: &'static str,
    value: Value,
    pub(crate) effect: Effect,
    /// What is said about it; follows the option's name.
    pub(crate) advice: &'static str,
}

#[derive(Debug)]
enum Value {
    None,
    Required,
    /// `--name=value`; the letter takes it glued.
    Optional,
}

/// What happens when a former option is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    /// Nothing: what it asked for is always so.
    Silent,
    /// A note, and the run goes on.
    Note,
    /// The run is refused.
    Refuse,
}

/// All of them.
pub(crate) const OPTIONS: &[Former] = &[
    former(
        Some('B'),
        "bpf",
        Value::Optional,
        Effect::Note,
        "the probe is built in; no other one is loaded",
    ),
    former(
        None,
        "modern-bpf",
        Value::None,
        Effect::Silent,
        "the built-in probe is the only one",
    ),
    former(
        None,
        "cpus-for-each-buffer",
        Value::Required,
        Effect::Note,
        "every CPU has a ring of its own; its size is set with --buffer",
    ),
    former(
        Some('u'),
        "udig",
        Value::None,
        Effect::Refuse,
        "tracing in user space is gone; the built-in probe needs root or CAP_BPF and CAP_PERFMON",
    ),
    former(
        Some('g'),
        "gvisor-config",
        Value::Required,
        Effect::Refuse,
        "gVisor sandboxes are no source here",
    ),
    former(
        None,
        "gvisor-generate-config",
        Value::Optional,
        Effect::Refuse,
        "gVisor sandboxes are no source here",
    ),
    former(
        None,
        "gvisor-root",
        Value::Required,
        Effect::Refuse,
        "gVisor sandboxes are no source here",
    ),
    former(
        Some('H'),
        "plugin",
        Value::Required,
        Effect::Refuse,
        "plugins are not supported; system calls and captures are the sources",
    ),
    former(
        Some('I'),
        "input",
        Value::Required,
        Effect::Refuse,
        "plugins are not supported; to read a capture: -r FILE",
    ),
    former(
        None,
        "plugin-config-file",
        Value::Required,
        Effect::Refuse,
        "plugins are not supported",
    ),
    former(
        None,
        "plugin-info",
        Value::Required,
        Effect::Refuse,
        "plugins are not supported",
    ),
    former(
        Some('T'),
        "force-tracers-capture",
        Value::None,
        Effect::Note,
        "tracers are gone; use -s to keep longer payloads",
    ),
    former(
        Some('d'),
        "displayflt",
        Value::None,
        Effect::Silent,
        "filters always see the complete state",
    ),
    former(
        None,
        "filter-proclist",
        Value::None,
        Effect::Note,
        "the process table is kept whole, so that a written file can be understood",
    ),
    former(
        Some('c'),
        "chisel",
        Value::Required,
        Effect::Refuse,
        "chisels are not supported; -p and -S cover the simple ones",
    ),
    former(
        None,
        "list-chisels",
        Value::None,
        Effect::Refuse,
        "chisels are not supported; -p and -S cover the simple ones",
    ),
    former(
        Some('i'),
        "chisel-info",
        Value::Required,
        Effect::Refuse,
        "chisels are not supported; -p and -S cover the simple ones",
    ),
    former(
        Some('m'),
        "mesos-api",
        Value::Required,
        Effect::Refuse,
        "Mesos is not asked live; what a capture holds is shown with -pm",
    ),
    former(
        None,
        "log-level",
        Value::Required,
        Effect::Note,
        "there is no log; --stats prints counters at the end",
    ),
];

const fn former(
    short: Option<char>,
    long: &'static str,
    value: Value,
    effect: Effect,
    advice: &'static str,
) -> Former {
    Former {
        short,
        long,
        value,
        effect,
        advice,
    }
}

impl Former {
    /// The option for the parser, hidden from help.
    pub(crate) fn arg(&self) -> Arg {
        let arg = Arg::new(self.long)
            .long(self.long)
            .hide(true)
            .help(self.advice);
        let arg = match self.short {
            Some(letter) => arg.short(letter),
            None => arg,
        };
        match self.value {
            Value::None => arg.action(ArgAction::SetTrue),
            Value::Required => arg.action(ArgAction::Append).num_args(1),
            Value::Optional => arg
                .action(ArgAction::Append)
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value(""),
        }
    }

    /// How a user writes it.
    pub(crate) fn name(&self) -> String {
        match self.short {
            Some(letter) => format!("-{letter}/--{}", self.long),
            None => format!("--{}", self.long),
        }
    }
}

/// The former options that were used, in table order.
pub(crate) fn used(matches: &clap::ArgMatches) -> impl Iterator<Item = &'static Former> {
    OPTIONS.iter().filter(|option| {
        matches.value_source(option.long) == Some(clap::parser::ValueSource::CommandLine)
    })
}
