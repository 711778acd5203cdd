//! `fdlist.*`: the descriptors that a poll waits for.

use capture_format::param::FdList;
use filter::{Value, ValueType};
use state::{FdInfo, FdKind};

use crate::descriptor::{End, Subject};
use crate::field::{Class, Field, Flags, NumberFormat};
use crate::view::{View, owned};

const TEXT: Field = Field {
    flags: Flags::PROCESS_TABLE,
    ..Field::new(Class::FdList, ValueType::Text)
};

pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "fdlist.nums",
        format: NumberFormat::Id,
        doc: "Numbers of the polled descriptors, separated by commas.",
        example: "fdlist.nums contains 5",
        extract: |view, _| joined(view, |_, number, _| Some(number.to_string().into_bytes())),
        ..TEXT
    },
    Field {
        name: "fdlist.names",
        doc: "Names of the polled descriptors, separated by commas; `<NA>` for those without.",
        example: "fdlist.names contains /dev/tty",
        extract: |view, _| {
            joined(view, |_, _, info| {
                let name = info.map_or(&b""[..], |info| &info.name);
                Some(if name.is_empty() { b"<NA>" } else { name }.to_vec())
            })
        },
        ..TEXT
    },
    Field {
        name: "fdlist.cips",
        doc: "Client addresses of the polled connections, separated by commas.",
        example: "fdlist.cips contains 10.0.0.1",
        extract: |view, _| ends(view, End::Client, |ip, _| ip),
        ..TEXT
    },
    Field {
        name: "fdlist.sips",
        doc: "Server addresses of the polled connections and listening sockets, separated by \
              commas.",
        example: "fdlist.sips contains 10.0.0.1",
        extract: |view, _| ends(view, End::Server, |ip, _| ip),
        ..TEXT
    },
    Field {
        name: "fdlist.cports",
        format: NumberFormat::Dec,
        doc: "Client ports of the polled connections, separated by commas.",
        example: "fdlist.cports contains 40556",
        extract: |view, _| ends(view, End::Client, |_, port| port),
        ..TEXT
    },
    Field {
        name: "fdlist.sports",
        format: NumberFormat::Dec,
        doc: "Server ports of the polled connections, separated by commas.",
        example: "fdlist.sports contains 443",
        extract: |view, _| {
            joined(view, |subject, _, info| {
                if !matches!(info?.kind, FdKind::Ipv4 | FdKind::Ipv6) {
                    return None;
                }
                let (_, port) = subject.end(view, End::Server)?;
                Some(port.to_string().into_bytes())
            })
        },
        ..TEXT
    },
];

fn ends<T: ToString>(
    view: &View<'_>,
    end: End,
    part: fn(std::net::IpAddr, u16) -> T,
) -> Option<Value<'static>> {
    joined(view, |subject, _, _| {
        let (ip, port) = subject.end(view, end)?;
        Some(part(ip, port).to_string().into_bytes())
    })
}

/// One item per polled descriptor, where there is one; no value when there are none.
fn joined(
    view: &View<'_>,
    item: impl Fn(&Subject<'_>, i64, Option<&FdInfo>) -> Option<Vec<u8>>,
) -> Option<Value<'static>> {
    if !matches!(view.event.ty.0, 80 | 81 | 254 | 255) {
        return None;
    }
    let thread = view.thread()?;
    let polled = FdList::decode(view.param("fds")?)?;
    let items: Vec<Vec<u8>> = polled
        .iter()
        .filter_map(|entry| {
            let subject = Subject {
                thread,
                number: entry.fd,
                info: view.state.fd(thread, entry.fd),
            };
            item(&subject, entry.fd, subject.info)
        })
        .collect();
    if items.is_empty() {
        None
    } else {
        owned(items.join(&b','))
    }
}
