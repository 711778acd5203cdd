//! The running probe: load, attach, read in order, detach.

use std::collections::BTreeSet;
use std::ffi::CString;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use capture_format::table::EVENTS;
use capture_format::{Event, EventType};

use crate::loader::{Libbpf, LoadError, Loaded, Loader, Request};
use crate::merge::{Merge, Next};
use crate::ring::Ring;
use crate::stats::{CpuStats, Lost};
use crate::sys::{self, Mapping, Waker};
use crate::wire::{self, Config, Counters, SCRATCH_KINDS, SMALL_KINDS, TABLES_SIZE, record};
use crate::{ProbeConfig, ProbeError, ProbeStats, preflight, tables};

static OBJECT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/probe.bpf.o"));
static OBJECT_RAW: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/probe_raw.bpf.o"));

/// Longest sleep between looks at the rings. Half of them fill in 10 ms at four million events per
/// second, and the programs wake us when that happens.
const LONGEST_SLEEP_MS: u32 = 10;

/// BPF programs in the kernel, and the rings they fill.
///
/// Dropping it detaches and unloads everything.
#[derive(Debug)]
pub struct Probe {
    merge: Merge,
    waker: Waker,
    counters: Mapping,
    cpus: Vec<Delivered>,
    epoch_offset_ns: u64,
    /// The lane whose record the last event borrows.
    lent: Option<usize>,
    sleep_ms: u32,
    /// Attached programs; closing detaches.
    links: Vec<OwnedFd>,
    /// Outer map and first ring, kept for the flush in `stop`.
    rings: OwnedFd,
    first_ring: Option<OwnedFd>,
    stopped: bool,
    loaded: Loaded,
}

#[derive(Clone, Copy, Debug, Default)]
struct Delivered {
    events: u64,
    malformed: u64,
}

impl Probe {
    /// Loads and attaches the programs. Events flow from here on.
    ///
    /// # Errors
    /// See [`ProbeError`]: missing privileges, an unsuitable kernel, a program that the kernel's
    /// verifier refuses.
    pub fn load(config: &ProbeConfig) -> Result<Probe, ProbeError> {
        preflight::check()?;
        let possible = cpus("/sys/devices/system/cpu/possible")?;
        let online = cpus("/sys/devices/system/cpu/online")?;
        let count = possible.last().map_or(1, |last| u32::from(*last) + 1);

        let loaded = load_object(config, count)?;
        let rings = make_rings(&loaded, config, &online)?;
        configure(&loaded, config)?;

        let waker = Waker::new().map_err(|e| ProbeError::system("wait for events", e))?;
        let outer = clone_fd(map(&loaded, "rings")?)?;
        let first_ring = rings.first().map(|(_, fd, _)| clone_fd(fd)).transpose()?;
        let mut lanes = Vec::new();
        for (cpu, fd, size) in rings {
            waker
                .add(fd.as_fd())
                .map_err(|e| ProbeError::system("wait for events", e))?;
            let ring = Ring::new(fd, size).map_err(|e| ProbeError::system("map a ring", e))?;
            lanes.push((cpu, ring));
        }
        let counters = Mapping::new(
            map(&loaded, "counters")?.as_fd(),
            0,
            (count as usize * size_of::<Counters>()).next_multiple_of(sys::page_size()),
            false,
        )
        .map_err(|e| ProbeError::system("map the counters", e))?;

        let mut probe = Probe {
            merge: Merge::new(lanes),
            waker,
            counters,
            cpus: vec![Delivered::default(); count as usize],
            epoch_offset_ns: sys::epoch_offset_ns(),
            lent: None,
            sleep_ms: 1,
            links: Vec::new(),
            rings: outer,
            first_ring,
            stopped: false,
            loaded,
        };
        probe.attach(config)?;
        Ok(probe)
    }

