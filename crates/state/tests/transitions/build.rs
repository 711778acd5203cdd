//! Events by the names of the table, and a state to apply them to.

use capture_format::table::EVENTS;
use capture_format::{EventBuf, EventBuilder, EventInfo, FdEntry, Snapshot, ThreadEntry};
use state::{Applied, FdInfo, State, Thread};

/// An event in the making; parameters that are not set are empty.
pub(crate) struct Ev {
    info: &'static EventInfo,
    tid: i64,
    values: Vec<Vec<u8>>,
}

/// An event of the table by its symbol.
pub(crate) fn ev(symbol: &str, tid: i64) -> Ev {
    let info = EVENTS.iter().find(|info| info.symbol == symbol);
    let info = info.unwrap_or_else(|| panic!("no event {symbol}"));
    Ev {
        info,
        tid,
        values: vec![Vec::new(); info.params.len()],
    }
}

impl Ev {
    /// Sets a number in the width of its type.
    pub(crate) fn num(self, name: &str, value: i64) -> Ev {
        let at = self.at(name);
        let size = self.info.params[at].ty.fixed_size().expect("a number");
        self.bytes(name, &value.to_le_bytes()[..size])
    }

    /// Sets a text.
    pub(crate) fn text(self, name: &str, value: &str) -> Ev {
        let mut bytes = value.as_bytes().to_vec();
        bytes.push(0);
        self.bytes(name, &bytes)
    }

    /// Sets raw bytes.
    pub(crate) fn bytes(mut self, name: &str, value: &[u8]) -> Ev {
        let at = self.at(name);
        self.values[at] = value.to_vec();
        self
    }

    /// Leaves out the parameters from `count` on, as older writers did.
    pub(crate) fn cut(mut self, count: usize) -> Ev {
        self.values.truncate(count);
        self
    }

    fn at(&self, name: &str) -> usize {
        let at = self.info.params.iter().position(|p| p.name == name);
        at.unwrap_or_else(|| panic!("{} has no {name}", self.info.symbol))
    }

    fn build(self, timestamp_ns: u64) -> EventBuf {
        let start = EventBuilder::new(self.info.id, timestamp_ns, self.tid);
        let values = self.values.iter();
        values
            .fold(start, |event, value| event.param(value))
            .build()
    }
}

/// A state with a clock that ticks by a microsecond per event.
pub(crate) struct World {
    pub(crate) state: State,
    now_ns: u64,
}

impl World {
    /// With these threads listed and nothing open.
    pub(crate) fn new(threads: &[ThreadEntry]) -> World {
        World::listed(threads, &[])
    }

    /// With these threads and descriptors listed.
    pub(crate) fn listed(threads: &[ThreadEntry], fds: &[(i64, Vec<FdEntry>)]) -> World {
        let mut state = State::new();
        state.load(&Snapshot {
            threads: threads.to_vec(),
            fds: fds.to_vec(),
            ..Snapshot::default()
        });
        World {
            state,
            now_ns: 1_000_000_000,
        }
    }

    pub(crate) fn apply(&mut self, event: Ev) -> Applied {
        self.now_ns += 1000;
        let event = event.build(self.now_ns);
        self.state.apply(&event.as_event())
    }

    pub(crate) fn thread(&self, tid: i64) -> &Thread {
        self.state.thread(tid).expect("the thread is known")
    }

    pub(crate) fn fd(&self, tid: i64, fd: i64) -> Option<&FdInfo> {
        self.state.fd(self.thread(tid), fd)
    }

    /// The descriptor's name, for a descriptor that is known.
    pub(crate) fn name(&self, tid: i64, fd: i64) -> String {
        let info = self.fd(tid, fd);
        let info = info.unwrap_or_else(|| panic!("descriptor {fd} of {tid} is unknown"));
        String::from_utf8_lossy(&info.name).into_owned()
    }

    /// Opens a file, enter and exit.
    pub(crate) fn open(&mut self, tid: i64, fd: i64, name: &str, flags: i64) -> Applied {
        self.apply(
            ev("SYSCALL_OPENAT_2_E", tid)
                .num("dirfd", -100)
                .text("name", name)
                .num("flags", flags),
        );
        self.apply(
            ev("SYSCALL_OPENAT_2_X", tid)
                .num("fd", fd)
                .num("dirfd", -100)
                .text("name", name)
                .num("flags", flags),
        )
    }

    /// Anything, so that removals that wait for the next event happen.
    pub(crate) fn tick(&mut self) {
        self.apply(ev("DROP_E", -1).num("ratio", 1));
    }
}

/// A process that leads itself.
pub(crate) fn process(pid: i64, ptid: i64, comm: &str) -> ThreadEntry {
    ThreadEntry {
        tid: pid,
        pid,
        ptid,
        sid: pid,
        vpgid: pid,
        pgid: pid,
        vtid: pid,
        vpid: pid,
        comm: comm.as_bytes().to_vec(),
        exe: comm.as_bytes().to_vec(),
        cwd: b"/home".to_vec(),
        root: b"/".to_vec(),
        uid: 1000,
        gid: 1000,
        fd_limit: 1024,
        ..ThreadEntry::default()
    }
}

/// Another thread of a process.
pub(crate) fn thread(tid: i64, pid: i64) -> ThreadEntry {
    const THREAD_AND_FILES: u32 = 0x2001;
    ThreadEntry {
        tid,
        vtid: tid,
        flags: THREAD_AND_FILES,
        ..process(pid, 1, "worker")
    }
}

/// A clone exit with all that a probe fills in.
pub(crate) fn clone_exit(tid: i64, res: i64, flags: i64) -> Ev {
    ev("SYSCALL_CLONE_20_X", tid)
        .num("res", res)
        .text("exe", "sh")
        .num("tid", tid)
        .num("pid", tid)
        .num("ptid", 1)
        .num("fdlimit", 1024)
        .text("comm", "sh")
        .num("flags", flags)
        .num("uid", 1000)
        .num("gid", 1000)
        .num("vtid", tid)
        .num("vpid", tid)
}

/// A tuple parameter of IPv4.
pub(crate) fn tuple(source: ([u8; 4], u16), destination: ([u8; 4], u16)) -> Vec<u8> {
    let end = |(ip, port): ([u8; 4], u16)| [&ip[..], &port.to_le_bytes()].concat();
    [&[2][..], &end(source), &end(destination)].concat()
}

/// An address parameter of IPv4.
pub(crate) fn address(ip: [u8; 4], port: u16) -> Vec<u8> {
    [&[2][..], &ip, &port.to_le_bytes()].concat()
}
