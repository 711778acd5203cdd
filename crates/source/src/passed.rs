//! Descriptors received over a socket: no call says what they are, so the kernel is asked.
//!
//! An iterator event with the answer follows the event that received the descriptor, in the stream
//! and in recordings of it, so that a replay knows the name as well. Between the two the receiver
//! may have closed the descriptor; then there is no answer, or in the worst case that of its
//! successor, which its own events put right.

use std::collections::VecDeque;

use capture_format::{Event, EventBuf, EventBuilder, EventType, FdEntry, FdEntryKind};

use crate::snapshot;

/// Receiving exits and the parameter that has the ancillary data.
const RECEIVERS: [(u16, usize); 2] = [(53, 4), (55, 5)];

/// Looking up a descriptor takes as long as reading some dozens of events. Who passes descriptors
/// all the time does not get them all looked up.
const COST: u32 = 64;
const CREDIT_LIMIT: u32 = 64 * COST;

/// Descriptors waiting to be looked up.
#[derive(Debug)]
pub(crate) struct Passed {
    options: snapshot::Options,
    waiting: VecDeque<Wanted>,
    credit: u32,
    told: Option<EventBuf>,
}

#[derive(Clone, Copy, Debug)]
struct Wanted {
    tid: i64,
    fd: i32,
    timestamp_ns: u64,
    cpu: u16,
}

impl Passed {
    pub(crate) fn new(options: &snapshot::Options) -> Self {
        Passed {
            options: options.clone(),
            waiting: VecDeque::new(),
            credit: CREDIT_LIMIT,
            told: None,
        }
    }

    /// Looks whether an event has received descriptors.
    pub(crate) fn note(&mut self, event: &Event<'_>) {
        self.credit = (self.credit + 1).min(CREDIT_LIMIT);
        let Some(&(_, at)) = RECEIVERS.iter().find(|row| row.0 == event.ty.0) else {
            return;
        };
        for fd in descriptors(event.param(at).unwrap_or(&[])) {
            if self.credit >= COST {
                self.credit -= COST;
                self.waiting.push_back(Wanted {
                    tid: event.tid,
                    fd,
                    timestamp_ns: event.timestamp_ns,
                    cpu: event.cpu,
                });
            }
        }
    }

    /// Looks up what is waiting until there is an answer.
    pub(crate) fn look_up(&mut self) -> bool {
        self.told = None;
        while self.told.is_none()
            && let Some(wanted) = self.waiting.pop_front()
        {
            let found = snapshot::descriptor(&self.options, wanted.tid, wanted.fd.into());
            self.told = found.and_then(|entry| tell(&wanted, &entry));
        }
        self.told.is_some()
    }

    /// The answer.
    pub(crate) fn told(&self) -> Option<Event<'_>> {
        self.told.as_ref().map(EventBuf::as_event)
    }
}

/// The descriptors in ancillary data as the kernel wrote it for a 64-bit process.
fn descriptors(mut control: &[u8]) -> Vec<i32> {
    const HEADER: usize = 16;
    const SOCKET_LEVEL_RIGHTS: [u8; 8] = [1, 0, 0, 0, 1, 0, 0, 0];
    let mut found = Vec::new();
    while let Some((len, rest)) = control.split_first_chunk() {
        let len = usize::try_from(u64::from_le_bytes(*len)).unwrap_or(usize::MAX);
        if len < HEADER || len > control.len() {
            break;
        }
        if rest.starts_with(&SOCKET_LEVEL_RIGHTS) {
            let numbers = control[HEADER..len].chunks_exact(4);
            found.extend(numbers.map(|n| i32::from_le_bytes([n[0], n[1], n[2], n[3]])));
        }
        control = control.get(len.next_multiple_of(8)..).unwrap_or(&[]);
    }
    found
}

