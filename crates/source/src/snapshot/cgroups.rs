//! Control groups of a task, as `controller=path` items.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Root;

/// Where the version 2 hierarchy is mounted, and which controllers its groups have.
#[derive(Debug)]
pub(super) struct Hierarchy {
    mount: Option<PathBuf>,
    /// Items of a version 2 path, found once per path.
    expanded: HashMap<String, Vec<Vec<u8>>>,
}

impl Hierarchy {
    /// Looks for the mount in `/proc/self/mountinfo`.
    pub(super) fn find(root: &Root) -> Self {
        let mounts = std::fs::read_to_string(root.proc("self/mountinfo")).unwrap_or_default();
        let mount = mounts.lines().find_map(|line| {
            let (before, after) = line.split_once(" - ")?;
            (after.split(' ').next()? == "cgroup2")
                .then(|| before.split(' ').nth(4).map(|path| root.path(path)))?
        });
        Hierarchy {
            mount,
            expanded: HashMap::new(),
        }
    }

    /// Items of the task whose `/proc` directory is given.
    pub(super) fn of_task(&mut self, task: &Path) -> Vec<Vec<u8>> {
        let text = std::fs::read_to_string(task.join("cgroup")).unwrap_or_default();
        let mut items = Vec::new();
        for line in text.lines() {
            let mut parts = line.splitn(3, ':');
            let (Some(_), Some(controllers), Some(path)) =
                (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            if controllers.is_empty() {
                items.extend_from_slice(self.expand(path));
            } else {
                items.extend(
                    controllers
                        .split(',')
                        .map(|name| format!("{name}={path}").into_bytes()),
                );
            }
        }
        fit(items)
    }

    /// Walks from the group to the root: each controller belongs to the deepest group with it.
    fn expand(&mut self, path: &str) -> &[Vec<u8>] {
        let mount = self.mount.as_deref();
        self.expanded.entry(path.to_owned()).or_insert_with(|| {
            let Some(mount) = mount else {
                return Vec::new();
            };
            let mut seen: Vec<String> = Vec::new();
            let mut items = Vec::new();
            for group in Path::new(path).ancestors() {
                let dir = mount.join(group.strip_prefix("/").unwrap_or(group));
                let names =
                    std::fs::read_to_string(dir.join("cgroup.controllers")).unwrap_or_default();
                for name in names.split_whitespace() {
                    if !seen.iter().any(|s| s == name) {
                        seen.push(name.to_owned());
                        items.push(format!("{name}={}", group.display()).into_bytes());
                    }
                }
            }
            items
        })
    }
}

/// Drops whole items that the format's list would not hold.
fn fit(mut items: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut room = super::LIST_LIMIT_BYTES;
    items.retain(|item| {
        let need = item.len() + 1;
        let fits = need <= room;
        if fits {
            room -= need;
        }
        fits
    });
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn version_2_path_is_expanded_to_the_deepest_group_of_each_controller() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "proc/self/mountinfo",
            "30 20 0:26 / /cg rw shared:9 - cgroup2 cgroup2 rw\n",
        );
        write("cg/cgroup.controllers", "cpuset cpu memory\n");
        write("cg/a/cgroup.controllers", "cpu memory\n");
        write("cg/a/b/cgroup.controllers", "memory\n");
        write("proc/1/cgroup", "0::/a/b\n");
        let root = Root(dir.path().to_owned());
        let items = Hierarchy::find(&root).of_task(&root.proc("1"));
        assert_eq!(items, [&b"memory=/a/b"[..], b"cpu=/a", b"cpuset=/"]);
    }
}
