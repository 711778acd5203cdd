//! One event: header and raw parameter bytes, borrowed from wherever it lies.

use crate::blocks::event::Located;
use crate::table::{self, EventInfo, EventType, GENERIC_RESULT, ParamInfo};

/// A raw event as it lies in a ring buffer, a mapped file or an [`EventBuf`].
///
/// Cheap to copy. Parameters are the bytes of the scap encoding; [`Event::param`] returns them
/// without interpreting them (see [`crate::param`] for that).
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// Nanoseconds since the Unix epoch; 0 and `u64::MAX` mean unknown (old container events).
    pub timestamp_ns: u64,
    /// Thread that caused the event, -1 when none did.
    pub tid: i64,
    /// CPU on which it happened.
    pub cpu: u16,
    /// Flags of the block (`EVF`): bit 1 = state only, do not show.
    pub block_flags: u32,
    /// Event type; may be newer than the table.
    pub ty: EventType,
    large: bool,
    nparams: u32,
    /// `nparams` little-endian lengths, u16 or (large types) u32 each.
    lengths: &'a [u8],
    /// The values, concatenated.
    values: &'a [u8],
}

/// Block flag: update state from this event, but neither show nor filter it.
pub const STATE_ONLY: u32 = 1;

impl<'a> Event<'a> {
    /// An event over borrowed lengths and values.
    ///
    /// Returns `None` when the lengths do not add up to at most `values.len()` bytes or there are
    /// fewer than `nparams` of them, so that every later access is in bounds.
    #[allow(clippy::too_many_arguments)]
    pub fn from_parts(
        timestamp_ns: u64,
        tid: i64,
        cpu: u16,
        block_flags: u32,
        ty: EventType,
        nparams: u32,
        lengths: &'a [u8],
        values: &'a [u8],
    ) -> Option<Event<'a>> {
        let large = is_large(ty);
        let width = if large { 4 } else { 2 };
        let lengths = lengths.get(..usize::try_from(nparams).ok()?.checked_mul(width)?)?;
        let event = Event {
            timestamp_ns,
            tid,
            cpu,
            block_flags,
            ty,
            large,
            nparams,
            lengths,
            values,
        };
        let mut total = 0usize;
        for index in 0..event.nparams() {
            total = total.checked_add(event.param_len(index)?)?;
        }
        (total <= values.len()).then_some(event)
    }

    /// An event whose lengths were checked when it was found.
    pub(crate) fn from_checked_parts(
        located: &Located,
        lengths: &'a [u8],
        values: &'a [u8],
    ) -> Event<'a> {
        Event {
            timestamp_ns: located.timestamp_ns,
            tid: located.tid,
            cpu: located.cpu,
            block_flags: located.block_flags,
            ty: located.ty,
            large: is_large(located.ty),
            nparams: located.nparams,
            lengths,
            values,
        }
    }

    /// The table row of this type, if the table knows it.
    pub fn info(&self) -> Option<&'static EventInfo> {
        self.ty.info()
    }

    /// Number of parameters stored, which may differ from the table's count.
    pub fn nparams(&self) -> usize {
        self.nparams as usize
    }

    /// What a parameter means: the table's row, and for generic exit events also the result and
    /// the arguments of the call that the event stands for.
    pub fn param_info(&self, index: usize) -> Option<&'static ParamInfo> {
        const GENERIC_EXIT: EventType = EventType(1);
        let info = self.info()?;
        let known = info.params.len();
        if index < known || self.ty != GENERIC_EXIT {
            return info.params.get(index);
        }
        if index == known {
            return Some(&GENERIC_RESULT);
        }
        let code = crate::param::unsigned(self.param(0)?)?;
        let call = table::syscall(u16::try_from(code).ok()?)?;
        call.args.get(index - known - 1)
    }

    /// Length in bytes of one parameter.
    pub fn param_len(&self, index: usize) -> Option<usize> {
        if index >= self.nparams() {
            return None;
        }
        Some(if self.large {
            let at = index * 4;
            u32::from_le_bytes(self.lengths[at..at + 4].try_into().ok()?) as usize
        } else {
            let at = index * 2;
            usize::from(u16::from_le_bytes(
                self.lengths[at..at + 2].try_into().ok()?,
            ))
        })
    }

    /// Raw bytes of one parameter; an empty slice means that the value could not be collected.
    pub fn param(&self, index: usize) -> Option<&'a [u8]> {
        let len = self.param_len(index)?;
        let start: usize = (0..index).map(|i| self.param_len(i).unwrap_or(0)).sum();
        self.values.get(start..start + len)
    }

    /// All parameters in order, one pass.
    pub fn params(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let event = *self;
        let mut at = 0;
        (0..self.nparams()).map(move |i| {
            let len = event.param_len(i).unwrap_or(0);
            let bytes = event.values.get(at..at + len).unwrap_or(&[]);
            at += len;
            bytes
        })
    }

    /// The little-endian length array, as stored.
    pub fn raw_lengths(&self) -> &'a [u8] {
        self.lengths
    }

    /// The concatenated values, as stored.
    pub fn raw_values(&self) -> &'a [u8] {
        self.values
    }

    /// Copies the event into memory of its own.
    pub fn to_buf(&self) -> EventBuf {
        EventBuf {
            timestamp_ns: self.timestamp_ns,
            tid: self.tid,
            cpu: self.cpu,
            block_flags: self.block_flags,
            ty: self.ty,
            nparams: self.nparams,
            lengths: self.lengths.to_vec(),
            values: self.values.to_vec(),
        }
    }
}

