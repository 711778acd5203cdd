//! Users and groups from the account files.

use capture_format::{GroupEntry, UserEntry};

use super::Root;

/// Reads passwd and group files; lines that are no entries are left out.
pub(super) fn read(root: &Root) -> (Vec<UserEntry>, Vec<GroupEntry>) {
    let users = std::fs::read(root.path("/etc/passwd")).unwrap_or_default();
    let groups = std::fs::read(root.path("/etc/group")).unwrap_or_default();
    (
        users.split(|&b| b == b'\n').filter_map(user).collect(),
        groups.split(|&b| b == b'\n').filter_map(group).collect(),
    )
}

fn user(line: &[u8]) -> Option<UserEntry> {
    let fields: Vec<&[u8]> = line.split(|&b| b == b':').collect();
    let &[name, _, uid, gid, _, home, shell] = fields.as_slice() else {
        return None;
    };
    Some(UserEntry {
        uid: number(uid)?,
        gid: number(gid)?,
        name: cut(name, 255),
        home: cut(home, 1023),
        shell: cut(shell, 1023),
    })
}

fn group(line: &[u8]) -> Option<GroupEntry> {
    let mut fields = line.split(|&b| b == b':');
    let name = fields.next()?;
    let gid = number(fields.nth(1)?)?;
    Some(GroupEntry {
        gid,
        name: cut(name, 255),
    })
}

fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}

/// Limits of the format's readers.
fn cut(text: &[u8], limit: usize) -> Vec<u8> {
    text[..text.len().min(limit)].to_vec()
}
