//! Image references, as people and engines write them.

/// A reference taken apart: `[HOST[:PORT]/]PATH[:TAG][@ALGO:HEX]`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImageRef {
    /// Everything before tag and digest, host included; empty when only an id was given.
    pub repository: String,
    /// Registry host and port, when one is named.
    pub host: String,
    /// Tag; empty when none is named.
    pub tag: String,
    /// Digest with its algorithm; empty when none is named.
    pub digest: String,
    /// Image id in hexadecimal, when the reference is one.
    pub id: String,
}

impl ImageRef {
    /// Takes a reference apart. Anything is accepted; what cannot be a name is taken for one.
    ///
    /// ```
    /// let image = enrich::ImageRef::parse("reg.example.com:5000/a/b:t");
    /// assert_eq!((image.repository.as_str(), image.tag.as_str()), ("reg.example.com:5000/a/b", "t"));
    /// ```
    pub fn parse(text: &str) -> ImageRef {
        let hex =
            |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_hexdigit());
        let bare = text.strip_prefix("sha256:").unwrap_or(text);
        if hex(bare, 64) || (bare.len() == text.len() && hex(bare, 12)) {
            return ImageRef {
                id: bare.to_owned(),
                ..ImageRef::default()
            };
        }
        let (name, digest) = text.split_once('@').unwrap_or((text, ""));
        // A colon before the last slash belongs to the port.
        let last = name.rfind('/').map_or(0, |at| at + 1);
        let (repository, tag) = match name[last..].split_once(':') {
            Some((path, tag)) => (&name[..last + path.len()], tag),
            None => (name, ""),
        };
        let host = match repository.split_once('/') {
            Some((first, _)) if first == "localhost" || first.contains(['.', ':']) => first,
            _ => "",
        };
        ImageRef {
            repository: repository.to_owned(),
            host: host.to_owned(),
            tag: tag.to_owned(),
            digest: digest.to_owned(),
            id: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let id = "0b479e8e0c503fa24158e4932186f6873f22df9960dd2e180de36fa32713d204";
        let digest = format!("sha256:{id}");
        let pinned = |name: &str| format!("{name}@{digest}");
        // (text, host, repository, tag, digest, id)
        let cases = [
            ("busybox".to_owned(), "", "busybox", "", "", ""),
            (
                "library/busybox:1".to_owned(),
                "",
                "library/busybox",
                "1",
                "",
                "",
            ),
            (
                "localhost/redis:7.2".to_owned(),
                "localhost",
                "localhost/redis",
                "7.2",
                "",
                "",
            ),
            (
                "reg.example.com:5000/a/b".to_owned(),
                "reg.example.com:5000",
                "reg.example.com:5000/a/b",
                "",
                "",
                "",
            ),
            (
                pinned("reg.example.com:5000/a/b:t"),
                "reg.example.com:5000",
                "reg.example.com:5000/a/b",
                "t",
                &digest,
                "",
            ),
            (pinned("a/b"), "", "a/b", "", &digest, ""),
            (digest.clone(), "", "", "", "", id),
            (id.to_owned(), "", "", "", "", id),
            ("0b479e8e0c50".to_owned(), "", "", "", "", "0b479e8e0c50"),
            (String::new(), "", "", "", "", ""),
            (
                "localhost:5000/x".to_owned(),
                "localhost:5000",
                "localhost:5000/x",
                "",
                "",
                "",
            ),
            ("a:b@c".to_owned(), "", "a", "b", "c", ""),
        ];
        for (text, host, repository, tag, digest, id) in cases {
            let expected = ImageRef {
                repository: repository.to_owned(),
                host: host.to_owned(),
                tag: tag.to_owned(),
                digest: digest.to_owned(),
                id: id.to_owned(),
            };
            assert_eq!(ImageRef::parse(&text), expected, "{text}");
        }
    }
}
