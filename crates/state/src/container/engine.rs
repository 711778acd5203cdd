//! Container engines by the numbers that captures use.

/// What runs a container. The number is the `type` member of container events.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Engine {
    /// Docker, also below the Kubernetes of old.
    Docker,
    /// LXC and LXD.
    Lxc,
    /// libvirt's LXC driver.
    LibvirtLxc,
    /// Mesos' own containerizer.
    Mesos,
    /// rkt pods.
    Rkt,
    /// systemd-nspawn; captures hold it as "custom" with a label `engine=systemd-nspawn`.
    Nspawn,
    /// An unnamed engine behind the container runtime interface.
    Cri,
    /// containerd, by its own interface or by CRI.
    Containerd,
    /// CRI-O.
    CriO,
    /// Cloud Foundry's bpm.
    Bpm,
    /// A container named by configuration.
    Static,
    /// Podman, of root or of a user.
    Podman,
    /// Anything else.
    #[default]
    Unknown,
}

/// (engine, number in captures, name in `container.type`)
const ENGINES: &[(Engine, u64, &str)] = &[
    (Engine::Docker, 0, "docker"),
    (Engine::Lxc, 1, "lxc"),
    (Engine::LibvirtLxc, 2, "libvirt-lxc"),
    (Engine::Mesos, 3, "mesos"),
    (Engine::Rkt, 4, "rkt"),
    (Engine::Nspawn, 5, "systemd-nspawn"),
    (Engine::Cri, 6, "cri"),
    (Engine::Containerd, 7, "containerd"),
    (Engine::CriO, 8, "cri-o"),
    (Engine::Bpm, 9, "bpm"),
    (Engine::Static, 10, "static"),
    (Engine::Podman, 11, "podman"),
    (Engine::Unknown, 65_535, "unknown"),
];

impl Engine {
    /// The engine of a number in a capture; unlisted numbers are [`Engine::Unknown`].
    pub fn from_number(number: u64) -> Engine {
        ENGINES
            .iter()
            .find(|row| row.1 == number)
            .map_or(Engine::Unknown, |row| row.0)
    }

    /// The number that captures use.
    pub fn number(self) -> u64 {
        self.row().1
    }

    /// The name that `container.type` shows.
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// Whether the engine has Docker's notion of a privileged container.
    pub fn knows_privileged(self) -> bool {
        matches!(
            self,
            Engine::Docker | Engine::Podman | Engine::Cri | Engine::Containerd | Engine::CriO
        )
    }

    fn row(self) -> &'static (Engine, u64, &'static str) {
        ENGINES
            .iter()
            .find(|row| row.0 == self)
            .expect("every engine has a row")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_lead_back() {
        for (at, row) in ENGINES.iter().enumerate() {
            assert_eq!(Engine::from_number(row.1), row.0);
            for other in &ENGINES[at + 1..] {
                assert!(row.1 != other.1 && row.2 != other.2);
            }
        }
        assert_eq!(Engine::from_number(77), Engine::Unknown);
    }
}
