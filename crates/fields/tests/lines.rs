//! How events look: parameters of every type, times, JSON.

use capture_format::{
    Event, EventBuf, EventBuilder, EventType, FdEntry, FdEntryKind, GroupEntry, Snapshot,
    ThreadEntry, UserEntry,
};
use fields::{Context, Registry, TimeStyle, View};
use filter::Schema;
use jiff::tz::TimeZone;
use state::State;

const TID: i64 = 100;
/// 2019-04-10 16:47:14.000017052 UTC.
const TIME: u64 = 1_554_914_834_000_017_052;

/// A thread with a file, a directory and a unix socket open.
fn state() -> State {
    let file = |fd, name: &[u8]| FdEntry {
        fd,
        ino: 0,
        kind: FdEntryKind::File {
            name: name.to_vec(),
            open_flags: 1,
            dev: 0,
        },
    };
    let snapshot = Snapshot {
        users: vec![UserEntry {
            uid: 0,
            name: b"root".to_vec(),
            ..UserEntry::default()
        }],
        groups: vec![GroupEntry {
            gid: 0,
            name: b"wheel".to_vec(),
        }],
        threads: vec![ThreadEntry {
            tid: TID,
            pid: TID,
            ptid: 1,
            comm: b"cat".to_vec(),
            cwd: b"/home/u/".to_vec(),
            ..ThreadEntry::default()
        }],
        fds: vec![(
            TID,
            vec![
                file(3, b"/etc/passwd"),
                FdEntry {
                    fd: 4,
                    ino: 0,
                    kind: FdEntryKind::Directory {
                        name: b"/tmp".to_vec(),
                    },
                },
                FdEntry {
                    fd: 5,
                    ino: 0,
                    kind: FdEntryKind::Unix {
                        source: 0,
                        destination: 0,
                        path: b"/dev/log".to_vec(),
                    },
                },
            ],
        )],
        ..Snapshot::default()
    };
    let mut state = State::new();
    state.load(&snapshot);
    state
}

fn event(ty: u16) -> EventBuilder {
    EventBuilder::new(EventType(ty), TIME, TID)
}

fn context() -> Context {
    Context {
        zone: TimeZone::UTC,
        ..Context::default()
    }
}

/// What a field shows of an event, after the events before it.
fn shown(before: &[EventBuf], event: &Event<'_>, name: &str, context: &Context) -> Option<String> {
    let mut state = state();
    for event in before {
        state.apply(&event.as_event());
    }
    let applied = state.apply(event);
    let view = View::new(*event, 7, &state, &applied, context);
    let (field, _) = Registry.resolve(name, None).unwrap();
    let mut out = Vec::new();
    view.write_text(&field, &mut out)
        .then(|| String::from_utf8(out).unwrap())
}

fn check_args(event: EventBuilder, expected: &str) {
    let event = event.build();
    let args = shown(&[], &event.as_event(), "evt.args", &context());
    assert_eq!(args.as_deref(), Some(expected));
}

fn check_field(event: EventBuilder, field: &str, expected: Option<&str>) {
    let event = event.build();
    let value = shown(&[], &event.as_event(), field, &context());
    assert_eq!(value.as_deref(), expected, "{field}");
}

#[test]
fn descriptors_show_kind_and_name() {
    check_args(event(6).i64(3).u32(80), "fd=3(<f>/etc/passwd) size=80 ");
    check_args(event(6).i64(77).u32(80), "fd=77 size=80 ");
    check_args(event(6).i64(-9).u32(80), "fd=-9(EBADF) size=80 ");
    check_args(event(4).i64(5), "fd=5(<u>/dev/log) ");
}

#[test]
fn results_show_the_error() {
    check_args(event(5).i64(0), "res=0 ");
    check_args(event(5).i64(-2), "res=-2(ENOENT) ");
    check_args(event(5).i64(-999), "res=-999 ");
}

#[test]
fn flags_show_every_name_once() {
    let open = event(3).i64(-2).text("/x").u32(4097).u32(0);
    check_args(
        open,
        "fd=-2(ENOENT) name=/x flags=4097(O_RDONLY|O_CLOEXEC) mode=0 ",
    );
    let creat = event(3).i64(-13).text("/x").u32(7).u32(0o644);
    check_args(
        creat,
        "fd=-13(EACCES) name=/x flags=7(O_CREAT|O_RDWR) mode=0644 ",
    );
}

