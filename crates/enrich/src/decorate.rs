//! What orchestrators add to a container that an engine has described.

use state::container::Container;

use crate::Config;

/// Adds Kubernetes' and ECS's knowledge to records.
pub(crate) struct Decorator {
    pub(crate) kubernetes: crate::kubernetes::Knowledge,
    pub(crate) ecs: crate::ecs::Knowledge,
}

impl Decorator {
    pub(crate) fn new(config: &Config) -> Decorator {
        Decorator {
            kubernetes: crate::kubernetes::Knowledge::new(config.node_name.clone()),
            ecs: crate::ecs::Knowledge::default(),
        }
    }

    /// Completes a record; what the engine said itself stays.
    pub(crate) fn decorate(&self, container: &mut Container) {
        self.ecs.add_to(container);
        self.kubernetes.add_to(container);
    }
}
