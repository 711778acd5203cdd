//! Events of no thread: users, groups, containers, schedulers.

use crate::State;
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
    if let Some(Err(_)) = state.containers.apply(event) {
        state.counters.malformed_params += 1;
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