    /// The next event in time order, or `None` when none came within `timeout`.
    ///
    /// The event borrows the ring until the next call. Events are held back for a few
    /// milliseconds at most, until every CPU is known to have nothing older. After
    /// [`Probe::stop`], `None` means that everything was read.
    ///
    /// # Errors
    /// None at present; a malformed record is counted and skipped.
    pub fn next(&mut self, timeout: Duration) -> Result<Option<Event<'_>>, ProbeError> {
        if let Some(lane) = self.lent.take() {
            self.merge.consume(lane);
        }
        let mut deadline = None;
        let lane = loop {
            match self.merge.next(self.stopped) {
                Next::Ready(lane) => {
                    if self.check(lane) {
                        break lane;
                    }
                    self.merge.consume(lane);
                    continue;
                }
                Next::Held => self.sleep_ms = 1,
                Next::Empty if self.stopped => return Ok(None),
                Next::Empty => {}
            }
            self.merge.release();
            let now = Instant::now();
            let deadline = *deadline.get_or_insert(now + timeout);
            if now >= deadline {
                return Ok(None);
            }
            let left = u32::try_from((deadline - now).as_millis()).unwrap_or(u32::MAX);
            self.waker.wait(self.sleep_ms.min(left.max(1)));
            self.sleep_ms = (self.sleep_ms * 2).min(LONGEST_SLEEP_MS);
        };
        self.sleep_ms = 1;
        self.lent = Some(lane);
        let (cpu, bytes) = self.merge.record(lane);
        if let Some(delivered) = self.cpus.get_mut(usize::from(cpu)) {
            delivered.events += 1;
        }
        Ok(decode(bytes, cpu, self.epoch_offset_ns))
    }

    /// The counters as of now.
    ///
    /// `produced` of a running probe is ahead of `delivered` by what lies in the rings.
    pub fn stats(&self) -> ProbeStats {
        let cpus = self
            .cpus
            .iter()
            .enumerate()
            .map(|(cpu, delivered)| {
                let word = |index: usize| self.counter(cpu, index);
                let (sent, ring_full, too_big, scratch_busy, unreadable) =
                    (word(0), word(1), word(2), word(3), word(4));
                CpuStats {
                    produced: sent + ring_full + too_big + scratch_busy,
                    delivered: delivered.events,
                    lost: Lost {
                        ring_full,
                        too_big,
                        scratch_busy,
                        malformed: delivered.malformed,
                    },
                    unreadable,
                }
            })
            .collect();
        ProbeStats { cpus }
    }

    /// Detaches the programs. What they recorded can still be read: call [`Probe::next`] until it
    /// returns `None`.
    ///
    /// # Errors
    /// None at present.
    pub fn stop(&mut self) -> Result<(), ProbeError> {
        if self.stopped {
            return Ok(());
        }
        self.links.clear();
        // Programs that were running while the links went may still be about to send. Updating an
        // array of maps waits for them: the kernel promises that no program uses the old inner map
        // when the update returns (maybe_wait_bpf_programs, kernel/bpf/syscall.c).
        if let Some(ring) = &self.first_ring {
            let fd = std::os::fd::AsRawFd::as_raw_fd(ring).to_ne_bytes();
            let cpu = self.merge.first_cpu().to_ne_bytes();
            sys::update(self.rings.as_fd(), &cpu, &fd)
                .map_err(|e| ProbeError::system("wait for running programs", e))?;
        }
        self.stopped = true;
        Ok(())
    }

    fn attach(&mut self, config: &ProbeConfig) -> Result<(), ProbeError> {
        let raw = self.loaded.raw;
        for program in &self.loaded.programs {
            if !is_entry_point(&program.name) || !wanted(config, &program.name) {
                continue;
            }
            let name = CString::new(program.tracepoint.as_str())
                .map_err(|e| ProbeError::system("attach the probe", e))?;
            let link =
                sys::attach(program.fd.as_fd(), raw.then_some(name.as_c_str())).map_err(|e| {
                    ProbeError::system(format!("attach to tracepoint {}", program.tracepoint), e)
                })?;
            self.links.push(link);
        }
        Ok(())
    }

    /// Counts a record that is no event.
    fn check(&mut self, lane: usize) -> bool {
        let (cpu, bytes) = self.merge.record(lane);
        let good = decode(bytes, cpu, 0).is_some();
        if !good && let Some(delivered) = self.cpus.get_mut(usize::from(cpu)) {
            delivered.malformed += 1;
        }
        good
    }

    fn counter(&self, cpu: usize, index: usize) -> u64 {
        let at = cpu * size_of::<Counters>() + index * 8;
        debug_assert!(at + 8 <= self.counters.len());
        // SAFETY: there is one `Counters` per possible CPU in the mapping, `cpus` has as many
        // entries, and `index` is below 8; words are aligned. The kernel adds atomically.
        let word: &AtomicU64 = unsafe { self.counters.start().add(at).cast().as_ref() };
        word.load(Ordering::Relaxed)
    }
}

