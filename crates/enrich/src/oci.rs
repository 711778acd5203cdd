//! What the runtime's own specification (OCI `config.json`) says about a container.

use serde_json::Value;
use state::container::{Container, LookupState, Mount};

use crate::docker::inspect::{count_cpus, mesos_task_id, scheduler_env};
use crate::json::Peek;

/// A record with everything a specification tells; ids, names and images are the engine's.
pub(crate) fn container(spec: &Value) -> Container {
    let env = spec.texts("/process/env");
    let resources = |pointer: &str| spec.int(&format!("/linux/resources{pointer}"));
    let shared = |kind: &str| {
        let namespaces = spec.list("/linux/namespaces");
        !namespaces.is_empty() && !namespaces.iter().any(|item| item.text("/type") == kind)
    };
    let uid = spec.pointer("/process/user/uid").and_then(Value::as_u64);
    Container {
        lookup: LookupState::Found,
        privileged: is_privileged(spec),
        host_pid: shared("pid"),
        host_network: shared("network"),
        host_ipc: shared("ipc"),
        user: uid.map(|uid| uid.to_string()).unwrap_or_default(),
        mounts: mounts(spec),
        mesos_task_id: mesos_task_id(&env).unwrap_or_default(),
        env: scheduler_env(env),
        memory_limit: resources("/memory/limit").max(0),
        swap_limit: resources("/memory/swap"),
        cpu_shares: match resources("/cpu/shares") {
            0 => 1024,
            shares => shares,
        },
        cpu_quota: resources("/cpu/quota").max(0),
        cpu_period: match resources("/cpu/period") {
            0 => 100_000,
            period => period,
        },
        cpuset_cpu_count: count_cpus(spec.text("/linux/resources/cpu/cpus")),
        size_bytes: -1,
        ..Container::default()
    }
}

/// Mounts of the host's files; those that make a container (proc, tmpfs, …) are left out.
fn mounts(spec: &Value) -> Vec<Mount> {
    let binds = spec.list("/mounts").iter().filter(|mount| {
        mount.text("/type") == "bind"
            || mount
                .texts("/options")
                .iter()
                .any(|option| option.ends_with("bind"))
    });
    binds
        .map(|mount| {
            let options = mount.texts("/options");
            let propagation = ["private", "slave", "shared", "unbindable"];
            let propagates = |option: &&String| {
                propagation.contains(&option.strip_prefix('r').unwrap_or(option))
            };
            let mode = options
                .iter()
                .find_map(|option| option.strip_prefix("mode="));
            Mount {
                source: mount.text("/source").to_owned(),
                destination: mount.text("/destination").to_owned(),
                mode: mode.unwrap_or("").to_owned(),
                writable: !options.iter().any(|option| option == "ro"),
                propagation: options.iter().find(propagates).cloned().unwrap_or_default(),
            }
        })
        .collect()
}

/// A specification does not say "privileged", it only lacks every restriction.
fn is_privileged(spec: &Value) -> bool {
    let writable = |kind: &str| {
        let mut mounts = spec.list("/mounts").iter();
        mounts
            .find(|mount| mount.text("/type") == kind)
            .is_some_and(|mount| !mount.texts("/options").iter().any(|option| option == "ro"))
    };
    spec.pointer("/linux").is_some()
        && spec.list("/linux/maskedPaths").is_empty()
        && spec.list("/linux/readonlyPaths").is_empty()
        && spec.pointer("/linux/seccomp").is_none_or(Value::is_null)
        && writable("sysfs")
        && writable("cgroup")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_specification_without_restrictions_is_privileged() {
        let mut spec = json!({
            "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}]},
            "mounts": [
                {"type": "sysfs", "options": ["nosuid"]},
                {"type": "cgroup", "options": ["rw"]},
                {"type": "bind", "source": "/a", "destination": "/b", "options": ["rbind", "ro", "rslave"]},
            ],
            "process": {"user": {"uid": 1000}, "env": ["A=1", "MESOS_TASK_ID=t"]},
        });
        let container = container(&spec);
        assert!(container.privileged && container.host_network && !container.host_pid);
        assert_eq!(container.mounts.len(), 1);
        assert_eq!(container.mounts[0].to_string(), "/a:/b::false:rslave");
        assert_eq!(
            (container.user.as_str(), container.mesos_task_id.as_str()),
            ("1000", "t")
        );
        spec["linux"]["maskedPaths"] = json!(["/proc/kcore"]);
        assert!(!super::container(&spec).privileged);
        assert!(!super::container(&json!({})).privileged);
    }
}
