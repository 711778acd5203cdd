//! Answers of the agent and of the task metadata endpoint, all versions.

use std::collections::BTreeMap;

use serde_json::Value;
use state::container::{Container, Engine, LookupState};

use crate::docker::inspect::without_algorithm;
use crate::image::ImageRef;
use crate::json::{Peek, rfc3339_seconds};

/// Labels as the agent itself sets them, and those that it could have set.
const CLUSTER: &str = "com.amazonaws.ecs.cluster";
const TASK: &str = "com.amazonaws.ecs.task-arn";
const FAMILY: &str = "com.amazonaws.ecs.task-definition-family";
const VERSION: &str = "com.amazonaws.ecs.task-definition-version";
const NAME: &str = "com.amazonaws.ecs.container-name";
const SERVICE: &str = "com.amazonaws.ecs.service";
const CONTAINER_ARN: &str = "com.amazonaws.ecs.container-arn";
const LAUNCH_TYPE: &str = "com.amazonaws.ecs.launch-type";
const ZONE: &str = "com.amazonaws.ecs.availability-zone";
const INSTANCE: &str = "com.amazonaws.ecs.container-instance-arn";

/// A container of a task.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Member {
    /// Docker id, or `TASKID-NUMBER` on Fargate.
    pub(super) id: String,
    pub(super) labels: BTreeMap<String, String>,
    docker_name: String,
    image: String,
    image_id: String,
    ip: String,
    created_time_s: i64,
}

impl Member {
    /// The record of a container that only ECS can describe.
    pub(super) fn container(&self) -> Container {
        let reference = ImageRef::parse(&self.image);
        let internal = self
            .labels
            .get(NAME)
            .is_some_and(|name| name.starts_with("~internal~"));
        Container {
            full_id: self.id.clone(),
            engine: Engine::Docker,
            name: self.docker_name.clone(),
            image: self.image.clone(),
            image_id: self.image_id.clone(),
            image_repository: reference.repository,
            image_tag: reference.tag,
            image_digest: reference.digest,
            is_pod_sandbox: internal,
            lookup: LookupState::Found,
            created_time_s: self.created_time_s,
            ip: self.ip.clone(),
            labels: self.labels.clone(),
            size_bytes: -1,
            ..Container::default()
        }
    }
}

/// Members of all tasks of an instance, from `/v1/metadata` and `/v1/tasks`.
pub(super) fn agent_tasks(about: &Value, tasks: &Value) -> Vec<Member> {
    let mut members = Vec::new();
    for task in tasks.list("/Tasks") {
        let common = [
            (CLUSTER, about.text("/Cluster")),
            (INSTANCE, about.text("/ContainerInstanceArn")),
            (TASK, task.text("/Arn")),
            (FAMILY, task.text("/Family")),
            (VERSION, task.text("/Version")),
        ];
        members.extend(containers(task, &common));
    }
    members
}

/// Members of the one task that a metadata endpoint (v2, v3, v4) describes.
pub(super) fn task(task: &Value) -> Vec<Member> {
    let common = [
        (CLUSTER, task.text("/Cluster")),
        (TASK, task.text("/TaskARN")),
        (FAMILY, task.text("/Family")),
        (VERSION, task.text("/Revision")),
        (SERVICE, task.text("/ServiceName")),
        (LAUNCH_TYPE, task.text("/LaunchType")),
        (ZONE, task.text("/AvailabilityZone")),
    ];
    containers(task, &common)
}

fn containers(task: &Value, common: &[(&str, &str)]) -> Vec<Member> {
    let found = task.list("/Containers").iter();
    // The id is empty until Docker has made the container.
    let made = found.filter(|container| !container.text("/DockerId").is_empty());
    made.map(|container| {
        let own = [
            (NAME, container.text("/Name")),
            (CONTAINER_ARN, container.text("/ContainerARN")),
        ];
        let mut labels = container.map("/Labels");
        for (key, value) in common.iter().chain(&own) {
            if !value.is_empty() {
                labels
                    .entry((*key).to_owned())
                    .or_insert_with(|| (*value).to_owned());
            }
        }
        Member {
            id: container.text("/DockerId").to_owned(),
            labels,
            docker_name: container.text("/DockerName").to_owned(),
            image: container.text("/Image").to_owned(),
            image_id: without_algorithm(container.text("/ImageID")).to_owned(),
            ip: container.text("/Networks/0/IPv4Addresses/0").to_owned(),
            created_time_s: rfc3339_seconds(container.text("/CreatedAt")).unwrap_or(0),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn tasks_of_an_agent_name_their_containers() {
        let Some(about) = fixtures::json("ecs/doc-ecs-agent-introspection-1.json") else {
            return;
        };
        let tasks = fixtures::json("ecs/doc-ecs-agent-introspection-2.json").unwrap();
        let members = agent_tasks(&about, &tasks);
        assert_eq!(members.len(), 2);
        let mysql = &members[0].labels;
        assert_eq!(mysql[NAME], "mysql");
        assert_eq!(mysql[CLUSTER], "cluster_name");
        assert_eq!(
            (mysql[FAMILY].as_str(), mysql[VERSION].as_str()),
            ("hello_world", "8")
        );
        assert!(mysql[TASK].starts_with("arn:aws:ecs:us-west-2:012345678910:task/default/"));
        assert!(mysql[INSTANCE].contains("container-instance/"));
    }

    #[test]
    fn tasks_of_every_metadata_version_name_their_containers() {
        for name in [
            "doc-task-metadata-endpoint-v2-1",
            "doc-task-metadata-endpoint-v3-1",
            "doc-task-metadata-endpoint-v4-3",
            "doc-task-metadata-endpoint-v4-5",
            "task-metadata-v4-ec2",
        ] {
            let Some(value) = fixtures::json(&format!("ecs/{name}.json")) else {
                return;
            };
            for member in task(&value) {
                assert!(!member.labels[TASK].is_empty(), "{name}");
                assert!(!member.labels[FAMILY].is_empty(), "{name}");
                assert!(!member.labels[NAME].is_empty(), "{name}");
                assert_eq!(member.container().full_id, member.id);
            }
        }
        let value = fixtures::json("ecs/doc-task-metadata-endpoint-v4-3.json").unwrap();
        let members = task(&value);
        let curl = &members[1].labels;
        assert_eq!(
            (curl[SERVICE].as_str(), curl[LAUNCH_TYPE].as_str()),
            ("MyService", "EC2")
        );
        assert_eq!(curl[ZONE], "us-west-2d");
        assert!(members[0].container().is_pod_sandbox);
        let record = members[1].container();
        assert_eq!(record.image_tag, "latest");
        assert_eq!(record.image_id.len(), 64);
    }

    #[test]
    fn every_recorded_answer_is_read_without_a_panic() {
        for name in fixtures::all("ecs") {
            let value = fixtures::json(&name).unwrap();
            let _ = (task(&value), agent_tasks(&value, &value));
        }
    }
}
