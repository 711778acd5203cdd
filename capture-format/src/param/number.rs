//! Numbers, little-endian, 1 to 8 bytes.

/// An unsigned number of any size up to 8 bytes; `None` when there are none or more.
pub fn unsigned(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    let mut wide = [0; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    Some(u64::from_le_bytes(wide))
}

/// A signed number of any size up to 8 bytes, widened with its sign.
pub fn signed(bytes: &[u8]) -> Option<i64> {
    let shift = 64 - 8 * u32::try_from(bytes.len()).ok()?.min(8);
    Some((unsigned(bytes)? << shift) as i64 >> shift)
}

/// The low 32 signals of a signal set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SigSet(pub u32);

impl SigSet {
    /// Signal numbers in the set, ascending. Bit 0 is signal 1.
    pub fn signals(self) -> impl Iterator<Item = u32> {
        (0..32u32)
            .filter(move |bit| self.0 & (1 << bit) != 0)
            .map(|bit| bit + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_is_kept_at_every_size() {
        assert_eq!(signed(&[0xff]), Some(-1));
        assert_eq!(signed(&[0x9c, 0xff, 0xff, 0xff]), Some(-100));
        assert_eq!(signed(&i64::MIN.to_le_bytes()), Some(i64::MIN));
        assert_eq!(unsigned(&[0xff]), Some(255));
        assert_eq!(signed(&[]), None);
        assert_eq!(unsigned(&[0; 9]), None);
    }

    #[test]
    fn signals_are_numbered_from_one() {
        assert_eq!(SigSet(0b101).signals().collect::<Vec<_>>(), [1, 3]);
    }
}
