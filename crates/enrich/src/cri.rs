//! A socket that speaks CRI, containerd's own API, or both.

pub(crate) mod messages;
pub(crate) mod status;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use state::container::{Container, Engine as Kind, Recognized};
use tokio::sync::{OnceCell, mpsc};

use crate::engine::{BoxFuture, Engine};
use crate::grpc::{self, Client};
use crate::hub::{Hub, Ready};
use crate::{Config, Error, containerd};
use messages as m;

/// Without events, new containers are looked for this often; those seen are asked for at once.
const POLL: Duration = Duration::from_secs(10);

/// News that wait while an inventory is made.
const MAX_NEWS: usize = 1_024;

/// One socket.
pub(crate) struct Cri {
    name: String,
    path: PathBuf,
    is_chosen: bool,
    client: Client,
    max_label_len: usize,
    speech: OnceCell<Speech>,
}

/// What the server speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Speech {
    /// `runtime.v1` or its forerunner, with the kind of engine.
    cri: Option<(&'static str, Kind)>,
    /// containerd's own services.
    native: bool,
}

impl Cri {
    /// A client for this socket. Needs the runtime's context.
    pub(crate) fn new(path: &Path, config: &Config) -> Result<Cri, Error> {
        Ok(Cri {
            name: format!("cri at {}", path.display()),
            path: path.to_owned(),
            is_chosen: config.cri.is_some(),
            client: Client::unix(path, config.cri_timeout)?,
            max_label_len: config.max_label_len,
            speech: OnceCell::new(),
        })
    }

    async fn speech(&self) -> Result<&Speech, Error> {
        self.speech
            .get_or_try_init(|| async {
                let mut cri = None;
                for version in ["runtime.v1", "runtime.v1alpha2"] {
                    let path = format!("/{version}.RuntimeService/Version");
                    let question = m::VersionRequest {
                        version: "v1".to_owned(),
                    };
                    match self
                        .client
                        .call::<_, m::VersionResponse>(&path, question, None)
                        .await
                    {
                        Ok(answer) => {
                            let name = answer.unwrap_or_default().runtime_name;
                            cri = Some((version, status::engine_of(&name)));
                            break;
                        }
                        Err(error) if grpc::is_unimplemented(&error) => {}
                        Err(error) => return Err(error),
                    }
                }
                let native = match cri {
                    Some((_, kind)) if kind != Kind::Containerd => false,
                    _ => containerd::speaks(&self.client).await?,
                };
                Ok(Speech { cri, native })
            })
            .await
    }

