//! The event at hand, with its parameters as values.

use crate::threads::Slot;
use capture_format::{Completed, EventType};

/// An event on its way through its handler: completed, with the thread it belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Call<'e> {
    pub(crate) event: Completed<'e>,
    pub(crate) slot: Slot,
    pub(crate) tid: i64,
    /// The descriptor that the call works on, -1 none.
    pub(crate) fd: i64,
}

impl<'e> Call<'e> {
    pub(crate) fn ty(&self) -> EventType {
        self.event.ty()
    }

    pub(crate) fn timestamp_ns(&self) -> u64 {
        self.event.stored().timestamp_ns
    }

    /// The bytes of a parameter; `None` when nobody recorded it.
    pub(crate) fn bytes(&self, index: usize) -> Option<&'e [u8]> {
        self.event.param(index).filter(|bytes| !bytes.is_empty())
    }

    /// A signed number of any width.
    pub(crate) fn int(&self, index: usize) -> Option<i64> {
        let bytes = self.bytes(index)?;
        Some(match bytes.len() {
            1 => i64::from(bytes[0].cast_signed()),
            2 => i64::from(i16::from_le_bytes(bytes.try_into().ok()?)),
            4 => i64::from(i32::from_le_bytes(bytes.try_into().ok()?)),
            8 => i64::from_le_bytes(bytes.try_into().ok()?),
            _ => return None,
        })
    }

    /// An unsigned number of any width.
    pub(crate) fn uint(&self, index: usize) -> Option<u64> {
        let bytes = self.bytes(index)?;
        let mut wide = [0; 8];
        wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(u64::from_le_bytes(wide))
    }

    /// An unsigned number of at most 32 bits.
    pub(crate) fn u32(&self, index: usize) -> Option<u32> {
        u32::try_from(self.uint(index)?).ok()
    }

    /// A text without its NUL.
    pub(crate) fn text(&self, index: usize) -> Option<&'e [u8]> {
        self.bytes(index).map(until_nul)
    }

    /// The result, which is the first parameter of every exit.
    pub(crate) fn result(&self) -> Option<i64> {
        self.int(0)
    }

    /// Whether the call is known to have succeeded.
    pub(crate) fn succeeded(&self) -> bool {
        self.result().is_some_and(|result| result >= 0)
    }
}

/// A text up to its first NUL.
pub(crate) fn until_nul(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    &bytes[..end]
}

/// A list of texts, each ended by a NUL; the last one may lack it.
pub(crate) fn texts(bytes: &[u8]) -> Vec<Vec<u8>> {
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    if bytes.is_empty() {
        return Vec::new();
    }
    bytes.split(|&b| b == 0).map(<[u8]>::to_vec).collect()
}
