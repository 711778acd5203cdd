//! Who owns a pod, told from names and labels when no API server is asked.

use std::collections::BTreeMap;

use state::container::{Kubernetes, Object};

/// Fills in the owners that the controllers' naming rules give away, and marks them as guessed.
/// What is known already stays.
pub(crate) fn owners(kubernetes: &mut Kubernetes, labels: &BTreeMap<String, String>) {
    let known = kubernetes.replica_set.is_some()
        || kubernetes.replication_controller.is_some()
        || kubernetes.owner.is_some();
    if known {
        return;
    }
    let named = |name: &str| Object {
        name: name.to_owned(),
        ..Object::default()
    };
    let label = |key: &str| labels.get(key).filter(|value| !value.is_empty());
    let pod = kubernetes.pod.name.clone();
    // `DEPLOYMENT-HASH-XXXXX`, `NAME-XXXXX` and `NAME-N`: the last element is the pod's own.
    let Some((prefix, last)) = pod.rsplit_once('-') else {
        return;
    };
    if let Some(hash) = label("pod-template-hash") {
        let deployment = prefix
            .strip_suffix(hash.as_str())
            .and_then(|rest| rest.strip_suffix('-'));
        if let Some(deployment) = deployment.filter(|name| !name.is_empty()) {
            kubernetes.replica_set = Some(named(prefix));
            kubernetes.deployment = Some(named(deployment));
        }
    } else if label("controller-revision-hash").is_some() {
        let ordinal = last.bytes().all(|b| b.is_ascii_digit());
        if label("statefulset.kubernetes.io/pod-name").is_some() && ordinal {
            kubernetes.owner = Some(("StatefulSet".to_owned(), named(prefix)));
        } else {
            kubernetes.owner = Some(("DaemonSet".to_owned(), named(prefix)));
        }
    } else if let Some(job) = label("batch.kubernetes.io/job-name").or_else(|| label("job-name")) {
        kubernetes.owner = Some(("Job".to_owned(), named(job)));
    }
    kubernetes.guessed = kubernetes.replica_set.is_some() || kubernetes.owner.is_some();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_follow_from_names_and_labels() {
        // (pod, labels, replica set, deployment, other owner)
        type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);
        let cases: &[Case<'_>] = &[
            (
                "web-5d8f7c9b6d-x2x4z",
                &[("pod-template-hash", "5d8f7c9b6d")],
                "web-5d8f7c9b6d",
                "web",
                "",
            ),
            (
                "web-x2x4z",
                &[("pod-template-hash", "5d8f7c9b6d")],
                "",
                "",
                "",
            ),
            (
                "db-0",
                &[
                    ("controller-revision-hash", "a"),
                    ("statefulset.kubernetes.io/pod-name", "db-0"),
                ],
                "",
                "",
                "StatefulSet db",
            ),
            (
                "proxy-k2x4z",
                &[("controller-revision-hash", "a")],
                "",
                "",
                "DaemonSet proxy",
            ),
            (
                "backup-28-abcde",
                &[("job-name", "backup-28")],
                "",
                "",
                "Job backup-28",
            ),
            ("single", &[("pod-template-hash", "x")], "", "", ""),
            ("single-pod", &[], "", "", ""),
        ];
        for (pod, labels, replica_set, deployment, owner) in cases {
            let mut kubernetes = Kubernetes::default();
            kubernetes.pod.name = (*pod).to_owned();
            let labels = labels
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect();
            owners(&mut kubernetes, &labels);
            let name = |object: &Option<Object>| {
                object
                    .as_ref()
                    .map(|object| object.name.clone())
                    .unwrap_or_default()
            };
            assert_eq!(name(&kubernetes.replica_set), *replica_set, "{pod}");
            assert_eq!(name(&kubernetes.deployment), *deployment, "{pod}");
            let found = kubernetes.owner.as_ref();
            let found = found.map(|(kind, object)| format!("{kind} {}", object.name));
            assert_eq!(found.unwrap_or_default(), *owner, "{pod}");
            let any = !replica_set.is_empty() || !owner.is_empty();
            assert_eq!(kubernetes.guessed, any, "{pod}");
        }
    }
}