    async fn find(&self, id: &str) -> Result<Option<Container>, Error> {
        let speech = self.speech().await?;
        // Names that people choose exist in containerd's own world only; a prefix would do for CRI
        // and find something else.
        if id.len() == 64
            && let Some((version, kind)) = speech.cri
            && let Some(found) = self.cri(version, kind, id).await?
        {
            return Ok(Some(found));
        }
        if speech.native {
            for namespace in containerd::namespaces(&self.client).await? {
                let found = containerd::get(&self.client, &namespace, id, self.max_label_len);
                if let Some(found) = found.await? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// Asks the runtime service for a container, and for a sandbox if it is none.
    async fn cri(&self, version: &str, kind: Kind, id: &str) -> Result<Option<Container>, Error> {
        let path = format!("/{version}.RuntimeService/ContainerStatus");
        let question = m::ContainerStatusRequest {
            container_id: id.to_owned(),
            verbose: true,
        };
        let answer: Option<m::ContainerStatusResponse> =
            self.client.call(&path, question, None).await?;
        let found = answer.and_then(|answer| status::container(&answer, kind, self.max_label_len));
        let Some(mut container) = found else {
            let sandbox = self.sandbox(version, id).await?;
            return Ok(
                sandbox.and_then(|answer| status::sandbox(&answer, kind, self.max_label_len))
            );
        };
        let sandbox = container.pod_sandbox_id.clone();
        // The container alone is better than nothing: errors from here on take nothing away.
        if !sandbox.is_empty()
            && let Ok(Some(answer)) = self.sandbox(version, &sandbox).await
        {
            status::add_sandbox(&mut container, &answer, self.max_label_len);
        }
        if let Some(image) = status::wants_image_id(&container) {
            // Not `ListImages` with a filter, which containerd ignores.
            let path = format!("/{version}.ImageService/ImageStatus");
            let question = m::ImageStatusRequest {
                image: Some(m::ImageSpec {
                    image: image.to_owned(),
                }),
            };
            let answer = self
                .client
                .call::<_, m::ImageStatusResponse>(&path, question, None)
                .await;
            if let Ok(Some(m::ImageStatusResponse { image: Some(image) })) = answer {
                let id = crate::docker::inspect::without_algorithm(&image.id);
                container.image_id = id.to_owned();
            }
        }
        Ok(Some(container))
    }

    async fn sandbox(
        &self,
        version: &str,
        id: &str,
    ) -> Result<Option<m::PodSandboxStatusResponse>, Error> {
        let path = format!("/{version}.RuntimeService/PodSandboxStatus");
        let question = m::PodSandboxStatusRequest {
            pod_sandbox_id: id.to_owned(),
            verbose: true,
        };
        self.client.call(&path, question, None).await
    }

    /// Publishes everything there is now.
    async fn inventory(&self, hub: &Hub, speech: &Speech) -> Result<(), Error> {
        if let Some((version, kind)) = speech.cri {
            let path = format!("/{version}.RuntimeService/ListPodSandbox");
            let sandboxes: Option<m::ListPodSandboxResponse> = self
                .client
                .call(&path, m::ListPodSandboxRequest {}, None)
                .await?;
            let path = format!("/{version}.RuntimeService/ListContainers");
            let containers: Option<m::ListContainersResponse> = self
                .client
                .call(&path, m::ListContainersRequest {}, None)
                .await?;
            let sandboxes = sandboxes.unwrap_or_default().items;
            let containers = containers.unwrap_or_default().containers;
            for listed in sandboxes.into_iter().chain(containers) {
                let short: String = listed.id.chars().take(12).collect();
                if hub.knows(&short) {
                    continue;
                }
                match self.cri(version, kind, &listed.id).await {
                    Ok(Some(container)) => hub.publish(container),
                    Ok(None) => {}
                    Err(error) => hub.health.report(&self.name, &error),
                }
            }
        }
        if speech.native {
            for namespace in containerd::namespaces(&self.client).await? {
                let found = containerd::list(&self.client, &namespace, self.max_label_len).await?;
                found
                    .into_iter()
                    .for_each(|container| hub.publish(container));
            }
        }
        Ok(())
    }

    /// Publishes one container that the engine has spoken of.
    async fn publish(&self, hub: &Hub, id: &str) {
        match self.find(id).await {
            Ok(Some(container)) => hub.publish(container),
            Ok(None) => {}
            Err(error) => hub.health.report(&self.name, &error),
        }
    }

    async fn follow(&self, hub: &Hub, ready: Ready) -> Result<(), Error> {
        let speech = self.speech().await?.clone();
        // Listening begins before the inventory, so that nothing falls in between.
        let (send, mut news) = mpsc::channel(MAX_NEWS);
        let listen = self.listen(&speech, send);
        let tell = async {
            self.inventory(hub, &speech).await?;
            drop(ready);
            while let Some(news) = news.recv().await {
                match news {
                    News::Here(id) => self.publish(hub, &id).await,
                    News::Gone(id) => hub.forget(&id),
                }
            }
            Ok(())
        };
        match tokio::try_join!(listen, tell) {
            // Events are switched off by default in many runtimes, and unknown to older ones.
            Err(error) if grpc::is_unimplemented(&error) => loop {
                self.inventory(hub, &speech).await?;
                tokio::time::sleep(POLL).await;
            },
            ended => ended.map(|_| ()),
        }
    }

    /// Listens to whatever events the engine offers, until it ends.
    async fn listen(&self, speech: &Speech, send: mpsc::Sender<News>) -> Result<(), Error> {
        if speech.native {
            let mut envelopes = containerd::subscribe(&self.client).await?;
            while let Some(envelope) = grpc::next(&mut envelopes).await? {
                let Some(id) = containerd::about(&envelope) else {
                    continue;
                };
                let news = match envelope.topic.as_str() {
                    "/containers/delete" => News::Gone(id),
                    _ => News::Here(id),
                };
                let _ = send.send(news).await;
            }
            return Ok(());
        }
        let Some((version, _)) = speech.cri else {
            return Err(Error::Garbage(
                "speaks neither CRI nor containerd".to_owned(),
            ));
        };
        let path = format!("/{version}.RuntimeService/GetContainerEvents");
        let mut events = self
            .client
            .stream::<_, m::ContainerEvent>(&path, m::GetEventsRequest {})
            .await?;
        while let Some(event) = grpc::next(&mut events).await? {
            let news = match event.kind {
                0 | 1 => News::Here(event.container_id),
                3 => News::Gone(event.container_id),
                _ => continue,
            };
            let _ = send.send(news).await;
        }
        Ok(())
    }
}

/// What an engine says of its own accord.
enum News {
    Here(String),
    Gone(String),
}

impl Engine for Cri {
    fn name(&self) -> &str {
        &self.name
    }

    /// Docker's containers have the shape of containerd's, and Docker knows more about them.
    fn rank(&self, recognized: &Recognized) -> u8 {
        u8::from(recognized.engine == Kind::Docker)
    }

    fn present(&self) -> bool {
        self.path.exists()
    }

    fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    fn may_know(&self, recognized: &Recognized) -> bool {
        matches!(
            recognized.engine,
            Kind::Containerd | Kind::CriO | Kind::Cri | Kind::Docker
        )
    }

    fn lookup<'a>(
        &'a self,
        recognized: &'a Recognized,
    ) -> BoxFuture<'a, Result<Option<Container>, Error>> {
        Box::pin(self.find(&recognized.full_id))
    }

    fn follow(
        self: Arc<Self>,
        hub: Arc<Hub>,
        ready: Ready,
    ) -> BoxFuture<'static, Result<(), Error>> {
        Box::pin(async move { Cri::follow(&self, &hub, ready).await })
    }
}
