//! What has to be captured to answer what was asked.

use fields::Resolved;
use filter::Filter;

/// Event types by number in the event table.
mod types {
    pub(super) const GENERIC_ENTER: u16 = 0;
    pub(super) const SWITCHES: [u16; 2] = [146, 152];
    pub(super) const PAGE_FAULTS: u16 = 290;
}

/// What the source must deliver. Derived from the question, so that nobody pays for events that
/// nobody looks at.
///
/// State never suffers: what is needed to name threads and descriptors is captured whatever the
/// filter says. For now every system call is; context switches and page faults, which change
/// nothing and are by far the most frequent, only when asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturePlan {
    /// Record context switches.
    pub context_switches: bool,
    /// Record page faults.
    pub page_faults: bool,
    /// Record the start of system calls.
    pub enters: bool,
}

impl CapturePlan {
    /// The plan for a filter; without one, everything but the kinds that must be asked for.
    pub fn derive(filter: Option<&Filter<Resolved>>) -> Self {
        let named = |ty: u16| {
            filter.is_some_and(|filter| {
                let types = filter.event_types();
                // A filter that also matches calls without any decoder does not select by type.
                types.contains(ty) && !types.contains(types::GENERIC_ENTER)
            })
        };
        CapturePlan {
            context_switches: types::SWITCHES.into_iter().any(named),
            page_faults: named(types::PAGE_FAULTS),
            enters: true,
        }
    }
}