/// The iterator event that says what a descriptor is.
fn tell(wanted: &Wanted, entry: &FdEntry) -> Option<EventBuf> {
    const TCP: u8 = 2;
    const UDP: u8 = 3;
    /// Socket type and protocol of the format's transport numbers.
    fn transport(l4: u8) -> (u16, u16) {
        match l4 {
            TCP => (1, 6),
            UDP => (2, 17),
            _ => (3, 255),
        }
    }
    let start = |ty| {
        EventBuilder::new(EventType(ty), wanted.timestamp_ns, wanted.tid)
            .cpu(wanted.cpu)
            .param(&wanted.fd.to_le_bytes())
    };
    let socket = |ty, l4, local: (&[u8], u16), remote: (&[u8], u16)| {
        let (sk_type, sk_proto) = transport(l4);
        start(ty)
            .param(&sk_type.to_le_bytes())
            .param(&sk_proto.to_le_bytes())
            .param(local.0)
            .param(&local.1.to_le_bytes())
            .param(remote.0)
            .param(&remote.1.to_le_bytes())
    };
    let event = match &entry.kind {
        FdEntryKind::File {
            name, open_flags, ..
        } => start(436).text(name).u32(*open_flags).u32(0),
        FdEntryKind::Directory { name } => start(438).text(name),
        FdEntryKind::Ipv4 {
            src,
            dst,
            src_port,
            dst_port,
            l4,
        } => socket(
            440,
            *l4,
            (&src.octets(), *src_port),
            (&dst.octets(), *dst_port),
        ),
        FdEntryKind::Ipv4Server { ip, port, l4 } => {
            socket(440, *l4, (&ip.octets(), *port), (&[0; 4], 0))
        }
        FdEntryKind::Ipv6 {
            src,
            dst,
            src_port,
            dst_port,
            l4,
        } => socket(
            442,
            *l4,
            (&src.octets(), *src_port),
            (&dst.octets(), *dst_port),
        ),
        FdEntryKind::Ipv6Server { ip, port, l4 } => {
            socket(442, *l4, (&ip.octets(), *port), (&[0; 16], 0))
        }
        FdEntryKind::Unix { source, path, .. } => start(444)
            .param(&1u16.to_le_bytes())
            .param(&0u16.to_le_bytes())
            .u64(*source)
            .text(path),
        FdEntryKind::Named { type_number, name } => match *type_number {
            7 => start(432).text(name),
            20 => start(434).text(name),
            15 => start(446)
                .param(&3u16.to_le_bytes())
                .param(&0u16.to_le_bytes()),
            number => start(448).u8(anonymous(number)?).text(name),
        },
    };
    Some(event.u64(entry.ino).build())
}

/// The number that iterator events have for an anonymous kind of the descriptor list.
fn anonymous(list_number: u8) -> Option<u8> {
    /// eventfd, epoll, inotify, signalfd, timerfd, `io_uring`, userfaultfd, pidfd, bpf.
    const LIST_NUMBERS: [u8; 9] = [9, 12, 13, 11, 14, 19, 18, 21, 17];
    let at = LIST_NUMBERS.iter().position(|&n| n == list_number)?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsRawFd;

    fn rights(fds: &[i32]) -> Vec<u8> {
        let mut control = (16 + 4 * fds.len() as u64).to_le_bytes().to_vec();
        control.extend([1, 0, 0, 0, 1, 0, 0, 0]);
        control.extend(fds.iter().flat_map(|fd| fd.to_le_bytes()));
        control
    }

    #[test]
    fn descriptors_are_found_among_other_ancillary_data() {
        let mut control = 20u64.to_le_bytes().to_vec();
        control.extend([1, 0, 0, 0, 2, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0]);
        control.extend(rights(&[7, 8]));
        assert_eq!(descriptors(&control), [7, 8]);
        for cut in 0..control.len() {
            descriptors(&control[..cut]);
        }
        assert_eq!(descriptors(&[0xff; 40]), [0i32; 0]);
    }

    #[test]
    fn a_received_file_is_told_by_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let fd = file.as_file().as_raw_fd();
        let mut passed = Passed::new(&snapshot::Options::default());
        let recvmsg = |fd: i32| {
            let event = EventBuilder::new(EventType(53), 5, i64::from(std::process::id()));
            event
                .i64(1)
                .u32(1)
                .param(b"x")
                .param(&[])
                .param(&rights(&[fd]))
                .i64(3)
                .build()
        };
        passed.note(&recvmsg(fd).as_event());
        assert!(passed.look_up());
        let told = passed.told().unwrap();
        assert_eq!(told.ty, EventType(436));
        assert_eq!(told.param(0), Some(&fd.to_le_bytes()[..]));
        let name = told.param(1).unwrap().strip_suffix(b"\0").unwrap();
        assert_eq!(name, file.path().as_os_str().as_encoded_bytes());
        assert!(!passed.look_up());
        passed.note(&recvmsg(i32::MAX).as_event());
        assert!(!passed.look_up());
    }

    #[test]
    fn who_passes_all_the_time_is_not_followed() {
        let mut passed = Passed::new(&snapshot::Options::default());
        let event = EventBuilder::new(EventType(53), 5, 1)
            .i64(1)
            .u32(1)
            .param(b"x");
        let event = event.param(&[]).param(&rights(&[3])).build();
        for _ in 0..10_000 {
            passed.note(&event.as_event());
        }
        assert!(passed.waiting.len() < 300);
    }
}
