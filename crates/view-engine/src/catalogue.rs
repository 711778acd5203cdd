//! Where views come from: the ones shipped, and a user's folder on top of them.

use std::path::Path;

use crate::definition::{ViewDef, ViewError};

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// All views, by name.
#[derive(Clone, Debug)]
pub struct Catalogue {
    views: Vec<ViewDef>,
}

impl Catalogue {
    /// The shipped views.
    pub fn builtin() -> Catalogue {
        let mut views: Vec<ViewDef> = BUILTIN
            .iter()
            .filter_map(|(path, text)| ViewDef::parse(text, Path::new(path)).ok())
            .collect();
        views.sort_by(|a, b| a.name.cmp(&b.name));
        Catalogue { views }
    }

    /// Adds the views of a folder; one with the id of an earlier view replaces it.
    ///
    /// Files that are no valid views are left out and returned with the reason, as are an
    /// unreadable folder's files. A folder that does not exist has no views.
    pub fn add_folder(&mut self, folder: &Path) -> Vec<ViewError> {
        let mut errors = Vec::new();
        let Ok(entries) = std::fs::read_dir(folder) else {
            return errors;
        };
        let mut paths: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        paths.sort();
        for path in paths
            .iter()
            .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        {
            let text = match std::fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) => {
                    errors.push(ViewError {
                        path: path.clone(),
                        line: 1,
                        column: 1,
                        message: error.to_string(),
                    });
                    continue;
                }
            };
            match ViewDef::parse(&text, path) {
                Ok(view) => {
                    self.views
                        .retain(|other| other.id.get_ref() != view.id.get_ref());
                    self.views.push(view);
                }
                Err(error) => errors.push(error),
            }
        }
        self.views.sort_by(|a, b| a.name.cmp(&b.name));
        errors
    }

    /// All of them, hidden ones included, by name.
    pub fn views(&self) -> &[ViewDef] {
        &self.views
    }

    /// The view of an id.
    pub fn get(&self, id: &str) -> Option<&ViewDef> {
        self.views.iter().find(|view| view.id.get_ref() == id)
    }

    /// Views offered in the context of a selection field (empty text: the whole machine); an
    /// index in brackets does not matter.
    pub fn applicable<'a>(&'a self, selection_field: &'a str) -> impl Iterator<Item = &'a ViewDef> {
        let field = selection_field.split('[').next().unwrap_or("");
        self.views
            .iter()
            .filter(move |view| !view.hidden && view.applies_to.iter().any(|name| name == field))
    }

    /// The view that a drill-down from `view` on `selection_field` opens: the named target, or the
    /// first one by name that fits.
    pub fn drill_down<'a>(
        &'a self,
        view: &'a ViewDef,
        selection_field: &'a str,
    ) -> Option<&'a ViewDef> {
        let target = view.drill_down.as_deref().and_then(|id| self.get(id));
        target.or_else(|| self.applicable(selection_field).next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Options, View};

    #[test]
    fn every_shipped_view_parses_and_compiles_with_and_without_containers() {
        let views = Catalogue::builtin();
        assert_eq!(views.views().len(), BUILTIN.len());
        for (path, text) in BUILTIN {
            let def =
                ViewDef::parse(text, Path::new(path)).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(
                *path,
                format!("{}.toml", def.id.get_ref()),
                "file and id differ"
            );
            for containers in [false, true] {
                let view = View::compile(
                    &def,
                    Options {
                        containers,
                        depth: 0,
                    },
                )
                .unwrap_or_else(|error| panic!("{error}"));
                assert!(
                    view.kind == crate::Kind::List
                        || view.sort.is_some()
                        || view.kind == crate::Kind::Spectrogram
                );
            }
            if let Some(target) = &def.drill_down {
                assert!(
                    views.get(target).is_some(),
                    "{path}: drill_down `{target}` does not exist"
                );
            }
        }
    }

    #[test]
    fn a_broken_user_view_is_reported_and_skipped() {
        let folder = tempfile::tempdir().expect("temporary folder");
        std::fs::write(folder.path().join("bad.toml"), "id = ").expect("write");
        let good = BUILTIN
            .iter()
            .find(|(path, _)| *path == "procs.toml")
            .expect("shipped")
            .1;
        std::fs::write(
            folder.path().join("mine.toml"),
            good.replace("\"Processes\"", "\"Mine\""),
        )
        .expect("write");
        let mut views = Catalogue::builtin();
        let errors = views.add_folder(folder.path());
        assert_eq!(errors.len(), 1);
        assert_eq!(
            views.get("procs").map(|view| view.name.as_str()),
            Some("Mine")
        );
        assert_eq!(views.views().len(), BUILTIN.len());
    }
}
