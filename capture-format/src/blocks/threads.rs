//! Process lists: one entry per thread, nine versions of growing entries.

use super::cursor::{Cursor, patch_len, put_str16};
use super::kind::{THREADS, begin, finish};
use super::{MAX_LIST, MAX_PATH, ThreadEntry};
use crate::param::TextList;

/// Whether the tail of an entry begins with namespace start and terminal: tails longer than the
/// short one do. An accident of history that every reader has to follow.
const SHORT_TAIL: usize = 29;

/// Reads entries into `list`; `None` when one does not fit. From version 9 on entries have a
/// length, and only the one that does not fit is lost.
pub(crate) fn read(body: &[u8], version: u8, list: &mut Vec<ThreadEntry>) -> Option<()> {
    let mut fields = Cursor::new(body);
    let mut whole = Some(());
    while fields.remaining() >= 4 {
        if version >= 9 {
            match entry(&mut fields.entry()?, version) {
                Some(thread) => list.push(thread),
                None => whole = None,
            }
        } else {
            list.push(entry(&mut fields, version)?);
        }
    }
    whole
}

fn entry(fields: &mut Cursor<'_>, version: u8) -> Option<ThreadEntry> {
    let mut thread = ThreadEntry {
        tid: fields.i64()?,
        pid: fields.i64()?,
        ptid: fields.i64()?,
        ..ThreadEntry::default()
    };
    if version >= 6 {
        thread.sid = fields.i64()?;
    }
    if version >= 8 {
        thread.vpgid = fields.i64()?;
    }
    thread.comm = fields.str16()?.to_vec();
    thread.exe = fields.str16()?.to_vec();
    if version >= 7 {
        thread.exe_path = fields.str16()?.to_vec();
    }
    thread.args = items(fields.str16()?);
    thread.cwd = fields.str16()?.to_vec();
    thread.fd_limit = fields.i64()?;
    thread.flags = fields.u32()?;
    thread.uid = fields.u32()?;
    thread.gid = fields.u32()?;
    if version >= 2 {
        thread.vm_size_kib = fields.u32()?;
        thread.vm_rss_kib = fields.u32()?;
        thread.vm_swap_kib = fields.u32()?;
        thread.pf_major = fields.u64()?;
        thread.pf_minor = fields.u64()?;
    }
    if version >= 3 {
        thread.env = items(fields.str16()?);
    }
    if version >= 4 {
        thread.vtid = fields.i64()?;
        thread.vpid = fields.i64()?;
        thread.cgroups = items(fields.str16()?);
    }
    if version >= 5 {
        thread.root = fields.str16()?.to_vec();
    }
    if version >= 9 {
        tail(fields, &mut thread);
    }
    Some(thread)
}

/// Reads as many fields of the tail as its length holds.
fn tail(fields: &mut Cursor<'_>, thread: &mut ThreadEntry) -> Option<()> {
    if fields.remaining() > SHORT_TAIL {
        thread.pidns_init_start_ns = fields.u64()?;
        thread.tty = fields.u32()?;
    }
    thread.loginuid = fields.u32()?;
    thread.exe_writable = fields.u8()? != 0;
    thread.cap_inheritable = fields.u64()?;
    thread.cap_permitted = fields.u64()?;
    thread.cap_effective = fields.u64()?;
    thread.exe_upper_layer = fields.u8()? != 0;
    thread.exe_ino = fields.u64()?;
    thread.exe_ino_ctime_ns = fields.u64()?;
    thread.exe_ino_mtime_ns = fields.u64()?;
    thread.exe_from_memfd = fields.u8()? != 0;
    thread.exe_lower_layer = fields.u8()? != 0;
    thread.pgid = fields.i64()?;
    Some(())
}

/// Which fields follow the root directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tail {
    /// 29 bytes, which every reader understands.
    Short,
    /// 76 bytes, everything.
    Long,
}

