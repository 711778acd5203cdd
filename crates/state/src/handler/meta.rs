//! Events of no thread: users, groups, containers, schedulers.

use crate::State;
use crate::thread::Thread;
use capture_format::Event;

pub(crate) fn user_added(state: &mut State, event: &Event<'_>) {
    state.users.apply_user(event, true);
}

pub(crate) fn user_deleted(state: &mut State, event: &Event<'_>) {
    state.users.apply_user(event, false);
}

pub(crate) fn group_added(state: &mut State, event: &Event<'_>) {
    state.users.apply_group(event, true);
}

pub(crate) fn group_deleted(state: &mut State, event: &Event<'_>) {
    state.users.apply_group(event, false);
}

pub(crate) fn container(state: &mut State, event: &Event<'_>) {
    match state.containers.apply(event) {
        Some(Ok(id)) => state.container_thread = Some(Box::new(stand_in(&id))),
        Some(Err(_)) => {
            state.counters.malformed_params += 1;
            state.container_thread = None;
        }
        None => {}
    }
}

/// What is shown as the thread of a container's event; ids as in the original tool.
fn stand_in(container_id: &str) -> Thread {
    Thread {
        comm: format!("container:{container_id}").into_bytes(),
        container_id: container_id.as_bytes().to_vec(),
        ptid: 0,
        vtid: -2,
        vpid: -2,
        uid: 0,
        gid: 0,
        loginuid: 0,
        ..Thread::default()
    }
}

/// Text of a scheduler's event, kept for whoever understands it.
pub(crate) fn kubernetes(state: &mut State, event: &Event<'_>) {
    state.kubernetes_json = text(event);
}

/// See [`kubernetes`].
pub(crate) fn mesos(state: &mut State, event: &Event<'_>) {
    state.mesos_json = text(event);
}

fn text(event: &Event<'_>) -> Vec<u8> {
    crate::call::until_nul(event.param(0).unwrap_or(&[])).to_vec()
}
