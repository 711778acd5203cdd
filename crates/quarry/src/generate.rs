//! The man page, shell completions and the JSON Schema, made from the definitions.

use clap_complete::Shell;
use clap_mangen::Man;

use crate::options::{self, Generated};
use crate::schema;

/// The file asked for.
pub(crate) fn text(what: Generated) -> String {
    match what {
        Generated::Man => man(),
        Generated::CompleteBash => completions(Shell::Bash, BASH),
        Generated::CompleteZsh => completions(Shell::Zsh, ZSH),
        Generated::CompleteFish => completions(Shell::Fish, FISH),
        Generated::JsonSchema => schema::text(),
    }
}

/// One page for everything: the options, then each subcommand in a section of its own.
fn man() -> String {
    let command = options::command();
    let mut page = Vec::new();
    let man = Man::new(command.clone().after_long_help("")).title("QUARRY");
    // Writing to a vector cannot fail.
    let _ = man.render_title(&mut page);
    let _ = man.render_name_section(&mut page);
    page.extend_from_slice(SYNOPSIS.as_bytes());
    let _ = man.render_options_section(&mut page);
    for subcommand in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        let name = format!("quarry {}", subcommand.get_name());
        page.extend_from_slice(format!(".SH {}\n", name.to_uppercase()).as_bytes());
        let about = subcommand.get_long_about().or(subcommand.get_about());
        if let Some(about) = about {
            page.extend_from_slice(format!("{about}\n.PP\n").as_bytes());
        }
        // Synopsis and options of `run` are those of the page itself.
        if subcommand.get_name() == "run" {
            continue;
        }
        let own = Man::new(subcommand.clone().display_name(name.clone()).bin_name(name));
        let mut options = Vec::new();
        let _ = own.render_synopsis_section(&mut options);
        let _ = own.render_options_section(&mut options);
        let options = String::from_utf8_lossy(&options).replace(".SH", ".SS");
        page.extend_from_slice(options.as_bytes());
    }
    page.extend_from_slice(extra_sections(options::EXAMPLES).as_bytes());
    String::from_utf8_lossy(&page).into_owned()
}

const SYNOPSIS: &str = ".SH SYNOPSIS\n.B quarry\n[OPTIONS] [FILTER]\n.br\n.B quarry run\n\
    [OPTIONS] [FILTER] -- COMMAND [ARGUMENTS]\n.br\n.B quarry\nexplain | info | cut | merge ...\n";

/// The text after the long help: each unindented line heads a section of literal lines.
fn extra_sections(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        match line.strip_suffix(':').filter(|_| !line.starts_with(' ')) {
            Some(heading) => {
                if !out.is_empty() {
                    out.push_str(".fi\n");
                }
                out.push_str(&format!(".SH {}\n.nf\n", heading.to_uppercase()));
            }
            None => {
                // A leading dot or quote would be an instruction; hyphens are to be copied.
                let text = line.trim().replace('\\', "\\e").replace('-', "\\-");
                out.push_str(&format!("\\&{text}\n"));
            }
        }
    }
    out.push_str(".fi\n");
    out
}

fn completions(shell: Shell, words: &str) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut options::command(), "quarry", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    match shell {
        // The function that was just defined is wrapped, so the addition comes last.
        Shell::Bash | Shell::Fish => script + words,
        // In zsh the last lines run the function; the wrapper takes its place.
        _ => {
            let end = "if [ \"$funcstack[1]\" = \"_quarry\" ]; then";
            match script.rfind(end) {
                Some(at) => format!("{}{words}", &script[..at]),
                None => script + words,
            }
        }
    }
}

/// Fields and their values come from the program itself, options from the script above.
const BASH: &str = r#"
_quarry_words() {
    local word=${COMP_WORDS[COMP_CWORD]#[\'\"]} line=${COMP_LINE:0:COMP_POINT}
    # What bash takes for a word ends at `=` and the like, and within quotes it has blanks; the
    # program wants what stands between blanks.
    local whole=${line##*[[:space:]]}
    whole=${whole#[\'\"]}
    case $word in '=' | '<' | '>' | ':') word= ;; esac
    if [[ $whole == -* || $whole != *[.=%]* ]]; then
        _quarry "$@"
        return
    fi
    local IFS=$'\n' found
    found=($(quarry __complete -- "$whole" 2>/dev/null))
    if [[ $word == *"$whole" ]]; then
        COMPREPLY=("${found[@]/#/${word%"$whole"}}")
    else
        COMPREPLY=("${found[@]#"${whole%"$word"}"}")
    fi
    compopt -o nospace 2>/dev/null
}
complete -F _quarry_words -o bashdefault -o default quarry
"#;

const ZSH: &str = r#"_quarry_words() {
    if [[ $PREFIX == -* || $PREFIX != *[.=%]* ]]; then
        _quarry "$@"
        return
    fi
    local -a found
    found=(${(f)"$(quarry __complete -- $PREFIX 2>/dev/null)"})
    compadd -Q -S '' -- $found
}
if [ "$funcstack[1]" = "_quarry" ]; then
    _quarry_words "$@"
else
    compdef _quarry_words quarry
fi
"#;

const FISH: &str = r#"
complete -c quarry -f -n 'string match -qr "[.=%]" -- (commandline -ct)' -a '(quarry __complete -- (commandline -ct) 2>/dev/null)'
"#;
