//! From cgroup paths to a container id. Pure text work: no engine is asked and no file is read.
//!
//! One element of the path is looked at together with those in front of it, innermost first, so
//! that of nested engines the inner one is found. The shapes are those that each engine's cgroup
//! drivers make; a bare 64-digit element belongs to Docker unless its surroundings say otherwise,
//! because Docker lets users choose any parent.

use super::Engine;

/// What a cgroup path says about the container.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Recognized {
    /// The id as fields and events name the container: cut to 12 characters for engines that give
    /// hexadecimal ids.
    pub id: String,
    /// The id in full.
    pub full_id: String,
    /// The engine the path points to. Several engines share the shape of a bare id; the one that
    /// answers for the id is right.
    pub engine: Engine,
    /// The pod, when the path goes through Kubernetes' part of the tree.
    pub pod: Option<PodCgroup>,
    /// The ECS task, when its agent manages the cgroups.
    pub ecs_task: Option<String>,
    /// The path that was recognised; empty for rkt, which makes none of its own.
    pub path: String,
    /// The user whose engine runs the container, for rootless engines.
    pub uid: Option<u32>,
}

/// A pod as the kubelet names it in cgroups.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PodCgroup {
    /// The pod's UID; of static pods the hash of the manifest.
    pub uid: String,
    /// Quality of service class.
    pub qos: Qos,
}

/// Quality of service classes of Kubernetes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Qos {
    Guaranteed,
    Burstable,
    BestEffort,
}

impl Qos {
    /// The name Kubernetes shows.
    pub fn name(self) -> &'static str {
        match self {
            Qos::Guaranteed => "Guaranteed",
            Qos::Burstable => "Burstable",
            Qos::BestEffort => "BestEffort",
        }
    }
}

/// Finds the container in a thread's `subsystem=path` items (bare paths are fine too).
///
/// The loosest shape, containerd's `/NAMESPACE/ID`, is tried only when no path has a stricter one,
/// and only when all hierarchies agree: runc puts a container into each of them, while a service
/// that limits the memory of its children makes such a path in one.
pub fn recognize<'a>(cgroups: impl IntoIterator<Item = &'a [u8]> + Clone) -> Option<Recognized> {
    let paths = || {
        cgroups
            .clone()
            .into_iter()
            .filter_map(|item| std::str::from_utf8(path_of(item)).ok())
    };
    // Threads have a dozen hierarchies with mostly one and the same path.
    let mut last = "";
    for path in paths() {
        if path != last {
            if let Some(found) = strict(path) {
                return Some(found);
            }
            last = path;
        }
    }
    let first = paths().next()?;
    let agree = paths().all(|path| path == first);
    agree.then(|| loose(first))?
}

/// Finds the container in one cgroup path.
///
/// ```
/// use state::container::{recognize_path, Engine};
/// let id = "0123456789abcdef".repeat(4);
/// let found = recognize_path(&format!("/system.slice/docker-{id}.scope")).unwrap();
/// assert_eq!((found.engine, found.id.as_str()), (Engine::Docker, "0123456789ab"));
/// assert!(recognize_path("/user.slice/user-0.slice/session-3.scope").is_none());
/// ```
pub fn recognize_path(path: &str) -> Option<Recognized> {
    strict(path).or_else(|| loose(path))
}

/// The pod of a path, also where no container is named (the pod's own cgroup).
pub fn pod_cgroup(path: &str) -> Option<PodCgroup> {
    if !path.contains("kubepods") {
        return None;
    }
    let qos = if path.contains("besteffort") {
        Qos::BestEffort
    } else if path.contains("burstable") {
        Qos::Burstable
    } else {
        Qos::Guaranteed
    };
    path.split('/').rev().find_map(|element| {
        // systemd: `[kubelet-]kubepods[-burstable]-podUID.slice`, where dashes nest slices and
        // those of the UID are written as underscores. The cgroupfs driver may be given the same
        // name in front of `:ENGINE:ID`.
        let uid = match element.split(".slice").next() {
            Some(slice) if slice.len() < element.len() => {
                slice.rsplit_once("-pod")?.1.replace('_', "-")
            }
            _ => element.strip_prefix("pod")?.to_owned(),
        };
        let well_formed = uid.len() >= 32
            && uid.len() <= 64
            && uid.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        well_formed.then_some(PodCgroup { uid, qos })
    })
}

