//! `cargo xtask`: code generation from the data files, and the import that made them.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

mod arguments;
mod generate;
mod import;
mod model;

const HELP: &str = "usage: cargo xtask COMMAND

  import     read ../shared/reference and rewrite capture-format/data
  arguments  read the running kernel's description of system calls, and rewrite
             capture-format/data/arguments.json
  generate   write the tables in capture-format/src/table and ebpf/include/generated
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let root = model::workspace_root();
    let files = match std::env::args().nth(1).as_deref() {
        Some("import") => {
            let reference = import::reference_dir(&root)
                .context("../shared/reference not found beside the workspace")?;
            import::import(&reference)?.files(&root)?
        }
        Some("arguments") => {
            let mut data = model::Data::load(&root)?;
            data.arguments = arguments::import(&arguments::tracefs()?, &data)?;
            data.files(&root)?
        }
        Some("generate") => generate::files(&root, &model::Data::load(&root)?)?,
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            return Ok(());
        }
        _ => bail!("expected a command\n{HELP}"),
    };
    for (path, contents) in files {
        std::fs::create_dir_all(path.parent().context("file without folder")?)?;
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&contents) {
            std::fs::write(&path, contents).with_context(|| path.display().to_string())?;
            println!("wrote {}", path.display());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_fresh() {
        let root = model::workspace_root();
        let data = model::Data::load(&root).unwrap();
        for (path, contents) in generate::files(&root, &data).unwrap() {
            let current = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                current == contents,
                "{} is out of date: run `cargo xtask generate`",
                path.display()
            );
        }
    }

    #[test]
    fn data_files_equal_the_reference() {
        let root = model::workspace_root();
        let Some(reference) = import::reference_dir(&root) else {
            testkit::skip(
                "data files equal the reference",
                "../shared/reference is not beside the clone",
            );
            return;
        };
        for (path, contents) in import::import(&reference).unwrap().files(&root).unwrap() {
            let current = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                current == contents,
                "{} differs from the reference: run `cargo xtask import`",
                path.display()
            );
        }
    }
}
