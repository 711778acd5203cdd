//! The command `quarry`: options, modes, messages, exit codes.

#![forbid(unsafe_code)]

mod argv;
mod complete;
mod formats;
mod generate;
mod messages;
#[cfg(feature = "live")]
mod metadata;
mod modes;
mod options;
mod plan;
mod schema;
mod signals;
mod statistics;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::messages::Failure;
use crate::options::{Cli, Command};

fn main() -> ExitCode {
    let code = match parse().and_then(run) {
        Ok(exit) => exit.code(),
        Err(failure) => failure.report(),
    };
    ExitCode::from(code)
}

/// Reads the command line. Help and option errors are printed by the parser itself.
fn parse() -> Result<Cli, Failure> {
    let matches = options::command()
        .try_get_matches_from(argv::normalize(std::env::args_os()))
        .map_err(Failure::options)?;
    for option in options::former::used(&matches) {
        messages::former(option)?;
    }
    Cli::from_arg_matches(&matches).map_err(Failure::options)
}

/// Chooses the mode.
fn run(cli: Cli) -> Result<messages::Exit, Failure> {
    match cli.command {
        None if cli.version => modes::list::version(),
        None if cli.listing.wanted() => {
            modes::list::run(&cli.listing, &cli.common.output, &cli.filter)
        }
        None => modes::capture::run(cli.common, &cli.filter),
        Some(Command::Run(run)) => modes::run::run(*run),
        Some(Command::Explain { filter }) => modes::explain::run(&filter),
        Some(Command::Info { files, json }) => modes::info::run(files, json),
        Some(Command::Cut(cut)) => modes::cut::run(cut),
        Some(Command::Merge(merge)) => modes::merge::run(merge),
        Some(Command::Complete { word }) => modes::list::print(&complete::candidates(&word)),
        Some(Command::Gate { command }) => modes::run::gate(command),
    }
}