/// Writes version 9. Returns how many values were cut.
pub(crate) fn write(out: &mut Vec<u8>, list: &[ThreadEntry], tail: Tail) -> u64 {
    let at = begin(out, THREADS);
    let mut cut = 0;
    for thread in list {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        for id in [
            thread.tid,
            thread.pid,
            thread.ptid,
            thread.sid,
            thread.vpgid,
        ] {
            out.extend_from_slice(&id.to_le_bytes());
        }
        for text in [&thread.comm, &thread.exe, &thread.exe_path] {
            cut += u64::from(put_str16(out, text, MAX_PATH));
        }
        cut += put_list(out, &thread.args);
        cut += u64::from(put_str16(out, &thread.cwd, MAX_PATH));
        out.extend_from_slice(&thread.fd_limit.to_le_bytes());
        for number in [
            thread.flags,
            thread.uid,
            thread.gid,
            thread.vm_size_kib,
            thread.vm_rss_kib,
            thread.vm_swap_kib,
        ] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&thread.pf_major.to_le_bytes());
        out.extend_from_slice(&thread.pf_minor.to_le_bytes());
        cut += put_list(out, &thread.env);
        out.extend_from_slice(&thread.vtid.to_le_bytes());
        out.extend_from_slice(&thread.vpid.to_le_bytes());
        cut += put_list(out, &thread.cgroups);
        cut += u64::from(put_str16(out, &thread.root, MAX_PATH));
        put_tail(out, thread, tail);
        patch_len(&mut out[..], start);
    }
    finish(out, at);
    cut
}

/// Appends the tail in one of its forms.
pub(super) fn put_tail(out: &mut Vec<u8>, thread: &ThreadEntry, tail: Tail) {
    if tail == Tail::Long {
        out.extend_from_slice(&thread.pidns_init_start_ns.to_le_bytes());
        out.extend_from_slice(&thread.tty.to_le_bytes());
    }
    out.extend_from_slice(&thread.loginuid.to_le_bytes());
    out.push(u8::from(thread.exe_writable));
    out.extend_from_slice(&thread.cap_inheritable.to_le_bytes());
    out.extend_from_slice(&thread.cap_permitted.to_le_bytes());
    out.extend_from_slice(&thread.cap_effective.to_le_bytes());
    if tail == Tail::Long {
        out.push(u8::from(thread.exe_upper_layer));
        out.extend_from_slice(&thread.exe_ino.to_le_bytes());
        out.extend_from_slice(&thread.exe_ino_ctime_ns.to_le_bytes());
        out.extend_from_slice(&thread.exe_ino_mtime_ns.to_le_bytes());
        out.push(u8::from(thread.exe_from_memfd));
        out.push(u8::from(thread.exe_lower_layer));
        out.extend_from_slice(&thread.pgid.to_le_bytes());
    }
}

/// Reads a long tail into an entry that was stored with a short one.
pub(super) fn read_tail(fields: &mut Cursor<'_>, thread: &mut ThreadEntry) -> Option<()> {
    tail(fields, thread)
}

fn items(raw: &[u8]) -> Vec<Vec<u8>> {
    TextList::new(raw).iter().map(<[u8]>::to_vec).collect()
}

