//! One CPU's ring, read through its mapping.
//!
//! Layout and protocol: Documentation/bpf/ringbuf.rst. The kernel publishes records by moving the
//! producer position, and a record's length word says whether it is finished; we free them by
//! moving the consumer position. The data pages are mapped twice in a row, so that a record that
//! wraps around is contiguous.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::sys::{Mapping, page_size};

/// `BPF_RINGBUF_BUSY_BIT`: still being written.
const BUSY: u32 = 1 << 31;
/// `BPF_RINGBUF_DISCARD_BIT`: given up by the program.
const DISCARD: u32 = 1 << 30;
/// `BPF_RINGBUF_HDR_SZ`.
const HEADER: u64 = 8;

/// A ring buffer map and our place in it.
#[derive(Debug)]
pub(crate) struct Ring {
    _map: OwnedFd,
    consumer: Mapping,
    /// Producer page, then the data twice.
    data: Mapping,
    size: u64,
    page: usize,
    /// Where the next record starts.
    position: u64,
    /// Records before this are known to be published.
    published: u64,
    /// The consumer position that the kernel knows.
    freed: u64,
}

/// Place of a finished record in the data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    offset: u64,
    len: u32,
}

impl Ring {
    /// Maps a ring of `size` bytes.
    pub(crate) fn new(map: OwnedFd, size: u32) -> io::Result<Ring> {
        let page = page_size();
        let consumer = Mapping::new(map.as_fd(), 0, page, true)?;
        let data = Mapping::new(map.as_fd(), page, page + 2 * size as usize, false)?;
        Ok(Ring {
            _map: map,
            consumer,
            data,
            size: size.into(),
            page,
            position: 0,
            published: 0,
            freed: 0,
        })
    }

    /// The oldest unread record, without moving on. `None` when there is none that is finished.
    pub(crate) fn peek(&mut self) -> Option<Record> {
        loop {
            if self.position >= self.published {
                self.published = self.producer_position().load(Ordering::Acquire);
                if self.position >= self.published {
                    return None;
                }
            }
            let word = self.length_word(self.position).load(Ordering::Acquire);
            if word & BUSY != 0 {
                return None;
            }
            let len = word & !(BUSY | DISCARD);
            let end = self.position + record_size(len);
            if end > self.published || u64::from(len) > self.size {
                // Cannot happen with a sane kernel; skipping everything is better than reading
                // out of step from here on.
                self.position = self.published;
                continue;
            }
            if word & DISCARD != 0 {
                self.position = end;
                continue;
            }
            return Some(Record {
                offset: self.position + HEADER,
                len,
            });
        }
    }

    /// The bytes of a peeked record.
    pub(crate) fn bytes(&self, record: Record) -> &[u8] {
        let start = self.page + (record.offset & (self.size - 1)) as usize;
        debug_assert!(start + record.len as usize <= self.data.len());
        // SAFETY: the record was checked by `peek` to be finished, to be at most `size` long and
        // to end before the producer position; with its start below page + size it lies inside
        // the mapping of page + 2 * size. The kernel does not write to it again until the
        // consumer position passes it, which takes `&mut self`.
        unsafe {
            std::slice::from_raw_parts(self.data.start().as_ptr().add(start), record.len as usize)
        }
    }

    /// Moves past a peeked record.
    pub(crate) fn advance(&mut self, record: Record) {
        self.position = record.offset - HEADER + record_size(record.len);
        // Every store takes the cache line away from the producing CPU.
        if self.position - self.freed >= self.size / 64 {
            self.release();
        }
    }

    /// Gives everything read so far back to the kernel.
    pub(crate) fn release(&mut self) {
        if self.freed != self.position {
            self.freed = self.position;
            self.consumer_position()
                .store(self.position, Ordering::Release);
        }
    }

    fn consumer_position(&self) -> &AtomicU64 {
        // SAFETY: the consumer page starts with this aligned word and is mapped writable; the
        // kernel accesses it atomically too.
        unsafe { self.consumer.start().cast().as_ref() }
    }

    fn producer_position(&self) -> &AtomicU64 {
        // SAFETY: the producer page starts with this aligned word; it is only loaded here, and
        // the kernel writes it atomically.
        unsafe { self.data.start().cast().as_ref() }
    }

    fn length_word(&self, position: u64) -> &AtomicU32 {
        let at = self.page + (position & (self.size - 1)) as usize;
        // SAFETY: `at` is below page + size, inside the mapping; records start at multiples of 8,
        // so the word is aligned. It is only loaded here.
        unsafe { self.data.start().add(at).cast().as_ref() }
    }
}

/// Bytes that a record with `len` bytes of data takes in the ring.
fn record_size(len: u32) -> u64 {
    (u64::from(len) + HEADER + 7) & !7
}
