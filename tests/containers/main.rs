//! Containers, whole: a real Docker, a live recording of brief containers, and its replay where no
//! engine is asked.

use std::collections::BTreeSet;
use std::path::Path;

use testkit::engines::Docker;
use testkit::live::{self, Live};
use testkit::run::{quarry, sysdig};

/// How many containers are run, each for a few milliseconds.
const CONTAINERS: usize = 20;
/// Everything that the first events of a container lack when it is looked up too late.
const METADATA: &str = "*%container.id %container.name %container.image %container.type";

/// Fields of all events inside containers, one line each.
fn replay(file: &Path, format: &str) -> Vec<String> {
    let file = file.to_str().expect("a plain path");
    let filter = "container.id != host and not evt.type = container";
    quarry(["-r", file, "-p", format, filter]).ok().lines()
}

#[test]
fn brief_containers_are_named_from_their_first_event_live_and_in_the_replay() {
    if !live::possible("brief containers") {
        return;
    }
    let _alone = live::alone();
    let Some(docker) = Docker::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("brief.scap");
    let socket = docker.socket.to_str().expect("a plain path").to_owned();
    let capture = Live::start([
        "-w",
        file.to_str().expect("a plain path"),
        "--buffer",
        "64",
        // A busy machine's Docker may take longer than the usual half second.
        "--container-wait",
        "10s",
        "--docker-socket",
        &socket,
        "container.id != host",
    ]);
    for number in 0..CONTAINERS {
        let name = format!("brief-{number}");
        docker.run(&[
            "run",
            "--rm",
            "--network=none",
            "--name",
            &name,
            "bb:1",
            "/bin/true",
        ]);
    }
    let said = capture.interrupt().ok().stderr;
    assert!(!said.contains("no answer"), "{said}");

    let lines = replay(&file, METADATA);
    let kinds: BTreeSet<&String> = lines.iter().collect();
    assert_eq!(kinds.len(), CONTAINERS, "{kinds:?}");
    for kind in kinds {
        let [id, name, image, engine] = kind.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{kind}");
        };
        assert_eq!((id.len(), image, engine), (12, "bb:1", "docker"), "{kind}");
        assert!(name.starts_with("brief-"), "{kind}");
    }

    // Without the engine the lines are the same: a replay asks nobody.
    let container_lines = || {
        let file = file.to_str().expect("a plain path");
        quarry(["-r", file, "-pc"]).ok().text()
    };
    let before = container_lines();
    drop(docker);
    assert!(
        before == container_lines(),
        "the replay depends on the engine"
    );

    // Debian's sysdig shows the same names for the recording.
    let Some(_) = testkit::require("sysdig shows the names", "sysdig") else {
        return;
    };
    let file = file.to_str().expect("a plain path");
    let theirs = sysdig(["-r", file, "-p", "%container.name", "container.id != host"]).ok();
    let theirs: BTreeSet<String> = theirs.lines().into_iter().collect();
    let ours: BTreeSet<String> = replay(Path::new(file), "%container.name")
        .into_iter()
        .collect();
    assert_eq!(theirs, ours);
}

#[test]
fn without_waiting_the_id_is_right_all_the_same() {
    if !live::possible("containers without waiting") {
        return;
    }
    let _alone = live::alone();
    let Some(docker) = Docker::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("now.scap");
    let capture = Live::start([
        "-w",
        file.to_str().expect("a plain path"),
        "--no-container-engines",
        "--container-wait",
        "0",
        "container.id != host",
    ]);
    let id = docker.run(&["create", "--network=none", "bb:1", "/bin/true"]);
    docker.run(&["start", "-a", &id]);
    capture.interrupt().ok();
    let ids: BTreeSet<String> = replay(&file, "%container.id").into_iter().collect();
    assert_eq!(ids, BTreeSet::from([id[..12].to_owned()]));
}
