//! What must be true before loading makes sense, checked first so that the message can name it.

use std::fs;

use crate::ProbeError;

/// Capability numbers, `include/uapi/linux/capability.h`.
const CAP_SYS_ADMIN: u32 = 21;
const CAP_PERFMON: u32 = 38;
const CAP_BPF: u32 = 39;

/// Oldest kernel with `bpf_ringbuf_output`, `bpf_ktime_get_boot_ns` and the two capabilities.
const OLDEST: (u32, u32) = (5, 8);

/// Checks privileges, kernel version, BTF and lockdown.
pub(crate) fn check() -> Result<(), ProbeError> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let lockdown = fs::read_to_string("/sys/kernel/security/lockdown").unwrap_or_default();
    check_capabilities(effective(&status))?;
    check_kernel(
        release.trim(),
        fs::File::open("/sys/kernel/btf/vmlinux").is_ok(),
    )?;
    check_lockdown(&lockdown)
}

/// The error for a refusal that only the kernel could tell.
pub(crate) fn privilege_error() -> ProbeError {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    privilege(effective(&status))
}

fn effective(status: &str) -> u64 {
    status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))
        .and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok())
        .unwrap_or(0)
}

fn check_capabilities(effective: u64) -> Result<(), ProbeError> {
    let has = |capability: u32| effective >> capability & 1 == 1;
    if has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON)) {
        return Ok(());
    }
    Err(privilege(effective))
}

fn privilege(effective: u64) -> ProbeError {
    let have: Vec<&str> = [
        (CAP_BPF, "CAP_BPF"),
        (CAP_PERFMON, "CAP_PERFMON"),
        (CAP_SYS_ADMIN, "CAP_SYS_ADMIN"),
    ]
    .into_iter()
    .filter(|(capability, _)| effective >> capability & 1 == 1)
    .map(|(_, name)| name)
    .collect();
    ProbeError::Privilege {
        have: if have.is_empty() {
            "none".to_owned()
        } else {
            have.join(", ")
        },
        binary: std::env::current_exe()
            .map_or_else(|_| "BINARY".to_owned(), |path| path.display().to_string()),
    }
}

fn check_kernel(release: &str, has_btf: bool) -> Result<(), ProbeError> {
    let mut numbers = release
        .split(|c: char| !c.is_ascii_digit())
        .map(|digits| digits.parse().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < OLDEST {
        return Err(ProbeError::Kernel {
            release: release.to_owned(),
            missing: "BPF ring buffers (Linux 5.8)".to_owned(),
            advice: "run a newer kernel, or read a capture instead".to_owned(),
        });
    }
    if !has_btf {
        return Err(ProbeError::Kernel {
            release: release.to_owned(),
            missing: "type information (/sys/kernel/btf/vmlinux)".to_owned(),
            advice: "use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as distributions do"
                .to_owned(),
        });
    }
    Ok(())
}

fn check_lockdown(modes: &str) -> Result<(), ProbeError> {
    if modes.contains("[confidentiality]") {
        return Err(ProbeError::Lockdown {
            level: "confidentiality".to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_capabilities_are_named() {
        let error = check_capabilities(1 << CAP_PERFMON).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("needs CAP_BPF and CAP_PERFMON (have: CAP_PERFMON)"));
        assert!(text.contains("setcap cap_bpf,cap_perfmon"));
    }

    #[test]
    fn either_pair_of_capabilities_is_enough() {
        assert!(check_capabilities(1 << CAP_SYS_ADMIN).is_ok());
        assert!(check_capabilities(1 << CAP_BPF | 1 << CAP_PERFMON).is_ok());
    }

    #[test]
    fn old_kernels_are_refused_by_version() {
        assert!(check_kernel("5.4.0-150-generic", true).is_err());
        assert!(check_kernel("5.10.0-28-amd64", true).is_ok());
        assert!(check_kernel("6.18.0", true).is_ok());
    }

    #[test]
    fn kernels_without_types_are_refused() {
        let text = check_kernel("6.1.0", false).unwrap_err().to_string();
        assert!(text.contains("CONFIG_DEBUG_INFO_BTF"));
    }

    #[test]
    fn only_the_strict_lockdown_stops_us() {
        assert!(check_lockdown("none [integrity] confidentiality\n").is_ok());
        assert!(check_lockdown("none integrity [confidentiality]\n").is_err());
    }

    #[test]
    fn effective_capabilities_are_hexadecimal() {
        assert_eq!(
            effective("Name:\tx\nCapEff:\t000001ffffffffff\n"),
            0x1ff_ffff_ffff
        );
    }
}
