//! Why the probe cannot run, worded for the person who has to do something about it.

/// Reason why live capture does not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeError {
    /// The process may not load BPF programs.
    #[error(
        "cannot capture: needs CAP_BPF and CAP_PERFMON (have: {have})\n  run as root, or: setcap \
         cap_bpf,cap_perfmon,cap_sys_ptrace,cap_dac_read_search+ep {binary}\n  reading capture \
         files needs no privileges"
    )]
    Privilege {
        /// Capabilities of the needed ones that are present, or `none`.
        have: String,
        /// The running executable.
        binary: String,
    },
    /// The kernel lacks something that the probe cannot do without.
    #[error("cannot capture: kernel {release} lacks {missing}\n  {advice}")]
    Kernel {
        /// `uname -r`.
        release: String,
        /// What is missing.
        missing: String,
        /// What to do about it.
        advice: String,
    },
    /// The kernel is locked down to a level that forbids reading its memory.
    #[error(
        "cannot capture: kernel lockdown is \"{level}\"\n  boot with lockdown=integrity or none, \
         or read a capture instead"
    )]
    Lockdown {
        /// The active level.
        level: String,
    },
    /// The kernel refused a program.
    #[error("cannot load the probe: the kernel's verifier refused a program\n{log_tail}")]
    Verifier {
        /// Last lines of the verifier's log.
        log_tail: String,
    },
    /// Another step failed.
    #[error("cannot {action}: {reason}")]
    System {
        /// What was being done.
        action: String,
        /// What went wrong.
        reason: String,
    },
}

impl ProbeError {
    pub(crate) fn system(action: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        ProbeError::System {
            action: action.into(),
            reason: reason.to_string(),
        }
    }
}
