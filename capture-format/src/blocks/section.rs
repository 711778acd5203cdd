//! The section header: format version, and the byte order in which nobody else writes.

use super::cursor::Cursor;
use super::kind::{SECTION, begin, finish};

/// What a section header says about the rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Header {
    Readable,
    BigEndian,
    Newer { major: u16 },
    Malformed,
}

/// Total length of a header without options.
pub(crate) const BLOCK_LEN: usize = 28;
const MAGIC: u32 = 0x1A2B_3C4D;

/// Reads the body; options after the fixed part are of no interest.
pub(crate) fn read(body: &[u8]) -> Header {
    let mut fields = Cursor::new(body);
    let (Some(magic), Some(major), Some(_minor), Some(_length)) =
        (fields.u32(), fields.u16(), fields.u16(), fields.u64())
    else {
        return Header::Malformed;
    };
    match magic {
        MAGIC if major > 1 => Header::Newer { major },
        MAGIC => Header::Readable,
        magic if magic.swap_bytes() == MAGIC => Header::BigEndian,
        _ => Header::Malformed,
    }
}

/// Writes version 1.2 without options: sysdig 0.29.3 refuses a header with options.
pub(crate) fn write(out: &mut Vec<u8>) {
    let at = begin(out, SECTION);
    out.extend_from_slice(&MAGIC.to_le_bytes());
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&2u16.to_le_bytes());
    out.extend_from_slice(&u64::MAX.to_le_bytes());
    finish(out, at);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_is_the_documented_28_bytes() {
        let mut out = Vec::new();
        write(&mut out);
        let expected = [
            0x0a, 0x0d, 0x0d, 0x0a, 0x1c, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 2, 0, 0xff, 0xff,
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1c, 0, 0, 0,
        ];
        assert_eq!(out, expected);
        assert_eq!(read(&out[8..24]), Header::Readable);
    }

    #[test]
    fn other_byte_order_and_newer_versions_are_told_apart() {
        let mut out = Vec::new();
        write(&mut out);
        let mut swapped = out.clone();
        swapped[8..12].reverse();
        assert_eq!(read(&swapped[8..]), Header::BigEndian);
        let mut newer = out.clone();
        newer[12] = 2;
        assert_eq!(read(&newer[8..]), Header::Newer { major: 2 });
        assert_eq!(read(&out[8..20]), Header::Malformed);
    }
}
