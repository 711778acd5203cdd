//! The parts of Kubernetes' objects that are read here. Unknown members are skipped, missing ones
//! are empty.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// A page of a list.
#[derive(Deserialize)]
pub(super) struct List {
    #[serde(default)]
    pub(super) metadata: ListMeta,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) items: Vec<Item>,
}

#[derive(Default, Deserialize)]
pub(super) struct ListMeta {
    #[serde(default, rename = "resourceVersion")]
    pub(super) resource_version: String,
    #[serde(default, rename = "continue")]
    pub(super) next_page: String,
}

/// One line of a watch.
#[derive(Deserialize)]
pub(super) struct WatchEvent {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) object: Item,
}

/// An object of any kind.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
pub(super) struct Item {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) metadata: Meta,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) spec: Spec,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) status: Status,
    /// Of errors, which come in the place of objects.
    #[serde(default)]
    pub(super) code: u16,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meta {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) namespace: String,
    #[serde(default)]
    pub(super) uid: String,
    #[serde(default)]
    pub(super) resource_version: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) labels: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) annotations: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) owner_references: Vec<Owner>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
pub(super) struct Owner {
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) uid: String,
    #[serde(default)]
    pub(super) controller: bool,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spec {
    #[serde(default)]
    pub(super) node_name: String,
    /// Services select by plain labels; what other kinds have here is another shape and not read.
    #[serde(default, deserialize_with = "plain_selector")]
    pub(super) selector: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    #[serde(default, rename = "podIP")]
    pub(super) pod_ip: String,
    #[serde(default)]
    pub(super) qos_class: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) container_statuses: Vec<ContainerStatus>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) init_container_statuses: Vec<ContainerStatus>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) ephemeral_container_statuses: Vec<ContainerStatus>,
}

#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContainerStatus {
    /// `ENGINE://ID`
    #[serde(default, rename = "containerID")]
    pub(super) container_id: String,
    #[serde(default)]
    pub(super) restart_count: u64,
}

impl Status {
    /// The containers of all kinds, by their ids without the engine.
    pub(super) fn containers(&self) -> impl Iterator<Item = (&str, &ContainerStatus)> {
        let all = self
            .container_statuses
            .iter()
            .chain(&self.init_container_statuses)
            .chain(&self.ephemeral_container_statuses);
        all.filter_map(|status| Some((status.container_id.split_once("://")?.1, status)))
    }
}

/// Go writes `null` for empty lists and maps.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn plain_selector<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}
