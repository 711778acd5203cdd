//! What each type of event does to the state: a table from type to function.
//!
//! Exits are handled in their newest shape, so one row serves all versions of a call.

pub(crate) mod clone;
mod descriptor;
mod exec;
mod exit;
mod identity;
mod memory;
mod meta;
pub(crate) mod open;
pub(crate) mod socket;
mod told;

use crate::State;
use crate::call::Call;
use capture_format::table::{EVENTS, flags};
use capture_format::{Completed, Event, EventInfo, EventType, ParamType};
use std::sync::LazyLock;

/// Changes the state for one event of a thread.
pub(crate) type Handler = fn(&mut State, &Call<'_>);
/// Changes the state for one event that belongs to no thread.
pub(crate) type MetaHandler = fn(&mut State, &Event<'_>);

/// Newest types and what they do.
const HANDLERS: &[(u16, Handler)] = &[
    (3, open::open),                // open
    (4, descriptor::close_enter),   // close >
    (5, descriptor::close),         // close
    (7, socket::transfer),          // read
    (9, socket::transfer),          // write
    (19, socket::socket),           // socket
    (21, socket::bind),             // bind
    (22, socket::connect_enter),    // connect >
    (23, socket::connect),          // connect
    (29, socket::transfer),         // send
    (30, socket::sendto_enter),     // sendto >
    (31, socket::transfer),         // sendto
    (33, socket::transfer),         // recv
    (35, socket::transfer),         // recvfrom
    (43, socket::socketpair),       // socketpair
    (47, socket::getsockopt),       // getsockopt
    (49, socket::transfer),         // sendmsg
    (51, socket::transfer),         // sendmmsg
    (53, socket::transfer),         // recvmsg
    (55, socket::transfer),         // recvmmsg
    (59, open::creat),              // creat
    (61, descriptor::pipe),         // pipe
    (63, descriptor::anonymous),    // eventfd
    (93, open::getcwd),             // getcwd
    (95, open::chdir),              // chdir
    (97, open::fchdir),             // fchdir
    (113, socket::transfer),        // pread
    (115, socket::transfer),        // pwrite
    (117, socket::transfer),        // readv
    (119, socket::transfer),        // writev
    (121, socket::transfer),        // preadv
    (123, socket::transfer),        // pwritev
    (127, descriptor::anonymous),   // signalfd
    (137, descriptor::anonymous),   // timerfd_create
    (139, descriptor::anonymous),   // inotify_init
    (141, memory::limit),           // getrlimit
    (143, memory::limit),           // setrlimit
    (145, memory::prlimit),         // prlimit
    (151, descriptor::fcntl),       // fcntl
    (152, memory::context_switch),  // switch
    (159, memory::figures),         // brk
    (161, memory::figures),         // mmap
    (163, memory::figures),         // mmap2
    (165, memory::figures),         // munmap
    (186, exit::procexit),          // procexit
    (193, identity::setresuid),     // setresuid
    (195, identity::setresgid),     // setresgid
    (199, identity::setuid),        // setuid
    (201, identity::setgid),        // setgid
    (223, clone::exit),             // clone
    (225, clone::exit),             // fork
    (227, clone::exit),             // vfork
    (247, socket::accept),          // accept
    (267, open::chroot),            // chroot
    (275, identity::setsid),        // setsid
    (285, descriptor::unshare),     // unshare
    (293, exec::exit),              // execve
    (295, identity::setpgid),       // setpgid
    (307, open::openat),            // openat
    (321, descriptor::anonymous),   // userfaultfd
    (327, open::openat2),           // openat2
    (331, exec::exit),              // execveat
    (335, clone::exit),             // clone3
    (337, open::open_by_handle_at), // open_by_handle_at
    (339, descriptor::anonymous),   // io_uring_setup
    (353, identity::capset),        // capset
    (363, descriptor::dup_onto),    // dup2
    (365, descriptor::dup_onto),    // dup3
    (367, descriptor::dup),         // dup
    (369, descriptor::bpf),         // bpf
    (375, descriptor::anonymous),   // epoll_create
    (377, descriptor::anonymous),   // epoll_create1
    (389, socket::accept),          // accept4
    (393, descriptor::pipe),        // pipe2
    (395, descriptor::anonymous),   // inotify_init1
    (397, descriptor::anonymous),   // eventfd2
    (399, descriptor::anonymous),   // signalfd4
    (401, identity::prctl),         // prctl
    (405, descriptor::anonymous),   // memfd_create
    (407, descriptor::pidfd_getfd), // pidfd_getfd
    (409, descriptor::anonymous),   // pidfd_open
    (427, identity::setreuid),      // setreuid
    (429, identity::setregid),      // setregid
    (432, told::descriptor),        // task_file_pipe
    (434, told::descriptor),        // task_file_memfd
    (436, told::descriptor),        // task_file_regular
    (438, told::descriptor),        // task_file_directory
    (440, told::descriptor),        // task_file_socket_inet
    (442, told::descriptor),        // task_file_socket_inet6
    (444, told::descriptor),        // task_file_socket_unix
    (446, told::descriptor),        // task_file_socket_netlink
    (448, told::descriptor),        // task_file_anon_inode
    (451, descriptor::close_range), // close_range
];

/// Events of no thread.
const META: &[(u16, MetaHandler)] = &[
    (228, meta::container),
    (260, meta::kubernetes),
    (270, meta::mesos),
    (272, meta::container),
    (324, meta::container),
    (354, meta::user_added),
    (356, meta::user_deleted),
    (358, meta::group_added),
    (360, meta::group_deleted),
    (402, meta::container),
];

/// The rows of [`HANDLERS`] and [`META`] by type, and what else is looked up by type.
struct Table {
    handlers: Vec<Option<Handler>>,
    meta: Vec<Option<MetaHandler>>,
    used_fd: Vec<Option<u8>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        handlers: vec![None; EVENTS.len()],
        meta: vec![None; EVENTS.len()],
        used_fd: vec![None; EVENTS.len()],
    };
    for &(ty, handler) in HANDLERS {
        table.handlers[usize::from(ty)] = Some(handler);
    }
    for &(ty, handler) in META {
        table.meta[usize::from(ty)] = Some(handler);
    }
    for info in &EVENTS {
        // The result of dup and fcntl is a descriptor as well, but not the one they work on.
        let at = info
            .params
            .iter()
            .skip(1)
            .position(|p| p.ty == ParamType::Fd);
        table.used_fd[usize::from(info.id.0)] = at.and_then(|at| u8::try_from(at + 1).ok());
    }
    table
});

