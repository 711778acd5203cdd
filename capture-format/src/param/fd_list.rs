//! Lists of descriptors with poll flags.

/// A count, then descriptor and flags each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FdList<'a> {
    raw: &'a [u8],
}

/// One descriptor of a poll.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FdListEntry {
    /// Descriptor number.
    pub fd: i64,
    /// Requested (enter) or returned (exit) events, bits of the `poll_flags` table.
    pub flags: u16,
}

const ENTRY: usize = 10;

impl<'a> FdList<'a> {
    /// Views stored bytes; `None` when count and length disagree.
    pub fn decode(raw: &'a [u8]) -> Option<Self> {
        let count = usize::from(u16::from_le_bytes(raw.get(..2)?.try_into().ok()?));
        (raw.len() == 2 + ENTRY * count).then_some(FdList { raw })
    }

    /// The entries in order.
    pub fn iter(self) -> impl ExactSizeIterator<Item = FdListEntry> + use<'a> {
        self.raw[2..].chunks_exact(ENTRY).map(|entry| {
            let (fd, flags) = entry.split_at(8);
            FdListEntry {
                fd: i64::from_le_bytes(fd.try_into().expect("8 bytes")),
                flags: u16::from_le_bytes(flags.try_into().expect("2 bytes")),
            }
        })
    }

    /// Appends the bytes as stored.
    pub fn encode(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.raw);
    }

    /// Builds the stored form; entries beyond 65,535 are left out.
    pub fn join(entries: &[FdListEntry]) -> Vec<u8> {
        let count = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        let mut out = count.to_le_bytes().to_vec();
        for entry in &entries[..usize::from(count)] {
            out.extend_from_slice(&entry.fd.to_le_bytes());
            out.extend_from_slice(&entry.flags.to_le_bytes());
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_survive_encoding() {
        let entries = [
            FdListEntry { fd: 3, flags: 1 },
            FdListEntry { fd: -1, flags: 5 },
        ];
        let raw = FdList::join(&entries);
        let list = FdList::decode(&raw).unwrap();
        assert_eq!(list.iter().collect::<Vec<_>>(), entries);
    }

    #[test]
    fn count_must_match_the_length() {
        assert_eq!(FdList::decode(&[1, 0, 0]), None);
        assert_eq!(FdList::decode(&[]), None);
        assert_eq!(FdList::decode(&[0, 0]).unwrap().iter().len(), 0);
    }
}
