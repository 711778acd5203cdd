//! User and group lists.

use super::cursor::{Cursor, patch_len, put_str16};
use super::kind::{USERS, begin, finish};
use super::{GroupEntry, MAX_NAME, MAX_PATH, Snapshot, UserEntry};

/// Reads entries into the snapshot; `None` when one does not fit, after those before it.
pub(crate) fn read(body: &[u8], version: u8, snapshot: &mut Snapshot) -> Option<()> {
    let mut fields = Cursor::new(body);
    while fields.remaining() >= 4 {
        if version >= 2 {
            entry(&mut fields.entry()?, snapshot)?;
        } else {
            entry(&mut fields, snapshot)?;
        }
    }
    Some(())
}

fn entry(fields: &mut Cursor<'_>, snapshot: &mut Snapshot) -> Option<()> {
    match fields.u8()? {
        0 => snapshot.users.push(UserEntry {
            uid: fields.u32()?,
            gid: fields.u32()?,
            name: fields.str16()?.to_vec(),
            home: fields.str16()?.to_vec(),
            shell: fields.str16()?.to_vec(),
        }),
        1 => snapshot.groups.push(GroupEntry {
            gid: fields.u32()?,
            name: fields.str16()?.to_vec(),
        }),
        _ => return None,
    }
    Some(())
}

/// Writes version 2, users before groups. Returns how many values were cut.
pub(crate) fn write(out: &mut Vec<u8>, users: &[UserEntry], groups: &[GroupEntry]) -> u64 {
    let at = begin(out, USERS);
    let mut cut = 0;
    for user in users {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        out.push(0);
        out.extend_from_slice(&user.uid.to_le_bytes());
        out.extend_from_slice(&user.gid.to_le_bytes());
        cut += u64::from(put_str16(out, &user.name, MAX_NAME));
        cut += u64::from(put_str16(out, &user.home, MAX_PATH));
        cut += u64::from(put_str16(out, &user.shell, MAX_PATH));
        patch_len(&mut out[..], start);
    }
    for group in groups {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        out.push(1);
        out.extend_from_slice(&group.gid.to_le_bytes());
        cut += u64::from(put_str16(out, &group.name, MAX_NAME));
        patch_len(&mut out[..], start);
    }
    finish(out, at);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_and_groups_survive_writing_and_reading() {
        let snapshot = Snapshot {
            users: vec![UserEntry {
                uid: 1000,
                gid: 100,
                name: b"ada".to_vec(),
                home: b"/home/ada".to_vec(),
                shell: b"/bin/sh".to_vec(),
            }],
            groups: vec![GroupEntry {
                gid: 100,
                name: b"users".to_vec(),
            }],
            ..Snapshot::default()
        };
        let mut out = Vec::new();
        assert_eq!(write(&mut out, &snapshot.users, &snapshot.groups), 0);
        let mut back = Snapshot::default();
        assert_eq!(read(&out[8..out.len() - 4], 2, &mut back), Some(()));
        assert_eq!(back, snapshot);
    }

    #[test]
    fn names_beyond_the_limit_are_cut_and_counted() {
        let group = GroupEntry {
            gid: 1,
            name: vec![b'x'; 300],
        };
        let mut out = Vec::new();
        assert_eq!(write(&mut out, &[], &[group]), 1);
    }
}
