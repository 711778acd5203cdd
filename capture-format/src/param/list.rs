//! Lists of text: args, environment, cgroups.

/// Items one after the other, each with its NUL.
///
/// Byte-buffer parameters that hold such lists are viewed with [`TextList::new`] as well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TextList<'a> {
    raw: &'a [u8],
}

impl<'a> TextList<'a> {
    /// Views stored bytes. The last item may lack its NUL: old writers cut long lists.
    pub fn new(raw: &'a [u8]) -> Self {
        TextList { raw }
    }

    /// The items without their NUL.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let raw = self.raw.strip_suffix(b"\0").unwrap_or(self.raw);
        let items = if self.raw.is_empty() { None } else { Some(raw) };
        items.into_iter().flat_map(|raw| raw.split(|&b| b == 0))
    }

    /// The bytes as stored.
    pub fn raw(self) -> &'a [u8] {
        self.raw
    }

    /// Appends the bytes as stored.
    pub fn encode(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.raw);
    }

    /// Joins items into the stored form.
    pub fn join<T: AsRef<[u8]>>(items: &[T]) -> Vec<u8> {
        let mut out = Vec::new();
        for item in items {
            out.extend_from_slice(item.as_ref());
            out.push(0);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_separated_at_their_nul() {
        let items = |raw| TextList::new(raw).iter().collect::<Vec<_>>();
        assert_eq!(items(b"a\0b\0"), [b"a", b"b"]);
        assert_eq!(items(b"a\0b"), [b"a", b"b"]);
        assert_eq!(items(b"\0"), [b""]);
        assert_eq!(items(b"a\0\0b\0"), [&b"a"[..], b"", b"b"]);
        assert!(items(b"").is_empty());
        assert_eq!(TextList::join(&["a", "", "b"]), b"a\0\0b\0");
    }
}
