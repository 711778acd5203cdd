//! Reading and writing little-endian fields without overrunning.

/// A position in borrowed bytes; every read checks what remains.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Cursor { rest: bytes }
    }

    pub(crate) fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// A u16 length and that many bytes.
    pub(crate) fn str16(&mut self) -> Option<&'a [u8]> {
        let len = self.u16()?;
        self.take(usize::from(len))
    }

    /// A u32 length that counts itself, and the entry it covers.
    pub(crate) fn entry(&mut self) -> Option<Cursor<'a>> {
        let len = usize::try_from(self.u32()?).ok()?;
        self.take(len.checked_sub(4)?).map(Cursor::new)
    }
}

/// Appends a u16 length and the bytes, cut to `limit`. Says whether it had to cut.
#[must_use]
pub(crate) fn put_str16(out: &mut Vec<u8>, bytes: &[u8], limit: usize) -> bool {
    let kept = &bytes[..bytes.len().min(limit).min(usize::from(u16::MAX))];
    out.extend_from_slice(&(kept.len() as u16).to_le_bytes());
    out.extend_from_slice(kept);
    kept.len() < bytes.len()
}

/// Replaces the four bytes at `at` by the length of everything since, themselves included.
pub(crate) fn patch_len(out: &mut [u8], at: usize) {
    let len = (out.len() - at) as u32;
    out[at..at + 4].copy_from_slice(&len.to_le_bytes());
}
