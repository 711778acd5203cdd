//! Users and groups of containers, from their own `/etc/passwd` and `/etc/group`.
//!
//! The files are read through `/proc/PID/root` of a process inside. Whoever runs there chooses
//! what they are: links are followed inside the container only, nothing but regular files is
//! opened, and reading has an end.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use capture_format::event::STATE_ONLY;
use capture_format::{EventBuf, EventBuilder, EventType, GroupEntry, UserEntry};
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};

/// `PPME_USER_ADDED_E` and `PPME_GROUP_ADDED_E`.
const USER_ADDED: EventType = EventType(354);
const GROUP_ADDED: EventType = EventType(358);
/// Largest file read, and most entries taken from it.
const MAX_FILE_BYTES: u64 = 1 << 20;
const MAX_ENTRIES: usize = 1_000;

/// What was found in a container.
#[derive(Debug, Default)]
pub(crate) struct Users {
    /// The container's id.
    pub(crate) id: String,
    /// False when the process had gone, or had not entered the container's root yet.
    pub(crate) found: bool,
    users: Vec<UserEntry>,
    groups: Vec<GroupEntry>,
}

impl Users {
    /// Reads the files as a process of the container sees them.
    pub(crate) fn read(host_root: &Path, id: String, pid: i64) -> Users {
        let root = |pid: &str| host_root.join("proc").join(pid).join("root");
        let inside = root(&pid.to_string());
        let place = |path: &Path| {
            std::fs::metadata(path)
                .map(|meta| (meta.dev(), meta.ino()))
                .ok()
        };
        let nothing = Users {
            id: id.clone(),
            ..Users::default()
        };
        let Some(own) = place(&inside) else {
            return nothing;
        };
        // Runtimes exec themselves inside the cgroup before they change the root.
        if place(&root("1")) == Some(own) {
            return nothing;
        }
        let lines = |name: &str| {
            open_inside(&inside, name)
                .map(read_lines)
                .unwrap_or_default()
        };
        Users {
            id,
            found: true,
            users: lines("etc/passwd")
                .iter()
                .filter_map(|line| user(line))
                .take(MAX_ENTRIES)
                .collect(),
            groups: lines("etc/group")
                .iter()
                .filter_map(|line| group(line))
                .take(MAX_ENTRIES)
                .collect(),
        }
    }

    /// The events that tell of them. They change state and are not shown.
    pub(crate) fn events(&self, timestamp_ns: u64) -> Vec<EventBuf> {
        let users = self.users.iter().map(|user| {
            EventBuilder::new(USER_ADDED, timestamp_ns, -1)
                .u32(user.uid)
                .u32(user.gid)
                .text(&user.name)
                .text(&user.home)
                .text(&user.shell)
                .text(&self.id)
                .build()
        });
        let groups = self.groups.iter().map(|group| {
            EventBuilder::new(GROUP_ADDED, timestamp_ns, -1)
                .u32(group.gid)
                .text(&group.name)
                .text(&self.id)
                .build()
        });
        let mut events: Vec<EventBuf> = users.chain(groups).collect();
        for event in &mut events {
            event.block_flags |= STATE_ONLY;
        }
        events
    }
}

/// Opens a regular file without leaving the root.
fn open_inside(root: &Path, name: &str) -> Option<File> {
    let directory = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = rustix::fs::openat(CWD, root, directory, Mode::empty()).ok()?;
    // Without waiting: a pipe in the file's place would never answer.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    let file = File::from(openat2(root, name, flags, Mode::empty(), resolve).ok()?);
    file.metadata().ok()?.is_file().then_some(file)
}

fn read_lines(file: File) -> Vec<String> {
    let mut text = Vec::new();
    if file.take(MAX_FILE_BYTES).read_to_end(&mut text).is_err() {
        return Vec::new();
    }
    String::from_utf8_lossy(&text)
        .lines()
        .map(str::to_owned)
        .collect()
}

/// `name:password:uid:gid:comment:home:shell`
fn user(line: &str) -> Option<UserEntry> {
    let columns: Vec<&str> = line.split(':').collect();
    let [name, _, uid, gid, _, home, shell] = columns[..] else {
        return None;
    };
    Some(UserEntry {
        uid: uid.parse().ok()?,
        gid: gid.parse().ok()?,
        name: name.into(),
        home: home.into(),
        shell: shell.into(),
    })
}

/// `name:password:gid:members`
fn group(line: &str) -> Option<GroupEntry> {
    let mut columns = line.split(':');
    let name = columns.next()?;
    Some(GroupEntry {
        gid: columns.nth(1)?.parse().ok()?,
        name: name.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A host root in which process 1 and process 7 have roots of their own.
    fn host() -> tempfile::TempDir {
        let host = tempfile::tempdir().unwrap();
        for pid in ["1", "7"] {
            let root = host.path().join("roots").join(pid);
            std::fs::create_dir_all(root.join("etc")).unwrap();
            let process = host.path().join("proc").join(pid);
            std::fs::create_dir_all(&process).unwrap();
            std::os::unix::fs::symlink(root, process.join("root")).unwrap();
        }
        host
    }

    #[test]
    fn users_are_those_of_the_containers_own_files() {
        let host = host();
        let etc = host.path().join("roots/7/etc");
        let passwd = "root:x:0:0:root:/root:/bin/sh\nbroken\nme:x:1000:100:Me:/home/me:/bin/ash\n";
        std::fs::write(etc.join("passwd"), passwd).unwrap();
        std::fs::write(etc.join("group"), "users:x:100:me,you\n:x:\n").unwrap();
        let users = Users::read(host.path(), "web".to_owned(), 7);
        assert!(users.found);
        let names: Vec<_> = users
            .users
            .iter()
            .map(|user| (user.uid, user.name.as_slice()))
            .collect();
        assert_eq!(names, [(0, &b"root"[..]), (1000, b"me")]);
        assert_eq!(users.groups[0].gid, 100);
        let events = users.events(5);
        assert_eq!(events.len(), 3);
        let mut state = state::State::new();
        for event in &events {
            assert_eq!(event.block_flags, STATE_ONLY);
            state.apply(&event.as_event());
        }
        assert_eq!(state.user_name(1000, b"web"), Some(&b"me"[..]));
        assert_eq!(state.group_name(100, b"web"), Some(&b"users"[..]));
    }

    #[test]
    fn a_process_that_is_gone_or_still_outside_tells_nothing() {
        let host = host();
        assert!(!Users::read(host.path(), "web".to_owned(), 1).found);
        assert!(!Users::read(host.path(), "web".to_owned(), 8).found);
    }

    #[test]
    fn files_of_the_host_and_files_that_block_are_not_read() {
        let host = host();
        let secret = host.path().join("secret");
        std::fs::write(&secret, "root:x:0:0:root:/root:/bin/sh\n").unwrap();
        let etc = host.path().join("roots/7/etc");
        std::os::unix::fs::symlink(&secret, etc.join("passwd")).unwrap();
        std::os::unix::fs::symlink("../../../../secret", etc.join("group")).unwrap();
        let users = Users::read(host.path(), "web".to_owned(), 7);
        assert!(users.found && users.users.is_empty() && users.groups.is_empty());
        std::fs::remove_file(etc.join("passwd")).unwrap();
        rustix::fs::mknodat(
            CWD,
            etc.join("passwd"),
            rustix::fs::FileType::Fifo,
            Mode::RUSR,
            0,
        )
        .unwrap();
        assert!(
            Users::read(host.path(), "web".to_owned(), 7)
                .users
                .is_empty()
        );
    }
}
