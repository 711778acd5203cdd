//! Text and paths: bytes with their NUL, not necessarily UTF-8.

use std::borrow::Cow;

/// Text as stored. Empty text is one NUL; a parameter without bytes is no text at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text<'a> {
    raw: &'a [u8],
}

impl<'a> Text<'a> {
    /// Views stored bytes, NUL included.
    pub fn new(raw: &'a [u8]) -> Self {
        Text { raw }
    }

    /// The text: up to the first NUL, or everything when the NUL was cut off.
    pub fn as_bytes(self) -> &'a [u8] {
        match memchr::memchr(0, self.raw) {
            Some(end) => &self.raw[..end],
            None => self.raw,
        }
    }

    /// The text for people, with replacement characters where it is not UTF-8.
    pub fn to_string_lossy(self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// Whether an old driver wrote that the pointer could not be read.
    pub fn is_unreadable(self) -> bool {
        matches!(self.as_bytes(), b"<NA>" | b"(NULL)")
    }

    /// The bytes as stored.
    pub fn raw(self) -> &'a [u8] {
        self.raw
    }

    /// Appends the bytes as stored.
    pub fn encode(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.raw);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_ends_at_the_first_nul_or_at_the_end() {
        assert_eq!(Text::new(b"ab\0").as_bytes(), b"ab");
        assert_eq!(Text::new(b"ab\0cd\0").as_bytes(), b"ab");
        assert_eq!(Text::new(b"ab").as_bytes(), b"ab");
        assert_eq!(Text::new(b"\0").as_bytes(), b"");
        assert!(Text::new(b"<NA>\0").is_unreadable());
    }
}
