//! Shell patterns (`glob`, `iglob`) and path prefixes (`pmatch`).

/// A compiled shell pattern over bytes: `*`, `?`, `[…]` and backslash.
///
/// `*` also matches a slash and a leading dot.
#[derive(Clone, Debug)]
pub(crate) struct Glob {
    tokens: Vec<Token>,
    fold: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Byte(u8),
    Any,
    Star,
    /// Membership by byte value, negation already applied.
    Class(Box<[u64; 4]>),
}

impl Glob {
    /// Compiles a pattern; every text is one. `fold` ignores ASCII case.
    pub(crate) fn new(pattern: &[u8], fold: bool) -> Glob {
        let mut tokens = Vec::new();
        let mut rest = pattern;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            tokens.push(match byte {
                b'*' => {
                    if tokens.last() == Some(&Token::Star) {
                        continue;
                    }
                    Token::Star
                }
                b'?' => Token::Any,
                b'[' => match class(after, fold) {
                    Some((class, after)) => {
                        rest = after;
                        class
                    }
                    // Never closed, so an ordinary bracket.
                    None => Token::Byte(b'['),
                },
                b'\\' => match after.split_first() {
                    Some((&escaped, after)) => {
                        rest = after;
                        Token::Byte(lower(escaped, fold))
                    }
                    None => Token::Byte(b'\\'),
                },
                byte => Token::Byte(lower(byte, fold)),
            });
        }
        Glob { tokens, fold }
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        let (mut token, mut at) = (0, 0);
        // Where to go on after the last star, and how much of the text it has taken.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let matched = match (self.tokens.get(token), text.get(at)) {
                (None, None) => return true,
                (Some(Token::Star), _) => {
                    retry = Some((token + 1, at));
                    token += 1;
                    continue;
                }
                (Some(t), Some(&byte)) => match t {
                    Token::Byte(b) => *b == lower(byte, self.fold),
                    Token::Any => true,
                    Token::Class(set) => contains(set, lower(byte, self.fold)),
                    Token::Star => false,
                },
                _ => false,
            };
            if matched {
                token += 1;
                at += 1;
                continue;
            }
            match retry {
                Some((after_star, start)) if start < text.len() => {
                    retry = Some((after_star, start + 1));
                    token = after_star;
                    at = start + 1;
                }
                _ => return false,
            }
        }
    }
}

fn lower(byte: u8, fold: bool) -> u8 {
    if fold {
        byte.to_ascii_lowercase()
    } else {
        byte
    }
}