/// Writes a list of text; what does not fit is cut at a NUL's place, as the kernel does.
fn put_list(out: &mut Vec<u8>, items: &[Vec<u8>]) -> u64 {
    let mut raw = TextList::join(items);
    let cut = raw.len() > MAX_LIST;
    if cut {
        raw.truncate(MAX_LIST - 1);
        raw.push(0);
    }
    // Cannot cut again: the list is within its limit.
    let _ = put_str16(out, &raw, MAX_LIST);
    u64::from(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> ThreadEntry {
        ThreadEntry {
            tid: 7,
            pid: 7,
            ptid: 1,
            sid: 7,
            vpgid: 7,
            comm: b"sh".to_vec(),
            exe: b"/bin/sh".to_vec(),
            exe_path: b"/usr/bin/dash".to_vec(),
            args: vec![b"-c".to_vec(), b"".to_vec(), b"x".to_vec()],
            env: vec![b"A=1".to_vec()],
            cwd: b"/".to_vec(),
            cgroups: vec![b"cpu=/".to_vec()],
            loginuid: 1000,
            cap_effective: 0xff,
            exe_writable: true,
            tty: 34816,
            pgid: 7,
            exe_ino: 99,
            ..ThreadEntry::default()
        }
    }

    #[test]
    fn long_tail_survives_writing_and_reading() {
        let mut out = Vec::new();
        assert_eq!(write(&mut out, &[sample(), sample()], Tail::Long), 0);
        let mut back = Vec::new();
        assert_eq!(read(&out[8..out.len() - 4], 9, &mut back), Some(()));
        assert_eq!(back, [sample(), sample()]);
    }

    #[test]
    fn short_tail_is_29_bytes_and_keeps_what_it_can() {
        let mut tail = Vec::new();
        put_tail(&mut tail, &sample(), Tail::Short);
        assert_eq!(tail.len(), SHORT_TAIL);
        let mut out = Vec::new();
        write(&mut out, &[sample()], Tail::Short);
        let mut back = Vec::new();
        assert_eq!(read(&out[8..out.len() - 4], 9, &mut back), Some(()));
        let expected = ThreadEntry {
            tty: 0,
            pgid: -1,
            exe_ino: 0,
            ..sample()
        };
        assert_eq!(back, [expected]);
    }

    /// The tail sizes seen in files, and what of it they hold.
    #[test]
    fn tails_of_every_length_are_read() {
        let mut long = Vec::new();
        put_tail(&mut long, &sample(), Tail::Long);
        for (len, loginuid, tty) in [
            (0, u32::MAX, 0),
            (4, 1000, 0),
            (5, 1000, 0),
            (29, 1000, 0),
            (66, 1000, 34816),
            (76, 1000, 34816),
        ] {
            let mut bytes = Vec::new();
            put_tail(&mut bytes, &sample(), Tail::Short);
            if len > SHORT_TAIL {
                bytes = long.clone();
            }
            bytes.truncate(len);
            let mut thread = ThreadEntry::default();
            let _ = tail(&mut Cursor::new(&bytes), &mut thread);
            assert_eq!((thread.loginuid, thread.tty), (loginuid, tty), "{len}");
        }
    }

    #[test]
    fn every_old_version_reads_its_own_fields() {
        for version in 1..=8u8 {
            let mut body = Vec::new();
            for id in [5i64, 5, 1] {
                body.extend_from_slice(&id.to_le_bytes());
            }
            for _ in 0..u8::from(version >= 6) + u8::from(version >= 8) {
                body.extend_from_slice(&9i64.to_le_bytes());
            }
            for text in ["sh", "/bin/sh"] {
                let _ = put_str16(&mut body, text.as_bytes(), 100);
            }
            if version >= 7 {
                let _ = put_str16(&mut body, b"/bin/dash", 100);
            }
            let _ = put_str16(&mut body, b"-c\0x", 100);
            let _ = put_str16(&mut body, b"/tmp", 100);
            body.extend_from_slice(&1024i64.to_le_bytes());
            for number in [0u32, 1000, 100] {
                body.extend_from_slice(&number.to_le_bytes());
            }
            if version >= 2 {
                body.extend_from_slice(&[0; 28]);
            }
            if version >= 3 {
                let _ = put_str16(&mut body, b"A=1\0", 100);
            }
            if version >= 4 {
                body.extend_from_slice(&[0; 16]);
                let _ = put_str16(&mut body, b"cpu=/\0", 100);
            }
            if version >= 5 {
                let _ = put_str16(&mut body, b"/", 100);
            }
            let twice = [body.clone(), body].concat();
            let mut list = Vec::new();
            assert_eq!(read(&twice, version, &mut list), Some(()), "{version}");
            assert_eq!(list.len(), 2);
            let thread = &list[1];
            assert_eq!((thread.gid, thread.cwd.as_slice()), (100, &b"/tmp"[..]));
            assert_eq!(thread.args, [b"-c", &b"x"[..]]);
            assert_eq!(thread.sid, if version >= 6 { 9 } else { -1 });
            assert_eq!(thread.env.len(), usize::from(version >= 3));
        }
    }

    #[test]
    fn entry_that_does_not_fit_is_skipped_by_its_length() {
        let mut out = Vec::new();
        write(&mut out, &[sample(), sample()], Tail::Short);
        // The length of the first entry's comm.
        out[8 + 4 + 40] = 0xff;
        out[8 + 4 + 41] = 0xff;
        let mut back = Vec::new();
        assert_eq!(read(&out[8..out.len() - 4], 9, &mut back), None);
        assert_eq!(back.len(), 1);
    }

    #[test]
    fn long_argument_lists_are_cut_at_the_limit() {
        let mut thread = sample();
        thread.args = vec![vec![b'a'; 3000]; 2];
        let mut out = Vec::new();
        assert_eq!(write(&mut out, &[thread], Tail::Short), 1);
        let mut back = Vec::new();
        assert_eq!(read(&out[8..out.len() - 4], 9, &mut back), Some(()));
        assert_eq!(back[0].args[1].len(), MAX_LIST - 1 - 3001);
    }
}
