//! Names of small numbers: errors, signals, capabilities, descriptor types, protocols.

use super::{CAPABILITY_NAMES, ERRNO_NAMES, FD_TYPE_NAMES, L4_NAMES, SIGNAL_NAMES};

/// `ENOENT` for 2. Takes the positive number.
pub fn errno_name(errno: u32) -> Option<&'static str> {
    lookup(ERRNO_NAMES, errno)
}

/// `SIGKILL` for 9.
pub fn signal_name(signal: u32) -> Option<&'static str> {
    lookup(SIGNAL_NAMES, signal)
}

/// `CAP_SYS_ADMIN` for 21, the bit's position in a capability mask.
pub fn capability_name(bit: u32) -> Option<&'static str> {
    lookup(CAPABILITY_NAMES, bit)
}

/// Description of a type number of the descriptor lists, e.g. `signalfd` for 11.
pub fn fd_type_name(number: u8) -> Option<&'static str> {
    lookup(FD_TYPE_NAMES, u32::from(number))
}

/// `tcp` for 2, in the format's own numbering of transport protocols.
pub fn l4_name(number: u8) -> Option<&'static str> {
    lookup(L4_NAMES, u32::from(number))
}

fn lookup(table: &[(u32, &'static str)], number: u32) -> Option<&'static str> {
    let at = table.binary_search_by_key(&number, |row| row.0).ok()?;
    Some(table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_absent_numbers_are_not() {
        assert_eq!(errno_name(2), Some("ENOENT"));
        assert_eq!(signal_name(9), Some("SIGKILL"));
        assert_eq!(capability_name(21), Some("CAP_SYS_ADMIN"));
        assert_eq!(fd_type_name(11), Some("signalfd"));
        assert_eq!(l4_name(2), Some("tcp"));
        assert_eq!(errno_name(0), None);
        assert_eq!(signal_name(200), None);
    }
}
