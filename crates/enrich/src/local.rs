//! Engines without a daemon to ask: what their names and files say.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use state::container::{Container, Engine as Kind, LookupState, Recognized};

use crate::engine::{BoxFuture, Engine};
use crate::hub::{Hub, Ready};
use crate::image::ImageRef;
use crate::json::Peek;
use crate::{Config, Error};

/// LXC, libvirt-lxc, systemd-nspawn, bpm and rkt.
pub(crate) struct Local {
    host_root: PathBuf,
}

impl Local {
    pub(crate) fn new(config: &Config) -> Local {
        Local {
            host_root: config.host_root.clone(),
        }
    }

    fn container(&self, recognized: &Recognized) -> Container {
        let mut container = Container {
            lookup: LookupState::Found,
            name: recognized.full_id.clone(),
            ..Container::unknown(recognized)
        };
        if recognized.engine == Kind::Rkt {
            self.add_rkt(&mut container);
        }
        container
    }

    /// An rkt app's image stands in a manifest of its pod.
    fn add_rkt(&self, container: &mut Container) {
        let Some((uuid, app)) = container.full_id.split_once(':') else {
            return;
        };
        container.name = app.to_owned();
        let pod = self.host_root.join("var/lib/rkt/pods/run").join(uuid);
        let read = |path: PathBuf| -> Option<Value> {
            serde_json::from_slice(&std::fs::read(path).ok()?).ok()
        };
        if let Some(manifest) = read(pod.join("appsinfo").join(app).join("manifest")) {
            let version = manifest.list("/labels").iter().find_map(|label| {
                (label.text("/name") == "version").then(|| label.text("/value").to_owned())
            });
            let name = manifest.text("/name");
            container.image = match version {
                Some(version) => format!("{name}:{version}"),
                None => name.to_owned(),
            };
            let reference = ImageRef::parse(&container.image);
            container.image_repository = reference.repository;
            container.image_tag = reference.tag;
        }
        if let Some(nets) = read(pod.join("net-info.json")) {
            container.ip = nets.text("/0/ip").to_owned();
        }
    }
}

impl Engine for Local {
    fn name(&self) -> &str {
        "local files"
    }

    fn present(&self) -> bool {
        true
    }

    fn may_know(&self, recognized: &Recognized) -> bool {
        matches!(
            recognized.engine,
            Kind::Lxc | Kind::LibvirtLxc | Kind::Nspawn | Kind::Bpm | Kind::Rkt
        )
    }

    fn lookup<'a>(
        &'a self,
        recognized: &'a Recognized,
    ) -> BoxFuture<'a, Result<Option<Container>, Error>> {
        Box::pin(async move { Ok(Some(self.container(recognized))) })
    }

    fn follow(
        self: Arc<Self>,
        _hub: Arc<Hub>,
        ready: Ready,
    ) -> BoxFuture<'static, Result<(), Error>> {
        Box::pin(async move {
            drop(ready);
            std::future::pending().await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rkt_apps_image_comes_from_its_manifest() {
        let root = tempfile::tempdir().unwrap();
        let uuid = "3e41dc6b-08a8-44db-bc2a-3724b18ab19a";
        let pod = root.path().join("var/lib/rkt/pods/run").join(uuid);
        std::fs::create_dir_all(pod.join("appsinfo/web")).unwrap();
        let manifest = r#"{"name":"example.com/web","labels":[{"name":"version","value":"1.2"}]}"#;
        std::fs::write(pod.join("appsinfo/web/manifest"), manifest).unwrap();
        std::fs::write(pod.join("net-info.json"), r#"[{"ip":"172.16.28.2"}]"#).unwrap();
        let local = Local::new(&Config {
            host_root: root.path().to_owned(),
            ..Config::default()
        });
        let found = state::container::rkt_root("/opt/stage2/web/rootfs", Some(uuid)).unwrap();
        let container = local.container(&found);
        assert_eq!(container.name, "web");
        assert_eq!(container.image, "example.com/web:1.2");
        assert_eq!(
            (container.image_tag.as_str(), container.ip.as_str()),
            ("1.2", "172.16.28.2")
        );
    }
}