/// Whether events of this type store their parameter lengths as u32.
pub fn is_large(ty: EventType) -> bool {
    matches!(ty.0, 322..=325 | 402)
}

/// An event that owns its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventBuf {
    /// See [`Event::timestamp_ns`].
    pub timestamp_ns: u64,
    /// See [`Event::tid`].
    pub tid: i64,
    /// See [`Event::cpu`].
    pub cpu: u16,
    /// See [`Event::block_flags`].
    pub block_flags: u32,
    /// See [`Event::ty`].
    pub ty: EventType,
    nparams: u32,
    lengths: Vec<u8>,
    values: Vec<u8>,
}

impl EventBuf {
    /// Takes over another event's contents and keeps the memory.
    pub fn assign(&mut self, event: &Event<'_>) {
        self.timestamp_ns = event.timestamp_ns;
        self.tid = event.tid;
        self.cpu = event.cpu;
        self.block_flags = event.block_flags;
        self.ty = event.ty;
        self.nparams = event.nparams;
        self.lengths.clear();
        self.lengths.extend_from_slice(event.lengths);
        self.values.clear();
        self.values.extend_from_slice(event.values);
    }

    /// Borrows the event.
    pub fn as_event(&self) -> Event<'_> {
        Event {
            timestamp_ns: self.timestamp_ns,
            tid: self.tid,
            cpu: self.cpu,
            block_flags: self.block_flags,
            ty: self.ty,
            large: is_large(self.ty),
            nparams: self.nparams,
            lengths: &self.lengths,
            values: &self.values,
        }
    }
}

/// Puts an event together, parameter by parameter, in table order.
#[derive(Debug)]
pub struct EventBuilder(EventBuf);

impl EventBuilder {
    /// Starts an event without parameters.
    pub fn new(ty: EventType, timestamp_ns: u64, tid: i64) -> Self {
        EventBuilder(EventBuf {
            timestamp_ns,
            tid,
            cpu: 0,
            block_flags: 0,
            ty,
            nparams: 0,
            lengths: Vec::new(),
            values: Vec::new(),
        })
    }

    /// Sets the CPU.
    pub fn cpu(mut self, cpu: u16) -> Self {
        self.0.cpu = cpu;
        self
    }

    /// Appends one parameter's raw bytes. Longer than the type's length field can say is cut.
    pub fn param(mut self, bytes: &[u8]) -> Self {
        let bytes = if is_large(self.0.ty) {
            let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            self.0.lengths.extend_from_slice(&len.to_le_bytes());
            &bytes[..len as usize]
        } else {
            let len = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
            self.0.lengths.extend_from_slice(&len.to_le_bytes());
            &bytes[..usize::from(len)]
        };
        self.0.values.extend_from_slice(bytes);
        self.0.nparams += 1;
        self
    }

    /// Appends a text parameter with its NUL.
    pub fn text(self, text: impl AsRef<[u8]>) -> Self {
        let mut bytes = text.as_ref().to_vec();
        bytes.push(0);
        self.param(&bytes)
    }

    /// Appends an 8-byte signed number (fd, pid, errno, int64).
    pub fn i64(self, value: i64) -> Self {
        self.param(&value.to_le_bytes())
    }

    /// Appends an 8-byte unsigned number.
    pub fn u64(self, value: u64) -> Self {
        self.param(&value.to_le_bytes())
    }

    /// Appends a 4-byte number.
    pub fn u32(self, value: u32) -> Self {
        self.param(&value.to_le_bytes())
    }

    /// Appends a 1-byte number.
    pub fn u8(self, value: u8) -> Self {
        self.param(&[value])
    }

    /// The finished event.
    pub fn build(self) -> EventBuf {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_exit_names_the_arguments_of_its_call() {
        let call = table::syscall_by_name("epoll_ctl").unwrap();
        let event = EventBuilder::new(EventType(1), 1, 1)
            .param(&call.code.to_le_bytes())
            .param(&233u16.to_le_bytes())
            .i64(0)
            .i64(4)
            .build();
        let names: Vec<&str> = (0..8)
            .map_while(|index| event.as_event().param_info(index))
            .map(|param| param.name)
            .collect();
        assert_eq!(
            names,
            ["ID", "nativeID", "res", "epfd", "op", "fd", "event"]
        );
    }

    #[test]
    fn other_events_name_what_the_table_has() {
        let close = EventBuilder::new(EventType(5), 1, 1).i64(0).i64(3).build();
        let close = close.as_event();
        assert_eq!(close.param_info(1).map(|param| param.name), Some("fd"));
        assert!(close.param_info(2).is_none());
    }
}
