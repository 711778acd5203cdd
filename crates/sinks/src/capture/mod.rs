//! Capture files: recording, with another file by size, time or count.

mod naming;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use capture_format::event::STATE_ONLY;
use capture_format::table::flags::{CREATES_FD, DESTROYS_FD, MODIFIES_STATE};
use capture_format::writer::{Compression, Profile, Writer};
use capture_format::{Direction, Event, EventBuilder, EventType, Snapshot};
use fields::View;
use jiff::tz::TimeZone;
use state::State;

use crate::{Error, Gap, Sink, Verdict};
use naming::{Changes, Naming};

/// Type of an event that tools write: an id and a description.
const NOTIFICATION: EventType = EventType(280);

/// What to write, and when to start another file.
#[derive(Clone, Debug)]
pub struct CaptureOptions {
    /// The file, or the pattern for several; `-` is standard output.
    pub path: PathBuf,
    /// How the bytes are packed.
    pub compression: Compression,
    /// Also write events that did not pass but change what is known, marked so that readers do
    /// not show them.
    pub keep_state: bool,
    /// Another file after so many bytes on disk.
    pub rotate_bytes: Option<u64>,
    /// Another file every so many seconds of event time.
    pub rotate_seconds: Option<u64>,
    /// Another file after so many events.
    pub rotate_events: Option<u64>,
    /// How many files are kept at most.
    pub keep_files: Option<u64>,
    /// Time zone of names by time.
    pub zone: TimeZone,
    /// Files that are being read and must not be written.
    pub inputs: Vec<PathBuf>,
}

impl CaptureOptions {
    /// One uncompressed file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        CaptureOptions {
            path: path.into(),
            compression: Compression::None,
            keep_state: true,
            rotate_bytes: None,
            rotate_seconds: None,
            rotate_events: None,
            keep_files: None,
            zone: TimeZone::system(),
            inputs: Vec::new(),
        }
    }
}

/// At most so much of a compressed recording is lost when the process is killed in a quiet moment.
const COMPRESSED_FLUSH_PERIOD: Duration = Duration::from_secs(1);

/// Writes events to capture files. Every file begins with the complete state, so each can be read
/// without the others.
pub struct CaptureSink {
    options: CaptureOptions,
    naming: Naming,
    file: Option<OpenFile>,
    /// What the section that begins says; written when its first event or the end comes.
    pending: Option<Box<Snapshot>>,
    /// Time of the last enter event written, by thread.
    enters: HashMap<i64, u64>,
    files: u64,
}

struct OpenFile {
    path: PathBuf,
    writer: Writer<Box<dyn Write>>,
    begin_ns: u64,
    events: u64,
    /// Something was written since the last flush.
    unflushed: bool,
    flushed_at: Instant,
}

impl CaptureSink {
    /// Prepares writing; the first file is made when the first section begins.
    ///
    /// # Errors
    /// [`Error::Refused`] when the name is no pattern, when standard output shall be rotated, or
    /// when a file that is being read would be overwritten.
    pub fn new(options: CaptureOptions) -> Result<Self, Error> {
        let changes = Changes {
            timed: options.rotate_seconds.is_some(),
            counted: options.rotate_bytes.is_some() || options.rotate_events.is_some(),
        };
        if is_stdout(&options.path) && changes != Changes::default() {
            return Err(Error::Refused(
                "-w -: standard output is one file; -C, -G and -e need a file name".to_owned(),
            ));
        }
        let naming = Naming::new(
            &options.path,
            changes,
            options.keep_files,
            options.zone.clone(),
        )?;
        for input in &options.inputs {
            if same_file(input, &options.path) {
                return Err(Error::Refused(format!(
                    "-w {0}: this file is being read\n  choose another name for what is written",
                    options.path.display()
                )));
            }
        }
        Ok(CaptureSink {
            options,
            naming,
            file: None,
            pending: None,
            enters: HashMap::new(),
            files: 0,
        })
    }

    /// How many files were begun.
    pub fn files(&self) -> u64 {
        self.files
    }

    /// Tells of the containers that earlier files have told of: blocks of a snapshot cannot.
    fn write_containers(&mut self, begin_ns: u64, state: &State) -> Result<(), Error> {
        let mut containers: Vec<_> = state.containers().iter().collect();
        containers.sort_by(|a, b| a.id.cmp(&b.id));
        for container in containers {
            self.write(&container.to_event(begin_ns).as_event())?;
        }
        Ok(())
    }

    fn begin_file(&mut self, begin_ns: u64, snapshot: &Snapshot) -> Result<(), Error> {
        self.end_file()?;
        let (path, surplus) = if is_stdout(&self.options.path) {
            (self.options.path.clone(), None)
        } else {
            self.naming.next(begin_ns)?
        };
        if let Some(surplus) = surplus {
            // It may have been moved away by hand; then there is nothing to remove.
            let _ = std::fs::remove_file(surplus);
        }
        let output: Box<dyn Write> = if is_stdout(&path) {
            Box::new(io::stdout())
        } else {
            if self.options.inputs.iter().any(|i| same_file(i, &path)) {
                return Err(Error::Refused(format!(
                    "{}: this file is being read",
                    path.display()
                )));
            }
            Box::new(create(&path).map_err(|error| Error::write(&path, error))?)
        };
        let writer = Writer::create(
            output,
            Profile::default(),
            self.options.compression,
            snapshot,
        )
        .map_err(|error| Error::write(&path, error))?;
        self.file = Some(OpenFile {
            path,
            writer,
            begin_ns,
            events: 0,
            unflushed: true,
            flushed_at: Instant::now(),
        });
        self.enters.clear();
        self.files += 1;
        Ok(())
    }