/// The handler of a type in its newest shape.
pub(crate) fn of(ty: EventType) -> Option<Handler> {
    *TABLE.handlers.get(usize::from(ty.0))?
}

/// The handler of an event of no thread.
pub(crate) fn meta(ty: EventType) -> Option<MetaHandler> {
    *TABLE.meta.get(usize::from(ty.0))?
}

/// The descriptor that a completed exit works on; the first of its descriptor parameters.
pub(crate) fn used_fd(call: &Completed<'_>) -> Option<i64> {
    let index = (*TABLE.used_fd.get(usize::from(call.ty().0))?)?;
    let bytes = call.param(usize::from(index))?;
    Some(i64::from_le_bytes(bytes.try_into().ok()?))
}

/// Whether an event has a descriptor to show.
///
/// Newer tables say so of more types than the original tool does. Events that take a mapped file's
/// descriptor or a directory's only when recorded by newer writers keep to the original, so that
/// one capture reads the same in both.
pub(crate) fn involves_fd(event: &Event<'_>, info: &EventInfo) -> bool {
    const BY_WRITER: &[u16] = &[160, 161, 162, 163, 181, 303, 305, 313];
    const FSTAT64_X: u16 = 77;
    let any = flags::CREATES_FD | flags::USES_FD | flags::DESTROYS_FD;
    if event.ty.0 == FSTAT64_X {
        return true;
    }
    info.flags & any != 0
        && (!BY_WRITER.contains(&event.ty.0)
            || info
                .legacy
                .as_ref()
                .is_some_and(|legacy| event.nparams() > usize::from(legacy.params)))
}

/// Exits of clone in any version: in the child it is the thread's first event.
pub(crate) fn creates_thread(ty: EventType) -> bool {
    matches!(
        ty.0,
        15 | 157 | 183 | 185 | 217 | 219 | 221 | 223 | 225 | 227 | 335
    )
}

/// Events that describe a container and are shown as if it had caused them.
pub(crate) fn is_container(ty: EventType) -> bool {
    matches!(ty.0, 272 | 324)
}

/// Context switches.
pub(crate) fn is_switch(ty: EventType) -> bool {
    matches!(ty.0, 146 | 152)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_of_the_newest_types() {
        assert!(HANDLERS.windows(2).all(|w| w[0].0 < w[1].0));
        for &(ty, _) in HANDLERS {
            let event = capture_format::EventBuilder::new(EventType(ty), 1, 1).build();
            let completed = Completed::new(event.as_event(), None);
            assert_eq!(completed.ty(), EventType(ty));
        }
        for &(ty, _) in META {
            assert!(EventType(ty).info().is_some());
        }
    }

    #[test]
    fn every_call_that_creates_a_descriptor_has_a_handler() {
        for info in &EVENTS {
            let exit = info.id.0 & 1 == 1;
            if exit && info.flags & flags::CREATES_FD != 0 {
                let event = capture_format::EventBuilder::new(info.id, 1, 1).build();
                let newest = Completed::new(event.as_event(), None).ty();
                assert!(of(newest).is_some(), "{}", info.symbol);
            }
        }
    }
}
