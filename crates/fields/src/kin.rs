//! Processes around a thread: ancestors, leaders, and what is kept with the leader alone.

use state::{State, Thread};

/// How many generations are followed at most; parent links from a damaged capture can form rings.
const GENERATIONS: usize = 64;

/// The parent process, its parent, and so on.
pub(crate) fn ancestors<'a>(
    state: &'a State,
    process: &'a Thread,
) -> impl Iterator<Item = &'a Thread> {
    std::iter::successors(parent(state, process), |ancestor| parent(state, ancestor))
        .take(GENERATIONS)
}

fn parent<'a>(state: &'a State, process: &'a Thread) -> Option<&'a Thread> {
    let parent = state.parent(process)?;
    (parent.tid != process.tid).then_some(parent)
}

/// Command name and arguments, separated by blanks.
pub(crate) fn command_line(thread: &Thread) -> Vec<u8> {
    let mut line = thread.comm.clone();
    for arg in &thread.args {
        line.push(b' ');
        line.extend_from_slice(arg);
    }
    line
}

/// The environment, which the leader holds for all threads.
pub(crate) fn environment<'a>(state: &'a State, thread: &'a Thread) -> &'a [Vec<u8>] {
    &state.leader(thread).unwrap_or(thread).env
}

/// Value of an environment variable, without blanks around it.
pub(crate) fn variable<'a>(state: &'a State, thread: &'a Thread, name: &str) -> Option<&'a [u8]> {
    environment(state, thread).iter().find_map(|item| {
        let rest = item.strip_prefix(name.as_bytes())?;
        Some(rest.strip_prefix(b"=")?.trim_ascii())
    })
}

/// Limit on open descriptors, which the leader holds for all threads.
pub(crate) fn fd_limit(state: &State, thread: &Thread) -> i64 {
    state.leader(thread).unwrap_or(thread).fd_limit
}

/// Leader of the thread's session.
pub(crate) fn session_leader<'a>(state: &'a State, thread: &'a Thread) -> Option<&'a Thread> {
    leader(state, thread, thread.sid, |t| t.sid)
}

/// Leader of the thread's process group.
pub(crate) fn group_leader<'a>(state: &'a State, thread: &'a Thread) -> Option<&'a Thread> {
    leader(state, thread, thread.pgid, |t| t.pgid)
}

/// Leader of the thread's process group, by the ids of its own pid namespace.
pub(crate) fn virtual_group_leader<'a>(state: &'a State, thread: &'a Thread) -> Option<&'a Thread> {
    leader(state, thread, thread.vpgid, |t| t.vpgid)
}

/// The thread with the id of the group, else the farthest ancestor in an unbroken line of members.
fn leader<'a>(
    state: &'a State,
    thread: &'a Thread,
    id: i64,
    group: fn(&Thread) -> i64,
) -> Option<&'a Thread> {
    if let Some(leader) = state.thread(id) {
        return Some(leader);
    }
    let process = state.leader(thread)?;
    ancestors(state, process)
        .take_while(|ancestor| group(ancestor) == id)
        .last()
        .or(Some(process))
}
