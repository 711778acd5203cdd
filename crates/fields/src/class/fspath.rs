//! `fs.path.*`: the paths that path-based calls name.

use std::borrow::Cow;

use filter::{Value, ValueType};

use super::evt::{is_exit, result};
use crate::field::{Class, Field};
use crate::param::{signed, until_nul};
use crate::path;
use crate::view::{View, owned, text};

const TEXT: Field = Field::new(Class::FsPath, ValueType::Text);

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "fs.path.name",
        doc: "Path that a call makes, removes, opens or changes, made absolute. Only calls that \
              succeed have one.",
        example: "fs.path.name startswith /etc/",
        extract: |view, _| absolute(view, ONE_PATH),
        ..TEXT
    },
    Field {
        name: "fs.path.nameraw",
        doc: "The same path exactly as the program gave it.",
        example: "fs.path.nameraw contains ../",
        extract: |view, _| text(raw(view, ONE_PATH)?.0),
        ..TEXT
    },
    Field {
        name: "fs.path.source",
        doc: "First path of a call that has two, made absolute: what is renamed or mounted, the \
              new name for link and symlink.",
        example: "fs.path.source startswith /tmp/",
        extract: |view, _| absolute(view, SOURCES),
        ..TEXT
    },
    Field {
        name: "fs.path.sourceraw",
        doc: "The same path exactly as the program gave it.",
        example: "fs.path.sourceraw = old.txt",
        extract: |view, _| text(raw(view, SOURCES)?.0),
        ..TEXT
    },
    Field {
        name: "fs.path.target",
        doc: "Second path of a call that has two, made absolute: the new name or mount point, \
              what a link leads to.",
        example: "fs.path.target startswith /etc/",
        extract: |view, _| absolute(view, TARGETS),
        ..TEXT
    },
    Field {
        name: "fs.path.targetraw",
        doc: "The same path exactly as the program gave it.",
        example: "fs.path.targetraw = new.txt",
        extract: |view, _| text(raw(view, TARGETS)?.0),
        ..TEXT
    },
];

/// Event name, parameter with the path, parameter with its directory descriptor (empty: the
/// current directory).
type Row = (&'static str, &'static str, &'static str);

const ONE_PATH: &[Row] = &[
    ("mkdir", "path", ""),
    ("mkdirat", "path", "dirfd"),
    ("rmdir", "path", ""),
    ("unlink", "path", ""),
    ("unlinkat", "name", "dirfd"),
    ("open", "name", ""),
    ("openat", "name", "dirfd"),
    ("openat2", "name", "dirfd"),
    ("creat", "name", ""),
    ("open_by_handle_at", "path", "mountfd"),
    ("chmod", "filename", ""),
    ("fchmodat", "filename", "dirfd"),
    ("chown", "path", ""),
    ("lchown", "path", ""),
    ("fchownat", "pathname", "dirfd"),
    ("quotactl", "special", ""),
    ("umount", "name", ""),
    ("umount2", "name", ""),
];

const SOURCES: &[Row] = &[
    ("rename", "oldpath", ""),
    ("renameat", "oldpath", "olddirfd"),
    ("renameat2", "oldpath", "olddirfd"),
    ("link", "newpath", ""),
    ("linkat", "newpath", "newdir"),
    ("symlink", "linkpath", ""),
    ("symlinkat", "linkpath", "linkdirfd"),
    ("mount", "dev", ""),
];

const TARGETS: &[Row] = &[
    ("rename", "newpath", ""),
    ("renameat", "newpath", "newdirfd"),
    ("renameat2", "newpath", "newdirfd"),
    ("link", "oldpath", ""),
    ("linkat", "oldpath", "olddir"),
    ("symlink", "target", ""),
    ("symlinkat", "target", ""),
    ("mount", "dir", ""),
];

/// The path of a call that succeeded, and the descriptor of the directory it starts from.
fn raw<'a>(view: &View<'a>, rows: &[Row]) -> Option<(&'a [u8], i64)> {
    let name = view.event.info()?.name;
    let (_, path, dirfd) = rows.iter().find(|row| row.0 == name)?;
    if !is_exit(&view.event) || result(view)? < 0 {
        return None;
    }
    let path = until_nul(view.param(path)?);
    let dirfd = view.param(dirfd).and_then(signed);
    Some((path, dirfd.unwrap_or(path::AT_FDCWD)))
}

fn absolute<'a>(view: &View<'a>, rows: &[Row]) -> Option<Value<'a>> {
    let (path, dirfd) = raw(view, rows)?;
    let mut directory = path::directory(view, view.thread()?, dirfd, path);
    if directory.is_empty() && !path.starts_with(b"/") {
        directory = Cow::Borrowed(b"<UNKNOWN>/");
    }
    owned(state::path::resolve(&directory, path))
}
