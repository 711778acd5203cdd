//! containerd's own API, for containers that did not come through CRI: `ctr`, nerdctl and others.

pub(crate) mod messages;

use serde_json::Value;
use state::container::{Container, Engine};
use tonic::Streaming;

use crate::grpc::{self, Client};
use crate::image::ImageRef;
use crate::json::Peek;
use crate::{Error, oci};
use messages as m;

/// Namespace of containers made through CRI, which the runtime service describes better.
pub(crate) const KUBERNETES: &str = "k8s.io";
/// Namespace of Docker's containers, of which containerd knows next to nothing.
const DOCKER: &str = "moby";

/// The namespaces whose containers are described here.
pub(crate) async fn namespaces(client: &Client) -> Result<Vec<String>, Error> {
    let path = "/containerd.services.namespaces.v1.Namespaces/List";
    let answer: Option<m::ListNamespacesResponse> =
        client.call(path, m::ListNamespacesRequest {}, None).await?;
    let names = answer
        .unwrap_or_default()
        .namespaces
        .into_iter()
        .map(|item| item.name);
    Ok(names
        .filter(|name| name != DOCKER && name != KUBERNETES)
        .collect())
}

/// All containers of a namespace.
pub(crate) async fn list(
    client: &Client,
    namespace: &str,
    max_label_len: usize,
) -> Result<Vec<Container>, Error> {
    let path = "/containerd.services.containers.v1.Containers/List";
    let answer: Option<m::ListContainersResponse> = client
        .call(path, m::ListContainersRequest {}, Some(namespace))
        .await?;
    let mut containers = Vec::new();
    for found in answer.unwrap_or_default().containers {
        let mut container = container(&found, max_label_len);
        add_digest(client, namespace, &mut container).await;
        containers.push(container);
    }
    Ok(containers)
}

/// One container of a namespace.
pub(crate) async fn get(
    client: &Client,
    namespace: &str,
    id: &str,
    max_label_len: usize,
) -> Result<Option<Container>, Error> {
    let path = "/containerd.services.containers.v1.Containers/Get";
    let question = m::GetContainerRequest { id: id.to_owned() };
    let answer: Option<m::GetContainerResponse> =
        client.call(path, question, Some(namespace)).await?;
    let Some(found) = answer.and_then(|answer| answer.container) else {
        return Ok(None);
    };
    let mut container = container(&found, max_label_len);
    add_digest(client, namespace, &mut container).await;
    Ok(Some(container))
}

/// News of containers in all namespaces.
pub(crate) async fn subscribe(client: &Client) -> Result<Streaming<m::Envelope>, Error> {
    let topics = ["/containers/create", "/containers/delete", "/tasks/start"];
    let filters = topics.map(|topic| format!("topic==\"{topic}\"")).to_vec();
    let path = "/containerd.services.events.v1.Events/Subscribe";
    client.stream(path, m::SubscribeRequest { filters }).await
}

/// The container an event is about.
pub(crate) fn about(envelope: &m::Envelope) -> Option<String> {
    use prost::Message;
    let event = envelope.event.as_ref()?;
    let about = m::AboutContainer::decode(event.value.as_slice()).ok()?;
    (!about.id.is_empty()).then_some(about.id)
}

/// Reads one container; its specification is the OCI runtime's JSON.
fn container(found: &m::Container, max_label_len: usize) -> Container {
    let spec = found
        .spec
        .as_ref()
        .map_or(&[][..], |spec| spec.value.as_slice());
    let spec: Value = serde_json::from_slice(spec).unwrap_or_default();
    let reference = ImageRef::parse(&found.image);
    let mut labels = std::collections::BTreeMap::new();
    for (key, value) in &found.labels {
        if value.len() <= max_label_len {
            labels.insert(key.clone(), value.clone());
        }
    }
    let name = labels.get("nerdctl/name").cloned();
    let mut container = oci::container(&spec);
    container.ports = nerdctl_ports(found.labels.get("nerdctl/ports"));
    container.id = found.id.chars().take(12).collect();
    container.full_id.clone_from(&found.id);
    container.engine = Engine::Containerd;
    container.name = name.unwrap_or_else(|| found.id.clone());
    container.image.clone_from(&found.image);
    container.image_tag = match reference.tag {
        tag if tag.is_empty() && !reference.repository.is_empty() => "latest".to_owned(),
        tag => tag,
    };
    container.image_repository = reference.repository;
    container.image_digest = reference.digest;
    container.created_time_s = found.created_at.as_ref().map_or(0, |time| time.seconds);
    container.pod_sandbox_id.clone_from(&found.sandbox);
    container.labels = labels;
    container
}

/// nerdctl keeps published ports as JSON in a label.
fn nerdctl_ports(label: Option<&String>) -> Vec<state::container::Port> {
    let list: Value = label
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let tcp = list
        .list("")
        .iter()
        .filter(|port| port.text("/Protocol") == "tcp");
    let ports = tcp.filter_map(|port| {
        let host_ip: std::net::Ipv4Addr = port.text("/HostIP").parse().ok()?;
        Some(state::container::Port {
            host_ip: host_ip.into(),
            host_port: u16::try_from(port.int("/HostPort")).ok()?,
            container_port: u16::try_from(port.int("/ContainerPort")).ok()?,
        })
    });
    ports.collect()
}

/// The digest stands with the image, not with the container.
async fn add_digest(client: &Client, namespace: &str, container: &mut Container) {
    if container.image.is_empty() || !container.image_digest.is_empty() {
        return;
    }
    let path = "/containerd.services.images.v1.Images/Get";
    let question = m::GetImageRequest {
        name: container.image.clone(),
    };
    let answer = client
        .call::<_, m::GetImageResponse>(path, question, Some(namespace))
        .await;
    if let Ok(Some(m::GetImageResponse { image: Some(image) })) = answer {
        container.image_digest = image.target.map(|target| target.digest).unwrap_or_default();
    }
}

/// Whether the socket speaks containerd's own API.
pub(crate) async fn speaks(client: &Client) -> Result<bool, Error> {
    match namespaces(client).await {
        Ok(_) => Ok(true),
        Err(error) if grpc::is_unimplemented(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nerdctls_labels_name_a_container_and_its_ports() {
        let labels = [
            ("nerdctl/name", "web"),
            (
                "nerdctl/ports",
                r#"[{"HostPort":8080,"ContainerPort":80,"Protocol":"tcp","HostIP":"0.0.0.0"}]"#,
            ),
        ];
        let found = m::Container {
            id: "ab".repeat(32),
            labels: labels.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            image: "docker.io/library/redis".to_owned(),
            created_at: Some(m::Timestamp { seconds: 12 }),
            ..m::Container::default()
        };
        let c = container(&found, 100);
        assert_eq!((c.id.as_str(), c.name.as_str()), ("abababababab", "web"));
        assert_eq!((c.image_tag.as_str(), c.created_time_s), ("latest", 12));
        assert_eq!(c.ports[0].host_port, 8080);
    }
}
