//! The cluster's objects as far as the API server has told of them, and how they belong together.

use std::collections::{BTreeMap, HashMap};

use state::container::{Kubernetes, Object};

use super::objects::{Item, Owner};

/// Kinds of objects that are watched.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Pod,
    Namespace,
    Service,
    ReplicationController,
    ReplicaSet,
    Deployment,
}

/// Objects by kind and UID.
#[derive(Debug, Default)]
pub(super) struct Store {
    kinds: BTreeMap<Kind, HashMap<String, Item>>,
    /// Pods' UIDs by the ids of their containers.
    containers: HashMap<String, String>,
}

impl Store {
    /// Replaces all objects of a kind by those of a list.
    pub(super) fn replace(&mut self, kind: Kind, items: Vec<Item>) {
        self.kinds.remove(&kind);
        if kind == Kind::Pod {
            self.containers.clear();
        }
        for item in items {
            self.put(kind, item);
        }
    }

    /// Takes a new or changed object in; true when it says something new.
    pub(super) fn put(&mut self, kind: Kind, mut item: Item) -> bool {
        // The version changes with every heartbeat of the object and says nothing by itself.
        item.metadata.resource_version.clear();
        if kind == Kind::Pod {
            for (id, _) in item.status.containers() {
                self.containers
                    .insert(id.to_owned(), item.metadata.uid.clone());
            }
        }
        let objects = self.kinds.entry(kind).or_default();
        if objects.get(&item.metadata.uid) == Some(&item) {
            return false;
        }
        objects.insert(item.metadata.uid.clone(), item);
        true
    }

    /// Forgets an object. Nothing is told anew for it: its containers end with it.
    pub(super) fn remove(&mut self, kind: Kind, item: &Item) {
        if let Some(objects) = self.kinds.get_mut(&kind) {
            objects.remove(&item.metadata.uid);
        }
        if kind == Kind::Pod {
            self.containers.retain(|_, uid| *uid != item.metadata.uid);
        }
    }

    /// The pod of this UID, else the one that has this container.
    pub(super) fn pod(&self, uid: &str, container_id: &str) -> Option<&Item> {
        let pods = self.kinds.get(&Kind::Pod)?;
        // Static pods are labelled with the hash of their manifest; the API knows their mirror.
        pods.get(uid)
            .or_else(|| pods.get(self.containers.get(container_id)?))
    }

    /// Fills in everything known about a container's pod.
    pub(super) fn describe(&self, pod: &Item, container_id: &str, out: &mut Kubernetes) {
        let fill = |out: &mut String, value: &str| {
            if !value.is_empty() {
                value.clone_into(out);
            }
        };
        out.pod = object(pod);
        fill(&mut out.pod_ip, &pod.status.pod_ip);
        fill(&mut out.qos, &pod.status.qos_class);
        fill(&mut out.node, &pod.spec.node_name);
        if !pod.metadata.annotations.is_empty() {
            out.pod_annotations.clone_from(&pod.metadata.annotations);
        }
        let mut containers = pod.status.containers();
        if let Some((_, status)) = containers.find(|(id, _)| *id == container_id) {
            out.restarts = Some(status.restart_count);
        }
        let namespace = &pod.metadata.namespace;
        out.namespace = self
            .of(Kind::Namespace)
            .find(|item| item.metadata.name == *namespace)
            .map(object)
            .or_else(|| {
                (!namespace.is_empty()).then(|| Object {
                    name: namespace.clone(),
                    ..Object::default()
                })
            });
        let mut services: Vec<Object> = self
            .of(Kind::Service)
            .filter(|service| service.metadata.namespace == *namespace && selects(service, pod))
            .map(object)
            .collect();
        services.sort_by(|a, b| a.name.cmp(&b.name));
        out.services = services;
        self.describe_owner(pod, out);
    }

    fn describe_owner(&self, pod: &Item, out: &mut Kubernetes) {
        let Some(owner) = controller(pod) else {
            return;
        };
        match owner.kind.as_str() {
            "ReplicationController" => {
                out.replication_controller =
                    Some(self.owner_object(Kind::ReplicationController, owner));
            }
            "ReplicaSet" => {
                out.replica_set = Some(self.owner_object(Kind::ReplicaSet, owner));
                let replica_set = self.kinds.get(&Kind::ReplicaSet);
                let above = replica_set.and_then(|sets| controller(sets.get(&owner.uid)?));
                if let Some(above) = above.filter(|above| above.kind == "Deployment") {
                    out.deployment = Some(self.owner_object(Kind::Deployment, above));
                }
            }
            kind => out.owner = Some((kind.to_owned(), named(owner))),
        }
    }

