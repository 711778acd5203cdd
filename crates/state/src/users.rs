//! Users and groups of the host and of containers.

use crate::call::until_nul;
use capture_format::{Event, GroupEntry, UserEntry};
use rustc_hash::FxHashMap;

/// The tables; the host's are those of the empty container id.
#[derive(Debug, Default)]
pub(crate) struct Users {
    tables: FxHashMap<Vec<u8>, Table>,
}

#[derive(Debug, Default)]
struct Table {
    users: Vec<UserEntry>,
    groups: Vec<GroupEntry>,
}

impl Users {
    pub(crate) fn load(&mut self, users: &[UserEntry], groups: &[GroupEntry]) {
        self.tables.clear();
        let host = Table {
            users: users.to_vec(),
            groups: groups.to_vec(),
        };
        self.tables.insert(Vec::new(), host);
    }

    /// The user of a container, or of the host when nothing is known of the container's users.
    pub(crate) fn user(&self, uid: u32, container_id: &[u8]) -> Option<&UserEntry> {
        self.table(container_id, |table| !table.users.is_empty())?
            .users
            .iter()
            .find(|user| user.uid == uid)
    }

    /// As [`Users::user`].
    pub(crate) fn group(&self, gid: u32, container_id: &[u8]) -> Option<&GroupEntry> {
        self.table(container_id, |table| !table.groups.is_empty())?
            .groups
            .iter()
            .find(|group| group.gid == gid)
    }

    fn table(&self, container_id: &[u8], known: impl Fn(&Table) -> bool) -> Option<&Table> {
        self.tables
            .get(container_id)
            .filter(|table| known(table))
            .or_else(|| self.tables.get(&b""[..]))
    }

    pub(crate) fn host_users(&self) -> &[UserEntry] {
        self.tables.get(&b""[..]).map_or(&[], |table| &table.users)
    }

    pub(crate) fn host_groups(&self) -> &[GroupEntry] {
        self.tables.get(&b""[..]).map_or(&[], |table| &table.groups)
    }

    /// Parameters: uid, gid, name, home, shell, container id.
    pub(crate) fn apply_user(&mut self, event: &Event<'_>, added: bool) {
        let (Some(uid), Some(gid)) = (number(event, 0), number(event, 1)) else {
            return;
        };
        let text = |index| text(event, index).to_vec();
        let users = &mut self.tables.entry(text(5)).or_default().users;
        users.retain(|user| user.uid != uid);
        if added {
            users.push(UserEntry {
                uid,
                gid,
                name: text(2),
                home: text(3),
                shell: text(4),
            });
        }
    }

    /// Parameters: gid, name, container id.
    pub(crate) fn apply_group(&mut self, event: &Event<'_>, added: bool) {
        let Some(gid) = number(event, 0) else {
            return;
        };
        let groups = &mut self
            .tables
            .entry(text(event, 2).to_vec())
            .or_default()
            .groups;
        groups.retain(|group| group.gid != gid);
        if added {
            groups.push(GroupEntry {
                gid,
                name: text(event, 1).to_vec(),
            });
        }
    }
}

fn number(event: &Event<'_>, index: usize) -> Option<u32> {
    Some(u32::from_le_bytes(event.param(index)?.try_into().ok()?))
}

fn text<'a>(event: &Event<'a>, index: usize) -> &'a [u8] {
    until_nul(event.param(index).unwrap_or(&[]))
}
