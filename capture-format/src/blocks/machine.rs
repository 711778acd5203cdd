//! The machine block.

use super::MachineInfo;
use super::cursor::Cursor;
use super::kind::{MACHINE, begin, finish};

/// Bytes of the host name field.
const HOSTNAME: usize = 128;
/// Total length of the block.
pub(crate) const BLOCK_LEN: usize = 192;

/// Reads the body.
pub(crate) fn read(body: &[u8]) -> Option<MachineInfo> {
    let mut fields = Cursor::new(body);
    let num_cpus = fields.u32()?;
    let memory_bytes = fields.u64()?;
    let max_pid = fields.u64()?;
    let hostname = fields.take(HOSTNAME)?;
    Some(MachineInfo {
        num_cpus,
        memory_bytes,
        max_pid,
        hostname: hostname
            .split(|&b| b == 0)
            .next()
            .unwrap_or_default()
            .to_vec(),
        boot_time_ns: fields.u64()?,
        flags: fields.u64()?,
    })
}

/// Writes the block.
pub(crate) fn write(out: &mut Vec<u8>, machine: &MachineInfo) {
    let at = begin(out, MACHINE);
    out.extend_from_slice(&machine.num_cpus.to_le_bytes());
    out.extend_from_slice(&machine.memory_bytes.to_le_bytes());
    out.extend_from_slice(&machine.max_pid.to_le_bytes());
    let mut hostname = machine.hostname.clone();
    hostname.resize(HOSTNAME, 0);
    out.extend_from_slice(&hostname);
    out.extend_from_slice(&machine.boot_time_ns.to_le_bytes());
    out.extend_from_slice(&machine.flags.to_le_bytes());
    out.extend_from_slice(&[0; 16]);
    finish(out, at);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_survives_writing_and_reading() {
        let machine = MachineInfo {
            num_cpus: 4,
            memory_bytes: 1 << 33,
            max_pid: 0,
            hostname: b"web-1".to_vec(),
            boot_time_ns: 1_700_000_000_000_000_000,
            flags: 0,
        };
        let mut out = Vec::new();
        write(&mut out, &machine);
        assert_eq!(out.len(), BLOCK_LEN);
        assert_eq!(read(&out[8..out.len() - 4]), Some(machine));
        assert_eq!(read(&out[8..60]), None);
    }
}
