//! Messages, word for word: the files in `tests/corpus`.
//!
//! A case is the source, each line behind `> `, then what is shown for it; an empty line ends it.
//! `UPDATE_CORPUS=1` rewrites what is shown, to be reviewed as a diff.

use std::{fs, path::Path};

use filter::{Escapes, Filter, Template};

use crate::toy::Toy;

#[test]
fn refused_filters_say_why() {
    check("errors.txt", |source| match Filter::compile(source, &Toy) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.render(source),
    });
}

#[test]
fn doubtful_filters_draw_warnings() {
    check("warnings.txt", |source| {
        match Filter::compile(source, &Toy) {
            Ok(compiled) if compiled.warnings.is_empty() => "no warning".to_owned(),
            Ok(compiled) => {
                let shown: Vec<String> = compiled
                    .warnings
                    .iter()
                    .map(|warning| warning.render(source))
                    .collect();
                shown.join("\n")
            }
            Err(error) => format!("refused: {}", error.render(source)),
        }
    });
}

#[test]
fn refused_formats_say_why() {
    check("format_errors.txt", |source| {
        match Template::compile(source, Escapes::Translate, &Toy) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error.render(source),
        }
    });
}

fn check(file: &str, show: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(file);
    let before = fs::read_to_string(&path).expect("the corpus is part of the repository");
    let mut after = String::new();
    let mut lines = before.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("> ").or(line.strip_prefix('>')) else {
            // Headings and the empty lines between cases.
            after.push_str(line);
            after.push('\n');
            continue;
        };
        let mut source = first.to_owned();
        while let Some(more) = lines.next_if(|line| line.starts_with("> ")) {
            source.push('\n');
            source.push_str(&more[2..]);
        }
        while lines
            .next_if(|line| !line.is_empty() && !line.starts_with('>'))
            .is_some()
        {}
        for line in source.split('\n') {
            after.push_str(&format!("> {line}\n"));
        }
        for line in show(&source).lines() {
            after.push_str(line.trim_end());
            after.push('\n');
        }
        if lines.peek().is_some_and(|line| !line.is_empty()) {
            after.push('\n');
        }
    }
    if std::env::var_os("UPDATE_CORPUS").is_some() {
        fs::write(&path, after).expect("the corpus can be written");
        return;
    }
    for (i, (was, is)) in before.lines().zip(after.lines()).enumerate() {
        assert_eq!(is, was, "{file}, line {}", i + 1);
    }
    assert_eq!(before, after, "{file}");
}