#[test]
fn relative_paths_show_the_absolute_one() {
    check_args(
        event(59).i64(-2).text("./a/../b").u32(0),
        "fd=-2(ENOENT) name=./a/../b(/home/u/b) mode=0 ",
    );
    check_args(
        event(59).i64(-2).text("/a//b").u32(0),
        "fd=-2(ENOENT) name=/a//b mode=0 ",
    );
    check_args(
        event(303).i64(-2).i64(4).text("x").u32(0),
        "res=-2(ENOENT) dirfd=4(<d>/tmp) name=x(/tmp/x) flags=0 ",
    );
    check_args(
        event(303).i64(-2).i64(-100).text("x").u32(0),
        "res=-2(ENOENT) dirfd=-100(AT_FDCWD) name=x(/home/u/x) flags=0 ",
    );
}

#[test]
fn sockets_show_addresses() {
    let v4 = [2, 127, 0, 0, 1, 0xeb, 0x18];
    check_args(event(21).i64(0).param(&v4), "res=0 addr=127.0.0.1:6379 ");
    check_args(event(21).i64(0).param(&[]), "res=0 addr=NULL ");
    check_args(
        event(21).i64(0).param(b"\x01/run/x\0"),
        "res=0 addr=/run/x ",
    );
    let mut v6 = vec![10];
    v6.extend([0; 15]);
    v6.extend([1, 0x50, 0]);
    check_args(event(21).i64(0).param(&v6), "res=0 addr=::1:80 ");
    let tuple = [2, 10, 0, 0, 5, 0x9c, 0xad, 10, 0, 0, 6, 80, 0];
    let connect = event(23).i64(-111).param(&tuple);
    check_args(
        connect,
        "res=-111(ECONNREFUSED) tuple=10.0.0.5:44444->10.0.0.6:80 ",
    );
}

#[test]
fn polls_show_letter_and_flags() {
    let mut list = vec![2, 0];
    list.extend(3i64.to_le_bytes());
    list.extend([0x41, 0]);
    list.extend(77i64.to_le_bytes());
    list.extend([1, 0]);
    check_args(
        event(80).param(&list).i64(-1),
        "fds=3:f41 77:?1 timeout=-1 ",
    );
}

#[test]
fn users_signals_processes_and_times_show_names() {
    check_args(
        event(192).u32(0).u32(u32::MAX).u32(1234),
        "ruid=0(root) euid=-1(<NONE>) suid=1234(<NA>) ",
    );
    check_args(
        event(194).u32(0).u32(1).u32(0),
        "rgid=0(wheel) egid=1(<NA>) sgid=0(wheel) ",
    );
    check_args(event(128).i64(TID).u8(9), "pid=100(cat) sig=9(SIGKILL) ");
    check_args(event(128).i64(9999).u8(0), "pid=9999 sig=0 ");
    check_args(event(134).u64(500_000_000), "interval=500000000(0.5s) ");
}

