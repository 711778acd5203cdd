//! Every shape of cgroup path, and what is almost one.

use super::*;

const H: &str = "833591de52b2c3382043d03b79f1f3de3190e05b1e6a1ffbec3a7c1c52d57d1d";
const H2: &str = "aa6324b38cbb76766c8011dbf6187df2fc9f4b8d01041e6f1b9a51bc35714487";
const POD: &str = "3e41dc6b-08a8-44db-bc2a-3724b18ab19a";
const POD_: &str = "3e41dc6b_08a8_44db_bc2a_3724b18ab19a";
const TASK: &str = "0123456789abcdef0123456789abcdef";

/// Fills the placeholders of a path pattern.
fn fill(pattern: &str) -> String {
    pattern
        .replace("{H2}", H2)
        .replace("{H}", H)
        .replace("{POD_}", POD_)
        .replace("{POD}", POD)
        .replace("{TASK}", TASK)
}

#[test]
fn every_engines_paths_give_engine_and_id() {
    use Engine::*;
    let user = "/user.slice/user-1000.slice/user@1000.service";
    // (path, engine, id in full)
    let cases: &[(&str, Engine, &str)] = &[
        ("/docker/{H}", Docker, "{H}"),
        ("/system.slice/docker-{H}.scope", Docker, "{H}"),
        ("/custom/parent/{H}", Docker, "{H}"),
        ("/my.slice/docker-{H}.scope", Docker, "{H}"),
        ("/system.slice:docker:{H}", Docker, "{H}"),
        ("/kubepods/besteffort/pod{POD}/{H}", Cri, "{H}"),
        ("/kubepods/pod{POD}/{H}", Cri, "{H}"),
        ("/kubelet/kubepods/burstable/pod{POD}/{H}", Cri, "{H}"),
        (
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{POD_}.slice/docker-{H}.scope",
            Docker,
            "{H}",
        ),
        (
            "/kubepods.slice/kubepods-pod{POD_}.slice/cri-containerd-{H}.scope",
            Containerd,
            "{H}",
        ),
        (
            "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod{POD_}.slice/cri-containerd-{H}.scope",
            Containerd,
            "{H}",
        ),
        (
            "/system.slice/containerd.service/kubepods-burstable-pod{POD_}.slice:cri-containerd:{H}",
            Containerd,
            "{H}",
        ),
        ("/default/my-ctr-1", Containerd, "my-ctr-1"),
        ("/default/c1", Containerd, "c1"),
        ("/default/{H}", Containerd, "{H}"),
        ("/system.slice/nerdctl-{H}.scope", Containerd, "{H}"),
        ("/kubepods/burstable/pod{POD}/crio-{H}", CriO, "{H}"),
        (
            "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{POD_}.slice/crio-{H}.scope",
            CriO,
            "{H}",
        ),
        ("/libpod_parent/libpod-{H}", Podman, "{H}"),
        ("/machine.slice/libpod-{H}.scope", Podman, "{H}"),
        ("/machine.slice/libpod-{H}.scope/container", Podman, "{H}"),
        (
            "/system.slice/web.service/libpod-payload-{H}",
            Podman,
            "{H}",
        ),
        ("/web.service/libpod-payload-{H}.scope", Podman, "{H}"),
        (
            "/machine.slice/machine-libpod_pod_{H2}.slice/libpod-{H}.scope",
            Podman,
            "{H}",
        ),
        ("{USER}/user.slice/libpod-{H}.scope", Podman, "{H}"),
        (
            "{USER}/user.slice/libpod-{H}.scope/container",
            Podman,
            "{H}",
        ),
        ("{USER}/user.slice/podman-4711.scope/{H}", Podman, "{H}"),
        ("{USER}/web.service/{H}", Podman, "{H}"),
        ("{USER}/app.slice/docker-{H}.scope", Docker, "{H}"),
        ("/lxc/web", Lxc, "web"),
        ("/lxc/web/init.scope", Lxc, "web"),
        ("/lxc.payload/web", Lxc, "web"),
        ("/lxc.payload.web", Lxc, "web"),
        ("/lxc.payload.web/system.slice/cron.service", Lxc, "web"),
        ("/machine/web.libvirt-lxc", LibvirtLxc, "web"),
        ("/libvirt/lxc/web", LibvirtLxc, "web"),
        (
            r"/machine.slice/machine-lxc\x2dweb.scope",
            LibvirtLxc,
            "web",
        ),
        (
            r"/machine.slice/machine-lxc\x2d4711\x2dweb\x2d1.scope",
            LibvirtLxc,
            "web-1",
        ),
        ("/machine.slice/machine-debian.scope", Nspawn, "debian"),
        (
            r"/machine.slice/machine-my\x2dbox.scope/init.scope",
            Nspawn,
            "my-box",
        ),
        (
            "/machine.slice/systemd-nspawn@debian.service/payload",
            Nspawn,
            "debian",
        ),
        (
            "/machine.slice/systemd-nspawn@debian.service/payload/system.slice/cron.service",
            Nspawn,
            "debian",
        ),
        ("/mesos/{POD}", Mesos, "{POD}"),
        ("/system.slice/mesos/{POD}/leaf", Mesos, "{POD}"),
        ("/mesos/{POD}/mesos/check-1", Mesos, "check-1"),
        ("/mesos/{POD}/mesos/check-1/leaf", Mesos, "check-1"),
        ("/sys.slice/bpm-nats-server_1.0", Bpm, "nats-server_1.0"),
        ("/runc-bpm.slice/bpm-nats.scope", Bpm, "nats"),
        ("/ecs/{TASK}/{H}", Docker, "{H}"),
        (
            "/ecstasks.slice/ecstasks-{TASK}.slice/docker-{H}.scope",
            Docker,
            "{H}",
        ),
        (
            "/ecs/{TASK}/{TASK}-2531612879",
            Containerd,
            "{TASK}-2531612879",
        ),
        // Nested engines: the innermost counts.
        ("/docker/{H}/docker/{H2}", Docker, "{H2}"),
        (
            "/system.slice/docker-{H}.scope/kubepods/besteffort/pod{POD}/{H2}",
            Cri,
            "{H2}",
        ),
        ("/lxc/web/docker/{H}", Docker, "{H}"),
        // Below the container's own init.
        ("/docker/{H}/system.slice/cron.service", Docker, "{H}"),
        // A cgroup namespace in between.
        ("/../../docker-{H}.scope", Docker, "{H}"),
    ];
    for (path, engine, full_id) in cases {
        let path = fill(&path.replace("{USER}", user));
        let full_id = fill(full_id);
        let found = recognize_path(&path).unwrap_or_else(|| panic!("{path}: nothing found"));
        assert_eq!(found.engine, *engine, "{path}");
        assert_eq!(found.full_id, full_id, "{path}");
        let cut = is_hex64(&full_id) || *engine == Containerd && !full_id.starts_with(TASK);
        let id: String = full_id.chars().take(if cut { 12 } else { 99 }).collect();
        assert_eq!(found.id, id, "{path}");
        assert_eq!(found.uid, path.starts_with(user).then_some(1000), "{path}");
    }
}