fn contains(set: &[u64; 4], byte: u8) -> bool {
    set[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
}

/// A bracket expression after its `[`; returns what follows the `]`.
fn class(mut rest: &[u8], fold: bool) -> Option<(Token, &[u8])> {
    let mut set = [0u64; 4];
    let mut insert = |byte: u8| {
        let byte = lower(byte, fold);
        set[usize::from(byte / 64)] |= 1 << (byte % 64);
    };
    let negated = matches!(rest.first(), Some(b'!' | b'^'));
    if negated {
        rest = &rest[1..];
    }
    let mut first = true;
    loop {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        if byte == b']' && !first {
            break;
        }
        first = false;
        if byte == b'['
            && let Some((member, after)) = named(rest)
        {
            (0..=255u8).filter(member).for_each(&mut insert);
            rest = after;
            continue;
        }
        let low = if byte == b'\\' {
            take(&mut rest)?
        } else {
            byte
        };
        if let [b'-', end, ..] = *rest
            && end != b']'
        {
            rest = &rest[1..];
            let end = take(&mut rest)?;
            let high = if end == b'\\' { take(&mut rest)? } else { end };
            (low..=high).for_each(&mut insert);
        } else {
            insert(low);
        }
    }
    if negated {
        set.iter_mut().for_each(|word| *word = !*word);
    }
    Some((Token::Class(Box::new(set)), rest))
}

fn take(rest: &mut &[u8]) -> Option<u8> {
    let (&byte, after) = rest.split_first()?;
    *rest = after;
    Some(byte)
}

/// `:alpha:]` and its like, after the inner `[`.
#[allow(clippy::type_complexity)] // A predicate and the rest; a name would say less.
fn named(rest: &[u8]) -> Option<(fn(&u8) -> bool, &[u8])> {
    let classes: [(&[u8], fn(&u8) -> bool); 12] = [
        (b":alnum:]", u8::is_ascii_alphanumeric),
        (b":alpha:]", u8::is_ascii_alphabetic),
        (b":blank:]", |b| matches!(b, b' ' | b'\t')),
        (b":cntrl:]", u8::is_ascii_control),
        (b":digit:]", u8::is_ascii_digit),
        (b":graph:]", u8::is_ascii_graphic),
        (b":lower:]", u8::is_ascii_lowercase),
        (b":print:]", |b| b.is_ascii_graphic() || *b == b' '),
        (b":punct:]", u8::is_ascii_punctuation),
        (b":space:]", |b| b.is_ascii_whitespace() || *b == 11),
        (b":upper:]", u8::is_ascii_uppercase),
        (b":xdigit:]", u8::is_ascii_hexdigit),
    ];
    classes
        .into_iter()
        .find_map(|(name, member)| Some((member, rest.strip_prefix(name)?)))
}

/// The paths of a `pmatch`: a value matches at or below one of them.
#[derive(Clone, Debug)]
pub(crate) struct PathPrefixes {
    paths: Vec<Vec<Component>>,
}

#[derive(Clone, Debug)]
enum Component {
    Name(Vec<u8>),
    Pattern(Glob),
}

impl PathPrefixes {
    pub(crate) fn new<'a>(paths: impl IntoIterator<Item = &'a [u8]>) -> PathPrefixes {
        let compile = |part: &[u8]| match part.iter().any(|b| b"*?[".contains(b)) {
            true => Component::Pattern(Glob::new(part, false)),
            false => Component::Name(part.to_vec()),
        };
        PathPrefixes {
            paths: paths
                .into_iter()
                .map(|path| components(path).map(compile).collect())
                .collect(),
        }
    }

    pub(crate) fn matches(&self, path: &[u8]) -> bool {
        self.paths.iter().any(|prefix| {
            let mut parts = components(path);
            prefix
                .iter()
                .all(|component| match (component, parts.next()) {
                    (_, None) => false,
                    (Component::Name(name), Some(part)) => name == part,
                    (Component::Pattern(glob), Some(part)) => glob.matches(part),
                })
        })
    }
}

/// The names between slashes; repeated, leading and trailing slashes make no difference.
fn components(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|&b| b == b'/').filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(pattern: &str, text: &str) -> bool {
        Glob::new(pattern.as_bytes(), false).matches(text.as_bytes())
    }

    #[test]
    fn shell_patterns_cover_the_whole_text() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "a/.b"),
            ("a*b*c", "aXbYbZc"),
            ("/etc/*.conf", "/etc/x/.conf"),
            ("?at", "cat"),
            ("[a-c]x", "bx"),
            ("[!a-c]x", "dx"),
            ("[^a-c]x", "dx"),
            ("[]x]", "]"),
            ("[a-]", "-"),
            ("[[:digit:][:upper:]]", "Q"),
            ("\\*", "*"),
            ("[\\]]", "]"),
            ("[a", "[a"),
            ("a\\", "a\\"),
        ] {
            assert!(glob(pattern, text), "{pattern} should match {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("a", "ab"),
            ("?", ""),
            ("[!a]", ""),
            ("a*b", "aXbY"),
            ("\\*", "x"),
        ] {
            assert!(!glob(pattern, text), "{pattern} should not match {text}");
        }
        assert!(Glob::new(b"*.CONF[A-Z]", true).matches(b"x.confq"));
        assert!(!Glob::new(b"[!A]", true).matches(b"a"));
    }

    #[test]
    fn many_stars_stay_polynomial() {
        let pattern = format!("{}b", "*a".repeat(50));
        assert!(!glob(&pattern, &"a".repeat(5_000)));
    }

    #[test]
    fn path_prefixes_end_at_slashes() {
        let under = |paths: &[&str], value: &str| {
            PathPrefixes::new(paths.iter().map(|p| p.as_bytes())).matches(value.as_bytes())
        };
        assert!(under(&["/usr"], "/usr"));
        assert!(under(&["/usr"], "/usr/lib/x"));
        assert!(!under(&["/usr"], "/usrx"));
        assert!(under(&["usr//"], "//usr/lib"));
        assert!(under(&["/usr/*/lib"], "/usr/local/lib/x"));
        assert!(!under(&["/usr/*/lib"], "/usr/a/b/lib"));
        assert!(under(&["/"], "/etc"));
        assert!(under(&[""], ""));
        assert!(!under(&[], "/usr"));
    }
}