    /// The owner as an object, or what the reference to it says.
    fn owner_object(&self, kind: Kind, owner: &Owner) -> Object {
        let known = self
            .kinds
            .get(&kind)
            .and_then(|objects| objects.get(&owner.uid));
        known.map_or_else(|| named(owner), object)
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Item> {
        self.kinds.get(&kind).into_iter().flat_map(HashMap::values)
    }
}

fn controller(item: &Item) -> Option<&Owner> {
    let owners = &item.metadata.owner_references;
    owners
        .iter()
        .find(|owner| owner.controller)
        .or_else(|| owners.first())
}

fn object(item: &Item) -> Object {
    Object {
        name: item.metadata.name.clone(),
        uid: item.metadata.uid.clone(),
        labels: item.metadata.labels.clone(),
    }
}

fn named(owner: &Owner) -> Object {
    Object {
        name: owner.name.clone(),
        uid: owner.uid.clone(),
        ..Object::default()
    }
}

/// Whether a service selects a pod; without a selector it selects nothing.
fn selects(service: &Item, pod: &Item) -> bool {
    let selector = &service.spec.selector;
    let labels = &pod.metadata.labels;
    !selector.is_empty()
        && selector
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(value: serde_json::Value) -> Item {
        serde_json::from_value(value).unwrap()
    }

    fn store() -> Store {
        let mut store = Store::default();
        store.put(
            Kind::Pod,
            item(json!({
                "metadata": {"name": "web-1-x", "namespace": "shop", "uid": "p1",
                    "labels": {"app": "web"}, "annotations": null,
                    "ownerReferences": [{"kind": "ReplicaSet", "name": "web-1", "uid": "r1", "controller": true}]},
                "spec": {"nodeName": "node-1"},
                "status": {"podIP": "10.0.0.7", "qosClass": "Burstable",
                    "containerStatuses": [{"containerID": "containerd://abc", "restartCount": 3}, {}],
                    "initContainerStatuses": null},
            })),
        );
        store.put(
            Kind::ReplicaSet,
            item(
                json!({"metadata": {"name": "web-1", "uid": "r1", "labels": {"a": "b"},
                "ownerReferences": [{"kind": "Deployment", "name": "web", "uid": "d1"}]},
                "spec": {"selector": {"matchLabels": {"app": "web"}}}}),
            ),
        );
        store.put(
            Kind::Namespace,
            item(json!({"metadata": {"name": "shop", "uid": "n1", "labels": {"team": "a"}}})),
        );
        for (name, namespace, selector) in [
            ("front", "shop", json!({"app": "web"})),
            ("back", "shop", json!({"app": "web", "tier": "back"})),
            ("other", "else", json!({"app": "web"})),
            ("headless", "shop", json!(null)),
        ] {
            store.put(
                Kind::Service,
                item(
                    json!({"metadata": {"name": name, "namespace": namespace, "uid": name},
                    "spec": {"selector": selector}}),
                ),
            );
        }
        store
    }

    #[test]
    fn a_pod_is_described_with_all_that_belongs_to_it() {
        let store = store();
        let mut out = Kubernetes::default();
        let pod = store.pod("", "abc").expect("found by its container");
        store.describe(pod, "abc", &mut out);
        assert_eq!(
            (out.pod.name.as_str(), out.pod_ip.as_str()),
            ("web-1-x", "10.0.0.7")
        );
        assert_eq!(
            (out.qos.as_str(), out.node.as_str()),
            ("Burstable", "node-1")
        );
        assert_eq!(out.restarts, Some(3));
        assert_eq!(out.namespace.unwrap().labels["team"], "a");
        assert_eq!(out.replica_set.unwrap().labels["a"], "b");
        let deployment = out.deployment.unwrap();
        assert_eq!(
            (deployment.name.as_str(), deployment.uid.as_str()),
            ("web", "d1")
        );
        let services: Vec<_> = out.services.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(services, ["front"]);
        assert!(!out.guessed);
    }

    #[test]
    fn only_what_says_something_new_is_news() {
        let mut store = store();
        let namespace = |version: &str, team: &str| {
            item(
                json!({"metadata": {"name": "shop", "uid": "n1", "resourceVersion": version,
                "labels": {"team": team}}}),
            )
        };
        assert!(!store.put(Kind::Namespace, namespace("9", "a")));
        assert!(store.put(Kind::Namespace, namespace("10", "b")));
        let pod = item(json!({"metadata": {"uid": "p1"}}));
        store.remove(Kind::Pod, &pod);
        assert!(store.pod("p1", "abc").is_none());
        store.replace(Kind::Pod, vec![pod]);
        assert!(store.pod("p1", "").is_some() && store.pod("", "abc").is_none());
    }
}