/// The rkt container of a process root, as `(pod UUID, app)`.
///
/// The UUID is part of the path only when seen from the host; otherwise it comes from
/// `container_uuid=` in an ancestor's environment, passed in by the caller.
pub fn rkt_root(root: &str, container_uuid: Option<&str>) -> Option<Recognized> {
    let (uuid, app) = match root.strip_prefix("/var/lib/rkt/pods/run/") {
        Some(rest) => {
            let (uuid, rest) = rest.split_once('/')?;
            (uuid, rest.strip_prefix("stage1/rootfs/opt/stage2/")?)
        }
        None => (container_uuid?, root.strip_prefix("/opt/stage2/")?),
    };
    let app = app.strip_suffix("/rootfs")?;
    let well_formed = !app.is_empty() && !app.contains('/') && is_uuid(uuid);
    well_formed.then(|| whole(Engine::Rkt, &format!("{uuid}:{app}")))
}

/// Takes any bytes as cgroup items, for fuzzers: no panic, and ids that are parts of a path.
pub fn fuzz_recognize(bytes: &[u8]) {
    if let Some(found) = recognize(bytes.split(|&b| b == 0)) {
        assert!(!found.id.is_empty() && found.full_id.starts_with(&found.id));
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = (
        recognize_path(&text),
        pod_cgroup(&text),
        rkt_root(&text, Some(&text)),
    );
}

/// The rkt container of a thread with this root directory and environment.
pub fn rkt(root: &[u8], env: &[Vec<u8>]) -> Option<Recognized> {
    let root = std::str::from_utf8(root).ok()?;
    // Nearly every thread ends here, for the price of one comparison.
    let root = root.strip_suffix('/').unwrap_or(root);
    if !root.ends_with("/rootfs") {
        return None;
    }
    let uuid = env.iter().find_map(|variable| {
        let value = variable.strip_prefix(b"container_uuid=")?;
        std::str::from_utf8(value).ok()
    });
    rkt_root(root, uuid)
}

/// The path of a `subsystem=path` item.
fn path_of(item: &[u8]) -> &[u8] {
    // The subsystem may hold an equals sign itself (`name=systemd`), the path begins with `/`.
    item.windows(2)
        .position(|pair| pair == b"=/")
        .map_or(item, |at| &item[at + 1..])
}

fn strict(path: &str) -> Option<Recognized> {
    let elements: Vec<&str> = path.split('/').collect();
    let mut found = (0..elements.len()).rev().find_map(|at| {
        let before = |n: usize| at.checked_sub(n).map_or("", |i| elements[i]);
        let element = elements[at];
        bare_id(element, before(1), before(2), before(3), at)
            .or_else(|| named_scope(element))
            .or_else(|| chosen_name(element, before(1), before(2)))
            .or_else(|| nspawn_payload(element, before(1)))
            .or_else(|| fargate(element, before(1), before(2)))
    })?;
    found.path = path.to_owned();
    found.pod = pod_cgroup(path);
    found.uid = user_of(&elements);
    if found.ecs_task.is_none() {
        found.ecs_task = ecs_task(&elements);
    }
    Some(found)
}

/// An element that is nothing but 64 hexadecimal digits; `at` is its position in the path.
fn bare_id(
    element: &str,
    parent: &str,
    grandparent: &str,
    great_grandparent: &str,
    at: usize,
) -> Option<Recognized> {
    if !is_hex64(element) {
        return None;
    }
    let engine = if parent.starts_with("pod") && grandparent_is_kube(grandparent, great_grandparent)
    {
        // Docker and every runtime behind CRI make the same path here.
        Engine::Cri
    } else if parent.starts_with("podman-") && parent.ends_with(".scope")
        || parent.ends_with(".service") && grandparent.starts_with("user@")
    {
        Engine::Podman
    } else if parent == "lxc" || parent == "lxc.payload" {
        return None;
    } else if at == 2 && matches!(parent, "default" | "k8s.io") {
        Engine::Containerd
    } else {
        Engine::Docker
    };
    Some(hex(engine, element))
}

fn grandparent_is_kube(grandparent: &str, great_grandparent: &str) -> bool {
    [grandparent, great_grandparent]
        .iter()
        .any(|name| name.contains("kubepods"))
}

/// `PREFIX-H.scope` and its kin, where the prefix names the engine.
fn named_scope(element: &str) -> Option<Recognized> {
    /// (prefix, engine, whether `.scope` may be missing)
    const PREFIXES: &[(&str, Engine, bool)] = &[
        ("docker", Engine::Docker, false),
        ("cri-containerd", Engine::Containerd, false),
        ("nerdctl", Engine::Containerd, false),
        ("crio", Engine::CriO, true),
        ("libpod", Engine::Podman, true),
        ("libpod-payload", Engine::Podman, true),
    ];
    // A cgroupfs driver that is handed a systemd-style parent makes `UNIT.slice:PREFIX:H`.
    let mut colons = element.splitn(3, ':');
    if let (Some(unit), Some(prefix), Some(id)) = (colons.next(), colons.next(), colons.next()) {
        let row = PREFIXES.iter().find(|row| row.0 == prefix)?;
        return (unit.ends_with(".slice") && is_hex64(id)).then(|| hex(row.1, id));
    }
    let (name, scope) = match element.strip_suffix(".scope") {
        Some(name) => (name, true),
        None => (element, false),
    };
    let (prefix, id) = name.rsplit_once('-')?;
    let row = PREFIXES.iter().find(|row| row.0 == prefix)?;
    ((scope || row.2) && is_hex64(id)).then(|| hex(row.1, id))
}

/// Engines whose containers have names chosen by people.
fn chosen_name(element: &str, parent: &str, grandparent: &str) -> Option<Recognized> {
    if element.is_empty() {
        return None;
    }
    match parent {
        "lxc" if grandparent == "libvirt" => return Some(whole(Engine::LibvirtLxc, element)),
        "lxc" | "lxc.payload" => return Some(whole(Engine::Lxc, element)),
        "mesos" if is_mesos_id(element, grandparent) => {
            return Some(whole(Engine::Mesos, element));
        }
        _ => {}
    }
    let nonempty = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    if let Some(name) = element.strip_prefix("lxc.payload.").and_then(nonempty) {
        return Some(whole(Engine::Lxc, &name));
    }
    if let Some(name) = element.strip_suffix(".libvirt-lxc").and_then(nonempty) {
        return Some(whole(Engine::LibvirtLxc, &name));
    }
    let name = element.strip_suffix(".scope").unwrap_or(element);
    if let Some(name) = name.strip_prefix("bpm-") {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        return (!name.is_empty() && name.bytes().all(plain)).then(|| whole(Engine::Bpm, name));
    }
    let machine = element.strip_prefix("machine-")?.strip_suffix(".scope")?;
    let machine = unescape(machine);
    if let Some(name) = machine.strip_prefix("lxc-") {
        // Newer libvirt puts the init's pid in front of the name.
        let name = match name.split_once('-') {
            Some((pid, rest)) if !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit()) => rest,
            _ => name,
        };
        return nonempty(name).map(|name| whole(Engine::LibvirtLxc, &name));
    }
    if machine.starts_with("qemu-") || machine.starts_with("libpod_pod") {
        return None;
    }
    nonempty(&machine).map(|name| whole(Engine::Nspawn, &name))
}

