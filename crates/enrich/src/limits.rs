//! Limits of a container from its cgroup's files, for engines that do not tell them.

use std::path::{Path, PathBuf};

use state::container::{Container, Engine};

use crate::docker::inspect::count_cpus;

/// What version 1 has where memory is not limited: the largest multiple of a page.
const UNLIMITED_V1: i64 = 9_223_372_036_854_771_712;

/// Fills in what the engine left out.
pub(crate) fn add(container: &mut Container, host_root: &Path, cgroup: &str) {
    // What these say is complete: they tell of no limit by saying nothing.
    let complete = matches!(
        container.engine,
        Engine::Docker | Engine::Podman | Engine::Containerd
    );
    let told = complete
        || container.memory_limit > 0
        || container.cpu_quota > 0
        || container.cpuset_cpu_count > 0;
    if told || !is_plain(cgroup) {
        return;
    }
    let files = Files {
        root: host_root.join("sys/fs/cgroup"),
        cgroup: cgroup.trim_start_matches('/'),
    };
    let number = |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok());
    let limited = |bytes: &i64| *bytes > 0 && *bytes < UNLIMITED_V1;

    let memory = number(files.v2("memory.max"))
        .or_else(|| number(files.v1("memory", "memory.limit_in_bytes")));
    container.memory_limit = memory.filter(limited).unwrap_or(0);
    // Version 2 counts swap alone, version 1 memory and swap together, as records do.
    let swap = match number(files.v2("memory.swap.max")) {
        Some(swap) if container.memory_limit > 0 => {
            Some(swap.saturating_add(container.memory_limit))
        }
        _ => number(files.v1("memory", "memory.memsw.limit_in_bytes")),
    };
    container.swap_limit = swap.filter(limited).unwrap_or(0);

    if let Some(text) = files.v2("cpu.max") {
        let (quota, period) = text.split_once(' ').unwrap_or((&text, "100000"));
        container.cpu_quota = quota.parse().unwrap_or(0);
        container.cpu_period = period.parse().unwrap_or(100_000);
    } else {
        let quota = number(files.v1("cpu", "cpu.cfs_quota_us"));
        container.cpu_quota = quota.filter(|&quota| quota > 0).unwrap_or(0);
        container.cpu_period = number(files.v1("cpu", "cpu.cfs_period_us")).unwrap_or(100_000);
    }
    // Weights run from 1 to 10,000, shares from 2 to 262,144.
    let weight = number(files.v2("cpu.weight")).filter(|weight| (1..=10_000).contains(weight));
    let shares = weight.map(|weight| 2 + (weight - 1) * 262_142 / 9_999);
    container.cpu_shares = shares
        .or_else(|| number(files.v1("cpu", "cpu.shares")))
        .unwrap_or(1024);
    // An empty list says that the parent's CPUs are used; the effective ones are all there are.
    let cpus = files
        .v2("cpuset.cpus")
        .or_else(|| files.v1("cpuset", "cpuset.cpus"));
    container.cpuset_cpu_count = cpus.map_or(0, |list| count_cpus(&list));
}

/// Paths come from the kernel, but may name anything: nothing outside the hierarchy is read.
fn is_plain(cgroup: &str) -> bool {
    cgroup.starts_with('/') && cgroup.len() > 1 && !cgroup.split('/').any(|part| part == "..")
}

/// The files of one cgroup, in whichever hierarchy has them.
struct Files<'a> {
    root: PathBuf,
    cgroup: &'a str,
}

impl Files<'_> {
    /// A file of version 2, mounted alone or beside version 1.
    fn v2(&self, name: &str) -> Option<String> {
        read(&self.root.join(self.cgroup).join(name))
            .or_else(|| read(&self.root.join("unified").join(self.cgroup).join(name)))
    }

    /// A file of version 1.
    fn v1(&self, controller: &str, name: &str) -> Option<String> {
        read(&self.root.join(controller).join(self.cgroup).join(name))
    }
}

fn read(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A host with these files below `sys/fs/cgroup`.
    fn host(files: &[(&str, &str)]) -> tempfile::TempDir {
        let host = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = host.path().join("sys/fs/cgroup").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        host
    }

    fn limits(files: &[(&str, &str)], cgroup: &str) -> [i64; 6] {
        let host = host(files);
        let mut c = Container::default();
        add(&mut c, host.path(), cgroup);
        [
            c.memory_limit,
            c.swap_limit,
            c.cpu_shares,
            c.cpu_quota,
            c.cpu_period,
            c.cpuset_cpu_count,
        ]
    }

    #[test]
    fn both_versions_give_the_same_limits() {
        let v1 = [
            ("memory/lxc/web/memory.limit_in_bytes", "67108864\n"),
            ("memory/lxc/web/memory.memsw.limit_in_bytes", "134217728\n"),
            ("cpu/lxc/web/cpu.shares", "512\n"),
            ("cpu/lxc/web/cpu.cfs_quota_us", "50000\n"),
            ("cpu/lxc/web/cpu.cfs_period_us", "100000\n"),
            ("cpuset/lxc/web/cpuset.cpus", "0-1\n"),
        ];
        assert_eq!(
            limits(&v1, "/lxc/web"),
            [67_108_864, 134_217_728, 512, 50_000, 100_000, 2]
        );
        let v2 = [
            ("lxc/web/memory.max", "67108864\n"),
            ("lxc/web/memory.swap.max", "67108864\n"),
            ("lxc/web/cpu.weight", "20\n"),
            ("lxc/web/cpu.max", "50000 100000\n"),
            ("lxc/web/cpuset.cpus", "0-1\n"),
        ];
        assert_eq!(
            limits(&v2, "/lxc/web"),
            [67_108_864, 134_217_728, 500, 50_000, 100_000, 2]
        );
    }

    #[test]
    fn no_limit_is_no_limit() {
        let none = [0, 0, 1024, 0, 100_000, 0];
        let v1 = [
            (
                "memory/lxc/web/memory.limit_in_bytes",
                "9223372036854771712\n",
            ),
            ("cpu/lxc/web/cpu.cfs_quota_us", "-1\n"),
        ];
        assert_eq!(limits(&v1, "/lxc/web"), none);
        let v2 = [
            ("lxc/web/memory.max", "max\n"),
            ("lxc/web/cpu.max", "max 100000\n"),
        ];
        assert_eq!(limits(&v2, "/lxc/web"), none);
        assert_eq!(limits(&[], "/lxc/web"), none);
    }

    #[test]
    fn nothing_outside_the_hierarchy_is_read() {
        let files = [("memory.max", "1"), ("../memory.max", "1")];
        for cgroup in ["/../x", "/a/../..", "", "/", "relative"] {
            assert_eq!(limits(&files, cgroup), [0; 6], "{cgroup}");
        }
    }
}