    fn end_file(&mut self) -> Result<(), Error> {
        let Some(file) = self.file.take() else {
            return Ok(());
        };
        let mut output = file
            .writer
            .finish()
            .map_err(|error| Error::write(&file.path, error))?;
        output
            .flush()
            .map_err(|error| Error::write(&file.path, error))
    }

    /// Whether the current file is full when an event of this time comes.
    fn is_full(&self, next_ns: u64) -> bool {
        let Some(file) = &self.file else {
            return false;
        };
        let slice = self.options.rotate_seconds.map(|s| s * 1_000_000_000);
        slice.is_some_and(|slice| next_ns.saturating_sub(file.begin_ns) >= slice)
            || self
                .options
                .rotate_events
                .is_some_and(|limit| file.events >= limit)
            || self
                .options
                .rotate_bytes
                .is_some_and(|limit| file.writer.counters().output_bytes >= limit)
    }

    fn write(&mut self, event: &Event<'_>) -> Result<(), Error> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        if event.ty.direction() == Direction::Enter {
            self.enters.insert(event.tid, event.timestamp_ns);
        }
        if event.block_flags & STATE_ONLY == 0 {
            file.events += 1;
        }
        file.unflushed = true;
        file.writer
            .event(event)
            .map_err(|error| Error::write(&file.path, error))
    }
}

impl Sink for CaptureSink {
    fn section(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        match &mut self.file {
            // Time is not known yet; the file is named when the first event comes.
            None => self.pending = Some(Box::new(snapshot.clone())),
            Some(file) => file
                .writer
                .section(snapshot)
                .map_err(|error| Error::write(&file.path, error))?,
        }
        Ok(())
    }

    fn upcoming(&mut self, event: &Event<'_>, state: &State) -> Result<(), Error> {
        // Events without a time belong to the file that is open.
        let timeless = event.timestamp_ns == 0 || event.timestamp_ns == u64::MAX;
        let timed_names = self.options.rotate_seconds.is_some();
        if self.pending.is_some() && !(timeless && timed_names) {
            let snapshot = self.pending.take().unwrap_or_default();
            return self.begin_file(event.timestamp_ns, &snapshot);
        }
        if !timeless && self.is_full(event.timestamp_ns) {
            self.begin_file(event.timestamp_ns, &state.snapshot())?;
            return self.write_containers(event.timestamp_ns, state);
        }
        Ok(())
    }

    fn wants(&self, verdict: Verdict) -> bool {
        verdict != Verdict::StateOnly || self.options.keep_state
    }

    fn event(&mut self, view: &View<'_>, verdict: Verdict) -> Result<(), Error> {
        if verdict == Verdict::StateOnly {
            if !changes_state(view.event.ty) {
                return Ok(());
            }
            let mut event = view.event;
            event.block_flags |= STATE_ONLY;
            return self.write(&event);
        }
        // Older readers take parameters from the enter event: an exit that passes brings its
        // enter along, hidden, when the filter held that one back.
        if self.options.keep_state
            && let Some(mut enter) = view.state.enter(view.applied)
            && self.enters.get(&view.event.tid) != Some(&enter.timestamp_ns)
        {
            enter.block_flags |= STATE_ONLY;
            self.write(&enter)?;
        }
        self.write(&view.event)
    }

    /// A notification marks the place, which every reader shows.
    fn gap(&mut self, gap: &Gap<'_>) -> Result<(), Error> {
        let note = EventBuilder::new(NOTIFICATION, gap.after_ns.unwrap_or(0), -1)
            .text("quarry.loss")
            .text(gap.to_string())
            .build();
        self.write(&note.as_event())
    }

    fn idle(&mut self) -> Result<(), Error> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        // Every flush costs a compressed file some of its compression.
        let period = match self.options.compression {
            Compression::None => Duration::ZERO,
            _ => COMPRESSED_FLUSH_PERIOD,
        };
        if !file.unflushed || file.flushed_at.elapsed() < period {
            return Ok(());
        }
        file.unflushed = false;
        file.flushed_at = Instant::now();
        file.writer
            .flush_blocks()
            .map_err(|error| Error::write(&file.path, error))
    }

    fn finish(&mut self) -> Result<(), Error> {
        if let Some(snapshot) = self.pending.take() {
            // Nothing happened; the file still says on which machine.
            let now = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |d| u64::try_from(d.as_nanos()).unwrap_or(0));
            self.begin_file(now, &snapshot)?;
        }
        self.end_file()
    }
}

impl std::fmt::Debug for CaptureSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaptureSink")
            .field("options", &self.options)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// Whether events of this type, or of its partner, change what is known of threads or descriptors.
fn changes_state(ty: EventType) -> bool {
    const MASK: u32 = MODIFIES_STATE | CREATES_FD | DESTROYS_FD;
    [ty.enter(), ty.exit()]
        .into_iter()
        .filter_map(EventType::info)
        .any(|info| info.flags & MASK != 0)
}

/// Creates a file for its owner alone: captures hold what programs read and write.
fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (std::fs::metadata(a), std::fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.is_file() && a.dev() == b.dev() && a.ino() == b.ino(),
        _ => false,
    }
}