#[test]
fn near_misses_are_the_host() {
    let cases = [
        "",
        "/",
        "/docker",
        "/docker/",
        "/docker/{H}0",
        "/docker/g{H}",
        "/system.slice/docker.service",
        "/system.slice/docker-{H}0.scope",
        "/system.slice/docker-{H}.service",
        "/system.slice/docker-{H}",
        "/system.slice/containerd.service",
        "/system.slice/ssh.service",
        "/user.slice/user-0.slice/session-3.scope",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-x-1.scope",
        "/kubepods.slice/kubepods-pod{POD_}.slice/crio-conmon-{H}.scope",
        "/kubepods/pod{POD}/crio-conmon-{H}",
        "/kubepods/burstable/pod{POD}",
        "/machine.slice/libpod-conmon-{H}.scope",
        "/libpod_parent/conmon",
        "/libpod_parent/libpod-conmon-{H}",
        "/lxc.monitor.web",
        "/lxc.monitor/web",
        "/lxc",
        "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope",
        "/machine.slice/systemd-nspawn@debian.service/supervisor",
        "/machine.slice",
        "/docker/buildkit/abcdefghijklmnopqrstuvwxy",
        "/docker/buildkit",
        "/mesos/agent/leaf",
        "/mesos",
        "/ecs/{TASK}",
        "/ecs/{TASK}/{TASK}-",
        "/init.scope",
        "/system.slice/snap.lxd.daemon.service",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-flatpak-org.gnome.Maps-4.scope",
        "/snap.docker.dockerd/x.service",
        "/default/web.service",
        "/default/a/b",
        "/default/-x",
    ];
    for path in cases {
        let path = fill(path);
        assert_eq!(recognize_path(&path), None, "{path}");
    }
    let upper = format!("/docker/{}", H.to_uppercase());
    assert_eq!(recognize_path(&upper), None);
}