/// A record as an event, or `None` when it is not well-formed.
fn decode(bytes: &[u8], cpu: u16, epoch_offset_ns: u64) -> Option<Event<'_>> {
    let header = bytes.get(..record::HEADER_SIZE)?;
    let u64_at = |at: usize| Some(u64::from_le_bytes(header.get(at..at + 8)?.try_into().ok()?));
    let u32_at = |at: usize| Some(u32::from_le_bytes(header.get(at..at + 4)?.try_into().ok()?));
    let ty = u16::from_le_bytes(
        header
            .get(record::TYPE..record::TYPE + 2)?
            .try_into()
            .ok()?,
    );
    let nparams = u32_at(record::NPARAMS)?;
    let body = bytes.get(record::HEADER_SIZE..u32_at(record::LEN)? as usize)?;
    let lengths = usize::try_from(nparams).ok()?.checked_mul(2)?;
    let (lengths, values) = body.split_at_checked(lengths)?;
    Event::from_parts(
        u64_at(record::TIMESTAMP)?.wrapping_add(epoch_offset_ns),
        u64_at(record::TID)?.cast_signed(),
        cpu,
        0,
        EventType(ty),
        nparams,
        lengths,
        values,
    )
}

/// Programs that are attached; the others are reached by tail calls.
fn is_entry_point(name: &str) -> bool {
    !name.ends_with("_E") && !name.ends_with("_X")
}

fn wanted(config: &ProbeConfig, program: &str) -> bool {
    match program {
        "sched_switch" => config.switches,
        "signal_deliver" => config.signals,
        "page_fault_user" | "page_fault_kernel" => config.page_faults,
        // Loading takes time, most of it in the verifier.
        _ if program.ends_with("_E") => config.enters,
        _ => true,
    }
}

fn load_object(config: &ProbeConfig, cpus: u32) -> Result<Loaded, ProbeError> {
    let request = Request {
        max_entries: &[
            ("scratch", cpus * SCRATCH_KINDS),
            ("small_records", cpus * SMALL_KINDS),
            ("counters", cpus),
            ("rings", cpus),
        ],
        wanted: &|name| wanted(config, name),
    };
    match Libbpf.load(OBJECT, &request) {
        Ok(loaded) => Ok(loaded),
        Err(LoadError::Other(error)) => Err(error),
        Err(LoadError::NoTracepointTypes) => match Libbpf.load(OBJECT_RAW, &request) {
            Ok(loaded) => Ok(Loaded {
                raw: true,
                ..loaded
            }),
            Err(LoadError::Other(error)) => Err(error),
            Err(LoadError::NoTracepointTypes) => Err(ProbeError::system(
                "load the probe",
                "the kernel has no usable tracepoints",
            )),
        },
    }
}

/// Creates a ring for every CPU that is online and puts it into the array.
fn make_rings(
    loaded: &Loaded,
    config: &ProbeConfig,
    online: &[u16],
) -> Result<Vec<(u16, OwnedFd, u32)>, ProbeError> {
    let size = config
        .ring_bytes_per_cpu
        .clamp(sys::page_size(), 1 << 30)
        .next_power_of_two();
    let size = u32::try_from(size).unwrap_or(1 << 30);
    let outer = map(loaded, "rings")?;
    online
        .iter()
        .map(|&cpu| {
            let ring = sys::create_ring(size)
                .map_err(|e| ProbeError::system(format!("create a ring of {size} bytes"), e))?;
            let fd = std::os::fd::AsRawFd::as_raw_fd(&ring).to_ne_bytes();
            sys::update(outer.as_fd(), &u32::from(cpu).to_ne_bytes(), &fd)
                .map_err(|e| ProbeError::system("register a ring", e))?;
            Ok((cpu, ring, size))
        })
        .collect()
}

