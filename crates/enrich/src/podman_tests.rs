//! Podman's native answers and its files.

use super::*;
use crate::docker::inspect;
use crate::fixtures;
use serde_json::json;

#[test]
fn a_native_answer_names_image_and_digest() {
    let Some(answer) = fixtures::json("podman/podman-4.3-libpod-inspect-running.json") else {
        return;
    };
    let mut c = inspect::container(&answer, 100).unwrap();
    add_native(&mut c, &answer);
    assert_eq!(c.engine, container::Engine::Podman);
    assert_eq!((c.id.as_str(), c.name.as_str()), ("de41a4e43919", "web-1"));
    assert_eq!(c.image, "localhost/redis:7.2");
    assert_eq!(
        (c.image_repository.as_str(), c.image_tag.as_str()),
        ("localhost/redis", "7.2")
    );
    assert!(c.image_digest.starts_with("sha256:6043b2f0"));
    assert!(c.image_id.starts_with("7328f6a9"));
    assert_eq!(c.mounts[0].to_string(), "/srv/data:/data::false:rprivate");
    assert_eq!(c.labels["tier"], "front");
    assert_eq!(c.memory_limit, 67_108_864);
    assert!(!c.privileged && !c.is_pod_sandbox);
}

/// A storage folder with one container in it.
fn storage(driver: &str, folder: &Path) -> String {
    let id = "de41a4e4391959fc33d12d846dd93201f8114087bb4a1c47c9bae4d61d837d97";
    let containers = folder.join(format!("{driver}-containers"));
    std::fs::create_dir_all(containers.join(id).join("userdata")).unwrap();
    let metadata = json!({"image-name": "localhost/redis:7.2", "name": "web-1"}).to_string();
    let list = json!([
        {"id": "0".repeat(64), "names": ["other"]},
        {"id": id, "names": ["web-1"], "image": "7328f6a9", "metadata": metadata,
         "created": "2026-11-21T01:06:55.704510817Z", "flags": {"x": null}},
    ]);
    std::fs::write(containers.join("containers.json"), list.to_string()).unwrap();
    let spec = json!({"annotations": {"io.podman.annotations.privileged": "TRUE"},
        "linux": {"namespaces": [{"type": "network"}]}});
    std::fs::write(
        containers.join(id).join("userdata/config.json"),
        spec.to_string(),
    )
    .unwrap();
    id.to_owned()
}

#[test]
fn containers_are_found_in_the_storage_of_root_and_of_users() {
    let root = tempfile::tempdir().unwrap();
    let config = Config {
        host_root: root.path().to_owned(),
        ..Config::default()
    };
    let id = storage("overlay", &root.path().join("var/lib/containers/storage"));
    storage(
        "vfs",
        &root.path().join("home/me/.local/share/containers/storage"),
    );
    std::fs::create_dir(root.path().join("etc")).unwrap();
    let passwd = "root:x:0:0::/root:/bin/sh\nbroken\nme:x:1000:1000::/home/me:/bin/sh\n";
    std::fs::write(root.path().join("etc/passwd"), passwd).unwrap();

    let found = |uid| {
        let recognized = Recognized {
            full_id: id.clone(),
            uid,
            ..Recognized::default()
        };
        Storage::new(&config).find(&recognized).unwrap()
    };
    for uid in [None, Some(1000)] {
        let c = found(uid).expect("a container");
        assert_eq!(
            (c.name.as_str(), c.image.as_str()),
            ("web-1", "localhost/redis:7.2")
        );
        assert!(c.privileged && c.host_pid && !c.host_network);
        assert_eq!(c.created_time_s, 1_795_223_215);
    }
    assert_eq!(found(Some(1001)), None);
    let list = root
        .path()
        .join("var/lib/containers/storage/overlay-containers/containers.json");
    std::fs::write(list, "[{").unwrap();
    let recognized = Recognized {
        full_id: id.clone(),
        ..Recognized::default()
    };
    assert!(Storage::new(&config).find(&recognized).is_err());
}
