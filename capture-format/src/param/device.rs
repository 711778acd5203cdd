//! Device numbers.

/// A device number in the format's encoding, the kernel's `new_encode_dev`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Device(pub u32);

impl Device {
    /// Encodes major (12 bits) and minor (20 bits).
    pub fn new(major: u32, minor: u32) -> Self {
        Device((minor & 0xff) | ((major & 0xfff) << 8) | ((minor & !0xff) << 12))
    }

    /// Major number.
    pub fn major(self) -> u32 {
        (self.0 >> 8) & 0xfff
    }

    /// Minor number.
    pub fn minor(self) -> u32 {
        (self.0 & 0xff) | ((self.0 >> 12) & 0xf_ff00)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_and_minor_survive_encoding() {
        for (major, minor) in [(0, 0), (136, 3), (259, 70_000), (0xfff, 0xf_ffff)] {
            let device = Device::new(major, minor);
            assert_eq!((device.major(), device.minor()), (major, minor));
        }
        assert_eq!(Device::new(136, 3).0, 0x8803);
    }
}