/// Fills the tables that steer the programs.
fn configure(loaded: &Loaded, config: &ProbeConfig) -> Result<(), ProbeError> {
    let fail = |e| ProbeError::system("configure the probe", e);
    let mut with_program = BTreeSet::new();
    for program in loaded.programs.iter().filter(|p| !is_entry_point(&p.name)) {
        let Some(info) = EVENTS.iter().find(|info| info.symbol == program.name) else {
            continue;
        };
        with_program.insert(info.id);
        let table = match program.tracepoint.as_str() {
            "sys_enter" => "enter_programs",
            _ => "exit_programs",
        };
        let fd = std::os::fd::AsRawFd::as_raw_fd(&program.fd).to_ne_bytes();
        let key = u32::from(info.id.0).to_ne_bytes();
        sys::update(map(loaded, table)?.as_fd(), &key, &fd).map_err(fail)?;
    }
    let rows = tables::build(config, &with_program);
    debug_assert_eq!(rows.len(), TABLES_SIZE);
    for (index, row) in (0u32..).zip(&rows) {
        let value = wire::row_bytes(row);
        sys::update(
            map(loaded, "syscalls")?.as_fd(),
            &index.to_ne_bytes(),
            &value,
        )
        .map_err(fail)?;
    }
    for (code, args) in tables::generic_args() {
        let key = u32::from(code).to_ne_bytes();
        sys::update(map(loaded, "generic_arguments")?.as_fd(), &key, &args).map_err(fail)?;
    }
    let comms =
        &config.suppress_comms[..config.suppress_comms.len().min(ProbeConfig::MAX_SUPPRESSED)];
    for comm in comms {
        // As the kernel holds it: 15 bytes and a NUL.
        let mut key = [0; 16];
        let len = comm.len().min(15);
        key[..len].copy_from_slice(&comm[..len]);
        sys::update(map(loaded, "suppressed")?.as_fd(), &key, &[1]).map_err(fail)?;
    }
    let value = wire::config_bytes(&Config {
        own_pid: config.own_pid,
        snaplen: config.snaplen.min(ProbeConfig::MAX_SNAPLEN),
        suppressed_comms: u32::try_from(comms.len()).unwrap_or(0),
        wakeup_bytes: u32::try_from(config.ring_bytes_per_cpu / 8).unwrap_or(1 << 20),
    });
    sys::update(map(loaded, "config")?.as_fd(), &0u32.to_ne_bytes(), &value).map_err(fail)
}

fn map<'a>(loaded: &'a Loaded, name: &str) -> Result<&'a OwnedFd, ProbeError> {
    loaded
        .maps
        .get(name)
        .ok_or_else(|| ProbeError::system("load the probe", format!("no map `{name}`")))
}

fn clone_fd(fd: &OwnedFd) -> Result<OwnedFd, ProbeError> {
    fd.try_clone()
        .map_err(|e| ProbeError::system("copy a descriptor", e))
}

/// CPU numbers of a list like `0-3,8`.
fn cpus(path: &str) -> Result<Vec<u16>, ProbeError> {
    let text =
        std::fs::read_to_string(path).map_err(|e| ProbeError::system(format!("read {path}"), e))?;
    parse_cpus(text.trim())
        .ok_or_else(|| ProbeError::system(format!("read {path}"), format!("odd list `{text}`")))
}

fn parse_cpus(list: &str) -> Option<Vec<u16>> {
    let mut cpus = Vec::new();
    for part in list.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        cpus.extend(first.parse::<u16>().ok()?..=last.parse().ok()?);
    }
    Some(cpus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_lists_have_ranges_and_gaps() {
        assert_eq!(parse_cpus("0-3,8").unwrap(), [0, 1, 2, 3, 8]);
        assert_eq!(parse_cpus("0").unwrap(), [0]);
        assert_eq!(parse_cpus(""), None);
    }

    #[test]
    fn records_with_impossible_lengths_are_no_events() {
        let mut bytes = vec![0; 26];
        assert!(decode(&bytes, 0, 0).is_none());
        bytes[record::LEN] = 26;
        assert!(decode(&bytes, 0, 0).is_some());
        bytes[record::NPARAMS] = 1;
        assert!(decode(&bytes, 0, 0).is_none());
        bytes[record::LEN] = 28;
        bytes.extend([1, 0]);
        assert!(decode(&bytes, 0, 0).is_none(), "the value is missing");
        bytes.push(7);
        bytes[record::LEN] = 29;
        let event = decode(&bytes, 3, 5).unwrap();
        assert_eq!((event.cpu, event.timestamp_ns), (3, 5));
        assert_eq!(event.param(0), Some(&[7][..]));
    }

    #[test]
    fn every_cut_record_is_refused_or_whole() {
        let mut bytes = [0; 30];
        bytes[record::LEN] = 30;
        bytes[record::NPARAMS] = 2;
        for end in 0..30 {
            assert!(decode(&bytes[..end], 0, 0).is_none());
        }
    }
}
