//! The man page and shell completions, made from the definitions of the options.

use clap_complete::Shell;

use crate::options::{self, Generated};

/// The file asked for.
pub(crate) fn text(what: Generated) -> String {
    match what {
        Generated::Man => man(),
        Generated::CompleteBash => completions(Shell::Bash),
        Generated::CompleteZsh => completions(Shell::Zsh),
        Generated::CompleteFish => completions(Shell::Fish),
    }
}

fn man() -> String {
    let mut page = Vec::new();
    // Writing to a vector cannot fail.
    let _ = clap_mangen::Man::new(options::command()).render(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}

fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut options::command(), "quarry", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
