//! What is said to people on standard error, and the exit status that goes with it.

use std::fmt::Display;

use crate::options::former::{Effect, Former};

/// How a run ended, apart from failures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// Everything went well, or the reader of a pipe went away.
    Success,
    /// The input was damaged; what could be read was used.
    Damaged,
    /// The status of the command that was run.
    Of(u8),
}

impl Exit {
    /// The exit status.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::Damaged => DAMAGED,
            Exit::Of(code) => code,
        }
    }
}

const RUNTIME: u8 = 1;
const USAGE: u8 = 2;
const PRIVILEGE: u8 = 3;
const DAMAGED: u8 = 4;

/// A failure: what to say, and the exit status.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// First line with what went wrong on what, more lines with what to do.
    Message(String),
    /// Of the option parser, help included.
    Parser(Box<clap::Error>),
    /// The reader of our output has gone.
    Closed,
}

impl Failure {
    /// Something went wrong while running.
    pub(crate) fn runtime(message: impl Display) -> Self {
        Failure::new(RUNTIME, message)
    }

    /// The user asked for something that makes no sense.
    pub(crate) fn usage(message: impl Display) -> Self {
        Failure::new(USAGE, message)
    }

    /// This machine does not let us capture.
    pub(crate) fn privilege(message: impl Display) -> Self {
        Failure::new(PRIVILEGE, message)
    }

    fn new(code: u8, message: impl Display) -> Self {
        Failure {
            code,
            kind: Kind::Message(message.to_string()),
        }
    }

    /// A filter or format that is wrong; `what` says which of them.
    pub(crate) fn language(what: &str, error: &filter::Error, source: &str) -> Self {
        Failure::usage(format!("{what}: {}", error.render(source)))
    }

    /// What the option parser says.
    pub(crate) fn options(error: clap::Error) -> Self {
        Failure {
            code: u8::try_from(error.exit_code()).unwrap_or(USAGE),
            kind: Kind::Parser(Box::new(error)),
        }
    }

    /// Says it, and returns the exit status.
    pub(crate) fn report(&self) -> u8 {
        match &self.kind {
            Kind::Message(message) => say(message),
            // Help that nobody reads any more is no failure.
            Kind::Parser(error) => drop(error.print()),
            Kind::Closed => {}
        }
        self.code
    }
}

impl From<sinks::Error> for Failure {
    fn from(error: sinks::Error) -> Self {
        match error {
            sinks::Error::Closed => Failure {
                code: 0,
                kind: Kind::Closed,
            },
            sinks::Error::Refused(_) => Failure::usage(error),
            error => Failure::runtime(error),
        }
    }
}

impl From<source::Error> for Failure {
    fn from(error: source::Error) -> Self {
        use source::Error;
        match error {
            Error::Privilege { .. } | Error::Unsupported { .. } => Failure::privilege(error),
            Error::Open { path, error } => Failure::runtime(match error.kind() {
                std::io::ErrorKind::NotFound => format!(
                    "{}: no such file\n  expected a capture to read; to record one: quarry -w FILE",
                    path.display()
                ),
                std::io::ErrorKind::PermissionDenied => format!(
                    "{}: permission denied\n  captures are readable for their owner alone; try as that user or root",
                    path.display()
                ),
                _ => format!("{}: cannot open: {error}", path.display()),
            }),
            error => Failure::runtime(error),
        }
    }
}

impl From<inspect::Error> for Failure {
    fn from(error: inspect::Error) -> Self {
        match error {
            inspect::Error::Source(error) => error.into(),
            inspect::Error::Sink(error) => error.into(),
        }
    }
}

/// Prints a message with the program's name before it. Text of users and files may be in it, so
/// it is made safe for terminals.
pub(crate) fn say(message: impl Display) {
    use std::io::Write;
    let message = message.to_string();
    let safe = sinks::sanitize(message.as_bytes(), true);
    // Nothing is left to do when even standard error is closed.
    let _ = writeln!(std::io::stderr(), "quarry: {safe}");
}

/// Handles a former option that was used.
pub(crate) fn former(option: &Former) -> Result<(), Failure> {
    let text = format!("{}: {}", option.name(), option.advice);
    match option.effect {
        Effect::Silent => {}
        Effect::Note => say(format!("note: {text}")),
        Effect::Refuse => return Err(Failure::usage(text)),
    }
    Ok(())
}

/// Says how many events were lost, if any.
pub(crate) fn losses(report: &inspect::Report) {
    let lost = report.source.lost_total();
    if lost == 0 {
        return;
    }
    let causes: Vec<String> = report
        .source
        .lost
        .iter()
        .map(|(cause, count)| format!("{count} {cause}"))
        .collect();
    say(format!(
        "warning: {lost} events lost ({})\n  a larger --buffer, a smaller -s or -w FILE instead of printing lose less",
        causes.join(", ")
    ));
}

/// Most places of damage that are described one by one.
const DAMAGE_SHOWN: usize = 5;

/// Says where the input is damaged.
pub(crate) fn damage(report: &inspect::Report) {
    for damage in report.damage.iter().take(DAMAGE_SHOWN) {
        let consequence = if damage.at_end {
            format!(
                "the file ends early; the {} events before this point are shown",
                damage.events_before
            )
        } else {
            "reading went on after it; what lies there is missing".to_owned()
        };
        say(format!(
            "{}: {}\n  {consequence}",
            damage.path.display(),
            damage.message
        ));
    }
    let more = report.damage.len().saturating_sub(DAMAGE_SHOWN);
    if more > 0 {
        say(format!("… and {more} more damaged places"));
    }
}