/// `systemd-nspawn@NAME.service/payload`; beside it lies `supervisor`, which is the host's.
fn nspawn_payload(element: &str, parent: &str) -> Option<Recognized> {
    let name = parent
        .strip_prefix("systemd-nspawn@")?
        .strip_suffix(".service")?;
    (element == "payload" && !name.is_empty()).then(|| whole(Engine::Nspawn, &unescape(name)))
}

/// `/ecs/TASKID/TASKID-NUMBER`, which is what a container of ECS Fargate sees of itself.
fn fargate(element: &str, parent: &str, grandparent: &str) -> Option<Recognized> {
    let number = element.strip_prefix(parent)?.strip_prefix('-')?;
    let well_formed = grandparent == "ecs"
        && is_task_id(parent)
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit());
    well_formed.then(|| whole(Engine::Containerd, element))
}

/// `/NAMESPACE/ID` of containerd: any two identifiers. It is so loose that the first elements
/// which other software is known to use are left out.
fn loose(path: &str) -> Option<Recognized> {
    const OTHERS: &[&str] = &[
        "docker",
        "libpod_parent",
        "lxc",
        "lxc.payload",
        "lxc.monitor",
        "lxc.pivot",
        "mesos",
        "ecs",
        "kubepods",
        "kubelet",
        "libvirt",
        "machine",
        "system",
        "user",
        "elogind",
        "garden",
        "buildkit",
        "actions_job",
    ];
    let (namespace, id) = path.strip_prefix('/')?.split_once('/')?;
    let unit = |name: &str| {
        [".service", ".slice", ".scope", ".mount", ".socket", ".swap"]
            .iter()
            .any(|suffix| name.ends_with(suffix))
    };
    let fits = is_containerd_id(namespace)
        && is_containerd_id(id)
        && !unit(namespace)
        && !unit(id)
        && !OTHERS.contains(&namespace)
        && !namespace.starts_with("lxc.")
        && !["libpod-conmon", "crio-conmon", "conmon", "machine-"]
            .iter()
            .any(|prefix| id.starts_with(prefix));
    fits.then(|| Recognized {
        id: id.chars().take(12).collect(),
        full_id: id.to_owned(),
        engine: Engine::Containerd,
        path: path.to_owned(),
        ..Recognized::default()
    })
}