#[test]
fn pods_are_known_from_the_path_alone() {
    let cases = [
        ("/kubepods/besteffort/pod{POD}/{H}", POD, Qos::BestEffort),
        ("/kubepods/burstable/pod{POD}/{H}", POD, Qos::Burstable),
        ("/kubepods/pod{POD}/crio-{H}", POD, Qos::Guaranteed),
        ("/kubepods/pod{TASK}/{H}", TASK, Qos::Guaranteed),
        (
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{POD_}.slice/docker-{H}.scope",
            POD,
            Qos::Burstable,
        ),
        (
            "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{POD_}.slice/cri-containerd-{H}.scope",
            POD,
            Qos::Guaranteed,
        ),
        (
            "/system.slice/containerd.service/kubepods-besteffort-pod{POD_}.slice:cri-containerd:{H}",
            POD,
            Qos::BestEffort,
        ),
    ];
    for (path, uid, qos) in cases {
        let path = fill(path);
        let pod = recognize_path(&path).and_then(|found| found.pod);
        let uid = uid.to_owned();
        assert_eq!(pod, Some(PodCgroup { uid, qos }), "{path}");
    }
    assert_eq!(pod_cgroup("/kubepods/burstable"), None);
    assert_eq!(pod_cgroup("/kubepods/podcast"), None);
    assert!(pod_cgroup(&fill("/kubepods/burstable/pod{POD}")).is_some());
}

#[test]
fn ecs_tasks_are_known_from_the_path_alone() {
    for path in [
        "/ecs/{TASK}/{H}",
        "/ecstasks.slice/ecstasks-{TASK}.slice/docker-{H}.scope",
        "/ecs/{TASK}/{TASK}-1",
    ] {
        let found = recognize_path(&fill(path)).expect(path);
        assert_eq!(found.ecs_task.as_deref(), Some(TASK), "{path}");
    }
    assert_eq!(recognize_path(&fill("/docker/{H}")).unwrap().ecs_task, None);
}

#[test]
fn a_strict_match_in_a_later_hierarchy_beats_a_loose_one() {
    let strict = fill("memory=/docker/{H}");
    let items: [&[u8]; 3] = [b"name=systemd=/default/c1", b"cpu=/", strict.as_bytes()];
    assert_eq!(recognize(items).unwrap().full_id, H);
    let items: [&[u8]; 2] = [b"name=systemd=/default/c1", b"cpu=/default/c1"];
    assert_eq!(recognize(items).unwrap().id, "c1");
    // A service that uses one hierarchy for purposes of its own.
    let items: [&[u8]; 3] = [b"cpu=/", b"memory=/workers/0b479e8e0c50", b"pids=/"];
    assert_eq!(recognize(items), None);
    let items: [&[u8]; 2] = [b"\xff\xfe=/docker/x", b""];
    assert_eq!(recognize(items), None);
}

#[test]
fn rkt_apps_are_known_from_the_process_root() {
    let inside = rkt_root("/opt/stage2/web/rootfs", Some(POD)).unwrap();
    assert_eq!(inside.id, format!("{POD}:web"));
    let outside = format!("/var/lib/rkt/pods/run/{POD}/stage1/rootfs/opt/stage2/web/rootfs");
    assert_eq!(rkt_root(&outside, None), Some(inside));
    assert_eq!(rkt_root("/opt/stage2/web/rootfs", None), None);
    assert_eq!(rkt_root("/opt/stage2/web", Some(POD)), None);
    assert_eq!(rkt_root("/", Some(POD)), None);
    let env = [
        b"A=1".to_vec(),
        format!("container_uuid={POD}").into_bytes(),
    ];
    assert!(rkt(b"/opt/stage2/web/rootfs/", &env).is_some());
    assert!(rkt(b"/opt/stage2/web/rootfs/", &[]).is_none());
}
