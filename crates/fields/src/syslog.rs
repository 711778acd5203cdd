//! Messages to the system log, as written to `/dev/log`.

use capture_format::table::flags as event_flags;
use state::FdInfo;

use crate::view::View;

/// A message that an event writes to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message<'a> {
    priority: u32,
    pub(crate) text: &'a [u8],
}

/// The descriptor leads to the system log.
pub(crate) fn is_log(fd: &FdInfo) -> bool {
    const PATH: &[u8] = b"/dev/log";
    fd.name.windows(PATH.len()).any(|part| part == PATH)
}

impl<'a> Message<'a> {
    /// The message of a write to the log; `None` for everything else.
    pub(crate) fn of(view: &View<'a>) -> Option<Message<'a>> {
        let info = view.event.info()?;
        if info.flags & event_flags::WRITES_TO_FD == 0 || !is_log(view.fd()?) {
            return None;
        }
        Message::parse(view.param("data")?)
    }

    /// Splits `<PRIORITY>TEXT`.
    fn parse(bytes: &'a [u8]) -> Option<Message<'a>> {
        let rest = bytes.strip_prefix(b"<")?;
        let end = rest.iter().position(|&b| b == b'>')?;
        let priority = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
        Some(Message {
            priority,
            text: &rest[end + 1..],
        })
    }

    pub(crate) fn severity(&self) -> u32 {
        self.priority % 8
    }

    pub(crate) fn facility(&self) -> u32 {
        self.priority / 8
    }

    pub(crate) fn severity_name(&self) -> &'static str {
        SEVERITIES[self.severity() as usize]
    }

    pub(crate) fn facility_name(&self) -> &'static str {
        let at = self.facility() as usize;
        FACILITIES.get(at).copied().unwrap_or("<NA>")
    }

    /// Appends the line that stands for the parameters in `evt.info`.
    pub(crate) fn write_summary(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"syslog sev=");
        out.extend_from_slice(self.severity_name().as_bytes());
        out.extend_from_slice(b" msg=");
        out.extend_from_slice(self.text);
    }
}

const SEVERITIES: [&str; 8] = [
    "emerg", "alert", "crit", "err", "warn", "notice", "info", "debug",
];

const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "clock", "authpriv",
    "ftp", "ntp", "logaudit", "logalert", "cron", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priority_and_text_are_split() {
        let message = Message::parse(b"<38>Apr  5 sshd: hello").unwrap();
        assert_eq!(message.facility_name(), "auth");
        assert_eq!(message.severity_name(), "info");
        assert_eq!(message.text, b"Apr  5 sshd: hello");
        assert_eq!(Message::parse(b"hello"), None);
        assert_eq!(Message::parse(b"<x>hello"), None);
    }
}