#[test]
fn dynamic_parameters_show_the_type_chosen() {
    let getsockopt = |val: &[u8]| event(47).i64(0).i64(3).u8(9).u8(4).param(val).u32(4);
    check_args(
        getsockopt(&[1, 0x91, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        "res=0 fd=3(<f>/etc/passwd) level=9(SOL_SOCKET) optname=4(SO_ERROR) \
         val=-111(ECONNREFUSED) optlen=4 ",
    );
}

#[test]
fn payload_is_dotted() {
    check_args(event(7).i64(3).param(b"a\0\n"), "res=3 data=a.. ");
}

#[test]
fn calls_without_decoder_show_their_name_only() {
    let generic = || event(1).param(&[90, 0]).param(&[0, 0]);
    check_args(generic(), "");
    let code = capture_format::table::syscall(90).unwrap();
    check_field(generic(), "evt.type", Some(code.legacy_name));
    check_field(generic(), "evt.arg.ID", Some(code.legacy_name));
}

#[test]
fn arguments_of_calls_without_decoder_are_shown_where_they_were_recorded() {
    let call = capture_format::table::syscall_by_name("ftruncate").unwrap();
    let generic = event(1).param(&call.code.to_le_bytes()).param(&[77, 0]);
    let full = || {
        let generic = event(1).param(&call.code.to_le_bytes()).param(&[77, 0]);
        generic.i64(-22).i64(3).i64(4096)
    };
    check_args(generic, "");
    check_args(full(), "res=-22(EINVAL) fd=3(<f>/etc/passwd) length=4096 ");
    check_field(full(), "evt.res", Some("EINVAL"));
    check_field(full(), "evt.arg.length", Some("4096"));
}

#[test]
fn old_events_keep_their_parameter_names() {
    let old = || {
        let execve = event(293).i64(0).text("cat").param(b"-n\0");
        let execve = execve.i64(TID).i64(TID).i64(1).text("").u64(1024);
        let execve = execve.u64(0).u64(0).u32(1).u32(2).u32(0).text("cat");
        execve.param(b"").param(b"").u32(0).i64(TID).u32(1000)
    };
    check_field(old(), "evt.arg.pgid", Some("cat"));
    check_field(old(), "evt.arg.vpgid", Some("cat"));
    check_field(old(), "evt.arg.loginuid", Some("1000"));
}

#[test]
fn parameters_are_found_by_name_and_position() {
    let read = || event(7).i64(-11).param(b"");
    check_field(read(), "evt.arg.res", Some("EAGAIN"));
    check_field(read(), "evt.rawarg.res", Some("-11"));
    check_field(read(), "evt.arg.tuple", None);
    check_field(read(), "evt.res", Some("EAGAIN"));
    check_field(read(), "evt.rawres", Some("-11"));
    check_field(read(), "evt.failed", Some("true"));
    check_field(read(), "evt.count.error", Some("1"));
}

#[test]
fn messages_to_the_system_log_replace_the_parameters() {
    let enter = event(8).i64(5).u32(20).build();
    let exit = event(9).i64(20).param(b"<37>sshd: hello").build();
    let show = |field| {
        shown(
            std::slice::from_ref(&enter),
            &exit.as_event(),
            field,
            &context(),
        )
    };
    assert_eq!(
        show("evt.info").as_deref(),
        Some("syslog sev=notice msg=sshd: hello")
    );
    assert_eq!(
        show("evt.args").as_deref(),
        Some("res=20 data=<37>sshd: hello ")
    );
    assert_eq!(show("syslog.facility.str").as_deref(), Some("auth"));
}

#[test]
fn output_time_has_five_styles() {
    let exit = event(5).i64(0).build();
    let show = |time| {
        let context = Context {
            time,
            first_event_ns: Some(TIME - 6_717_699_660),
            last_printed_ns: Some(TIME - 22_516),
            ..context()
        };
        shown(&[], &exit.as_event(), "evt.outputtime", &context).unwrap()
    };
    assert_eq!(show(TimeStyle::WallClock), "16:47:14.000017052");
    assert_eq!(show(TimeStyle::Epoch), "1554914834.17052");
    assert_eq!(show(TimeStyle::SinceFirst), "6.717699660");
    assert_eq!(show(TimeStyle::Latency), "0.000000000");
    assert_eq!(show(TimeStyle::SincePrinted), "0.000022516");
    assert_eq!(
        show(TimeStyle::Iso8601),
        "2019-04-10T16:47:14.000017052+0000"
    );
}

#[test]
fn local_times_follow_the_rules_of_their_own_date() {
    let zone = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
    let context = Context {
        zone,
        ..Context::default()
    };
    let show = |timestamp_ns| {
        let event = EventBuilder::new(EventType(5), timestamp_ns, TID).i64(0);
        shown(&[], &event.build().as_event(), "evt.datetime.s", &context).unwrap()
    };
    assert_eq!(show(TIME), "2019-04-10 12:47:14");
    let january = 1_546_300_800_000_000_000;
    assert_eq!(show(january), "2018-12-31 19:00:00");
}

#[test]
fn json_is_valid_whatever_the_bytes() {
    let name = b"/tmp/\xff\"\\\n\xc3\xa9\0";
    let open = event(3).i64(-2).param(name).u32(1).u32(0).build();
    let state = &mut state();
    let applied = state.apply(&open.as_event());
    let context = context();
    let view = View::new(open.as_event(), 7, state, &applied, &context);
    let json = |name: &str| {
        let (field, _) = Registry.resolve(name, None).unwrap();
        let mut out = Vec::new();
        view.write_json(&field, &mut out);
        serde_json::from_slice::<serde_json::Value>(&out).unwrap()
    };
    assert_eq!(json("evt.arg.name"), "/tmp/\u{fffd}\"\\\n\u{e9}");
    assert_eq!(json("evt.num"), 7);
    assert_eq!(json("evt.time"), TIME);
    assert_eq!(json("evt.failed"), true);
    assert_eq!(json("proc.aname"), "cat");
    assert!(json("evt.buffer").is_null());
}
