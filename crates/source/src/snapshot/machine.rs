//! The machine: CPUs, memory, name, boot time, network interfaces.

use std::net::{Ipv4Addr, Ipv6Addr};

use capture_format::{Interface, MachineInfo};
use nix::sys::socket::SockaddrStorage;

use super::Root;

/// Reads what identifies the machine; unreadable values are 0.
pub(super) fn read(root: &Root) -> MachineInfo {
    let text = |path: &str| std::fs::read_to_string(root.path(path)).unwrap_or_default();
    let mut hostname = text("/proc/sys/kernel/hostname")
        .trim_end()
        .as_bytes()
        .to_vec();
    hostname.truncate(128);
    MachineInfo {
        num_cpus: cpu_count(&text("/sys/devices/system/cpu/online")),
        memory_bytes: keyed_number(&text("/proc/meminfo"), "MemTotal:") * 1024,
        max_pid: 0,
        hostname,
        boot_time_ns: keyed_number(&text("/proc/stat"), "btime") * 1_000_000_000,
        flags: 0,
    }
}

/// Every address of every interface: all IPv4 first, then all IPv6, as readers expect.
pub(super) fn interfaces() -> Vec<Interface> {
    let Ok(addresses) = nix::ifaddrs::getifaddrs() else {
        return Vec::new();
    };
    let mut v4 = Vec::new();
    let mut v6 = Vec::new();
    for entry in addresses {
        let name = entry.interface_name.into_bytes();
        let ipv4 = |a: &Option<SockaddrStorage>| {
            a.as_ref()
                .and_then(|a| a.as_sockaddr_in())
                .map_or(Ipv4Addr::UNSPECIFIED, |a| a.ip())
        };
        let ipv6 = |a: &Option<SockaddrStorage>| {
            a.as_ref()
                .and_then(|a| a.as_sockaddr_in6())
                .map_or(Ipv6Addr::UNSPECIFIED, |a| a.ip())
        };
        // The kernel keeps broadcast and peer address in one slot.
        let broadcast = entry.broadcast.or(entry.destination);
        let Some(address) = entry.address else {
            continue;
        };
        if let Some(addr) = address.as_sockaddr_in() {
            v4.push(Interface::V4 {
                name,
                addr: addr.ip(),
                netmask: ipv4(&entry.netmask),
                broadcast: ipv4(&broadcast),
                link_speed: 0,
            });
        } else if let Some(addr) = address.as_sockaddr_in6() {
            v6.push(Interface::V6 {
                name,
                addr: addr.ip(),
                netmask: ipv6(&entry.netmask),
                broadcast: ipv6(&broadcast),
                link_speed: 0,
            });
        }
    }
    v4.append(&mut v6);
    v4
}

/// One more than the highest CPU online, so that every event's CPU is below the count.
fn cpu_count(online: &str) -> u32 {
    online
        .trim()
        .split([',', '-'])
        .filter_map(|n| n.parse::<u32>().ok())
        .max()
        .map_or(1, |highest| highest + 1)
}

fn keyed_number(text: &str, key: &str) -> u64 {
    text.lines()
        .find_map(|line| line.strip_prefix(key))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
