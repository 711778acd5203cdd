//! Arguments of calls without events of their own, which our probe appends to generic events.

use capture_format::table::syscall_by_name;
use capture_format::{EventBuilder, EventType};
use fields::{Context, Registry, View};
use filter::{Filter, Schema};
use state::State;

#[test]
fn generic_event_shows_result_and_arguments_by_name() {
    let call = syscall_by_name("epoll_ctl").unwrap();
    let event = EventBuilder::new(EventType(1), 1, 7)
        .param(&call.code.to_le_bytes())
        .param(&233u16.to_le_bytes())
        .i64(-9)
        .i64(4)
        .u32(1)
        .i64(5)
        .u64(0x7ffd_0000)
        .build();
    let mut state = State::new();
    let applied = state.apply(&event.as_event());
    let context = Context::default();
    let view = View::new(event.as_event(), 1, &state, &applied, &context);
    let show = |name: &str| {
        let (field, _) = Registry.resolve(name, None).unwrap();
        let mut text = Vec::new();
        view.write_text(&field, &mut text);
        String::from_utf8(text).unwrap()
    };
    assert_eq!(show("evt.type"), "epoll_ctl");
    assert_eq!(show("evt.res"), "EBADF");
    assert_eq!(show("evt.arg.op"), "1");
    assert_eq!(
        show("evt.args").trim_end(),
        "res=-9(EBADF) epfd=4 op=1 fd=5 event=7FFD0000"
    );
    let filter = Filter::compile("evt.rawarg.op = 1 and evt.arg.epfd exists", &Registry).unwrap();
    assert!(filter.filter.matches(&view));
}