fn hex(engine: Engine, full_id: &str) -> Recognized {
    Recognized {
        id: full_id[..12].to_owned(),
        full_id: full_id.to_owned(),
        engine,
        ..Recognized::default()
    }
}

fn whole(engine: Engine, id: &str) -> Recognized {
    Recognized {
        id: id.to_owned(),
        full_id: id.to_owned(),
        engine,
        ..Recognized::default()
    }
}

fn is_hex64(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| {
            if matches!(at, 8 | 13 | 18 | 23) {
                b == b'-'
            } else {
                b.is_ascii_hexdigit()
            }
        })
}

/// Top-level containers of Mesos have UUIDs; those nested below one may have any name.
fn is_mesos_id(element: &str, grandparent: &str) -> bool {
    is_uuid(element) || (!grandparent.is_empty() && is_uuid(grandparent))
}

/// New ARNs end in 32 hexadecimal digits, old ones in a UUID.
fn is_task_id(text: &str) -> bool {
    is_uuid(text) || text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn ecs_task(elements: &[&str]) -> Option<String> {
    let cgroupfs = elements
        .windows(2)
        .find(|pair| pair[0] == "ecs" && is_task_id(pair[1]))
        .map(|pair| pair[1]);
    let systemd = || {
        elements.iter().find_map(|element| {
            let id = element.strip_prefix("ecstasks-")?.strip_suffix(".slice")?;
            is_task_id(id).then_some(id)
        })
    };
    cgroupfs.or_else(systemd).map(str::to_owned)
}

/// The user of `user-UID.slice` or `user@UID.service`.
fn user_of(elements: &[&str]) -> Option<u32> {
    elements.iter().find_map(|element| {
        let digits = element
            .strip_prefix("user-")
            .and_then(|rest| rest.strip_suffix(".slice"))
            .or_else(|| element.strip_prefix("user@")?.strip_suffix(".service"))?;
        digits.parse().ok()
    })
}

/// containerd's identifiers: letters and digits, singly separated by `.`, `_` or `-`, up to 76.
fn is_containerd_id(text: &str) -> bool {
    let mut separated = true;
    for b in text.bytes() {
        match b {
            b if b.is_ascii_alphanumeric() => separated = false,
            b'.' | b'_' | b'-' if !separated => separated = true,
            _ => return false,
        }
    }
    !separated && text.len() <= 76
}

/// Undoes systemd's `\x2d` escapes.
fn unescape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = tail
            .strip_prefix(b"x")
            .and_then(|digits| digits.get(..2))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) if first == b'\\' => {
                out.push(byte);
                rest = &tail[3..];
            }
            _ => {
                out.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
#[path = "recognize_tests.rs"]
mod tests;
