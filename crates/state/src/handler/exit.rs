//! The end of a thread.

use crate::State;
use crate::call::Call;

/// procexit: status ret sig core `reaper_tid`.
pub(crate) fn procexit(state: &mut State, call: &Call<'_>) {
    let Some(thread) = state.threads.at_mut(call.slot) else {
        return;
    };
    thread.exited = true;
    state.deferred.exit = Some(call.tid);
    let reaper = call.int(4).filter(|&reaper| reaper > 0);
    if let Some(reaper) = reaper {
        state.reparent(call.tid, reaper);
    }
}

impl State {
    /// Gives a thread's children to another one.
    fn reparent(&mut self, from: i64, to: i64) {
        for child in self.threads.iter_mut() {
            if child.ptid == from && child.tid != to {
                child.ptid = to;
            }
        }
    }
}
