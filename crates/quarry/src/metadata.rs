//! Starts looking up container metadata for a live capture.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use enrich::{Config, Health, Watch, kubernetes};
use inspect::WithMetadata;
use source::Source;

use crate::messages::{Failure, say};
use crate::options::Containers;
use crate::options::containers::Engine;

/// A running look-up, to be joined to the source of events.
pub(crate) struct Metadata {
    watch: Watch,
    wait: Duration,
}

impl Metadata {
    /// Starts asking engines, unless nobody shall be asked. `users` says whether those of
    /// containers are wanted too; troubles are counted in `health`.
    pub(crate) fn start(
        options: &Containers,
        users: bool,
        health: &Arc<Health>,
    ) -> Result<Option<Metadata>, Failure> {
        if options.no_container_engines {
            return Ok(None);
        }
        let mut config = config(options)?;
        config.users = users;
        config.health = Arc::clone(health);
        let watch = Watch::start(config)
            .map_err(|error| Failure::usage(format!("container metadata: {error}")))?;
        Ok(Some(Metadata {
            watch,
            wait: options.container_wait.0,
        }))
    }

    /// Joins the answers to the events.
    pub(crate) fn join(self, source: Box<dyn Source>) -> Box<dyn Source> {
        Box::new(WithMetadata::new(source, self.watch, self.wait))
    }
}

/// Says what went wrong, each kind of trouble once.
pub(crate) fn warn(health: &Health) {
    for trouble in health.all() {
        say(format!("warning: {trouble}"));
    }
}

fn config(options: &Containers) -> Result<Config, Failure> {
    let mut config = Config::from_env();
    let given = |paths: &[PathBuf]| (!paths.is_empty()).then(|| paths.to_vec());
    config.docker = given(&options.docker_socket);
    config.podman = given(&options.podman_socket);
    config.cri = given(&options.cri);
    config.cri_timeout = Duration::from_millis(options.cri_timeout);
    if options.node_name.is_some() {
        config.node_name.clone_from(&options.node_name);
    }
    for engine in &options.no_engine {
        match engine {
            Engine::Docker => config.docker = Some(Vec::new()),
            Engine::Podman => {
                config.podman = Some(Vec::new());
                config.podman_storage = false;
            }
            Engine::Cri => config.cri = Some(Vec::new()),
            Engine::Local => config.local = false,
            Engine::Ecs => config.ecs = None,
        }
    }
    if let Some(url) = given_or(&options.k8s_api, "SYSDIG_K8S_API") {
        config.kubernetes = Some(api_server(url, options)?);
    }
    Ok(config)
}

/// An option, or the variable that stands for it.
fn given_or(option: &Option<String>, variable: &str) -> Option<String> {
    option
        .clone()
        .or_else(|| std::env::var(variable).ok())
        .filter(|value| !value.is_empty())
}

/// The API server with its credentials, in sysdig's form or by options of their own.
fn api_server(url: String, options: &Containers) -> Result<kubernetes::Config, Failure> {
    let mut config = kubernetes::Config {
        url,
        ca_file: options.k8s_ca.clone(),
        ..kubernetes::Config::default()
    };
    let files = given_or(&options.k8s_api_cert, "SYSDIG_K8S_API_CERT");
    let files: Vec<&str> = match &files {
        Some(files) => files.split(':').collect(),
        None => Vec::new(),
    };
    match files.as_slice() {
        [] => {}
        [token] if !token.is_empty() => config.token_file = Some(PathBuf::from(token)),
        [certificate, key, ca @ ..]
            if ca.len() <= 1 && files.iter().all(|file| !file.is_empty()) =>
        {
            if key.contains('#') {
                return Err(Failure::usage(
                    "-K: keys with a password are not supported\n  decrypt it first: openssl pkey \
                     -in KEY -out FILE",
                ));
            }
            config.client_certificate = Some((PathBuf::from(certificate), PathBuf::from(key)));
            if let [ca] = ca {
                config.ca_file = Some(PathBuf::from(ca));
            }
        }
        // The text itself is not repeated: it may hold a secret put there by mistake.
        _ => {
            return Err(Failure::usage(
                "-K: expected a token file or CERT:KEY[:CA], found another number of parts",
            ));
        }
    }
    Ok(config)
}
