//! The transformers, on values. What does not fit yields no value.

use std::borrow::Cow;

use crate::Value;

type Text<'v> = Cow<'v, [u8]>;

/// Applies a transformer of one text to a value, or to each of its candidates.
pub(crate) fn each<'v>(
    value: Value<'v>,
    function: fn(Text<'v>) -> Option<Text<'v>>,
) -> Option<Value<'v>> {
    match value {
        Value::Text(text) => function(text).map(Value::Text),
        Value::Bytes(bytes) => function(bytes).map(Value::Bytes),
        Value::AnyOf(values) => {
            let values: Vec<_> = values
                .into_iter()
                .filter_map(|v| each(v, function))
                .collect();
            (!values.is_empty()).then_some(Value::AnyOf(values))
        }
        _ => None,
    }
}

pub(crate) fn to_lower(mut text: Text<'_>) -> Option<Text<'_>> {
    if text.iter().any(u8::is_ascii_uppercase) {
        text.to_mut().make_ascii_lowercase();
    }
    Some(text)
}

pub(crate) fn to_upper(mut text: Text<'_>) -> Option<Text<'_>> {
    if text.iter().any(u8::is_ascii_lowercase) {
        text.to_mut().make_ascii_uppercase();
    }
    Some(text)
}

/// The part after the last slash.
pub(crate) fn basename(path: Text<'_>) -> Option<Text<'_>> {
    let Some(slash) = memchr::memrchr(b'/', &path) else {
        return Some(path);
    };
    Some(match path {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[slash + 1..]),
        Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(slash + 1)),
    })
}

/// Decodes base64 (RFC 4648, standard alphabet, padded).
pub(crate) fn b64(text: Text<'_>) -> Option<Text<'_>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let padding = text
        .iter()
        .rev()
        .take(2)
        .take_while(|&&b| b == b'=')
        .count();
    let digits = &text[..text.len() - padding];
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for group in digits.chunks(4) {
        let mut bits = 0u32;
        for &letter in group {
            bits = bits << 6 | base64_digit(letter)?;
        }
        let missing = 4 - group.len();
        bits <<= 6 * missing as u32;
        out.extend_from_slice(&bits.to_be_bytes()[1..4 - missing]);
    }
    Some(Cow::Owned(out))
}

fn base64_digit(letter: u8) -> Option<u32> {
    Some(u32::from(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Bytes of a text, elements of a list.
pub(crate) fn len(value: Value<'_>) -> Option<Value<'_>> {
    match value {
        Value::Text(bytes) | Value::Bytes(bytes) => Some(Value::U64(bytes.len() as u64)),
        Value::List(items) => Some(Value::U64(items.len() as u64)),
        Value::AnyOf(values) => values
            .into_iter()
            .map(len)
            .collect::<Option<_>>()
            .map(Value::AnyOf),
        _ => None,
    }
}

/// The elements of `list` with `separator` between them.
pub(crate) fn join<'v>(separator: &Value<'_>, list: &Value<'_>) -> Option<Value<'v>> {
    let Value::List(items) = list else {
        return None;
    };
    let parts = items
        .iter()
        .map(Value::as_bytes)
        .collect::<Option<Vec<_>>>()?;
    Some(Value::owned_text(parts.join(separator.as_bytes()?)))
}

/// All texts one after another.
pub(crate) fn concat<'v>(
    first: Value<'v>,
    rest: impl Iterator<Item = Option<Value<'v>>>,
) -> Option<Value<'v>> {
    let mut out = first.as_bytes()?.to_vec();
    for value in rest {
        out.extend_from_slice(value?.as_bytes()?);
    }
    Some(Value::owned_text(out))
}

/// Short options of an argument vector, by the rules of POSIX `getopt`.
///
/// Without a selector: letters, each followed by its value if it takes one. With one: the value of
/// the last such option, or the letter itself if it takes none.
pub(crate) fn getopt<'v>(
    words: &Value<'_>,
    options: &Value<'_>,
    selector: Option<u8>,
) -> Option<Value<'v>> {
    let Value::List(words) = words else {
        return None;
    };
    let options = options.as_bytes()?;
    let mut found: Vec<(u8, Option<Vec<u8>>)> = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let word = word.as_bytes()?;
        if word == b"--" || word.first() != Some(&b'-') || word.len() < 2 {
            break;
        }
        if word.starts_with(b"--") {
            continue;
        }
        let mut cluster = &word[1..];
        while let Some((&letter, rest)) = cluster.split_first() {
            cluster = rest;
            match takes_value(options, letter) {
                None => found.push((b'?', None)),
                Some(false) => found.push((letter, None)),
                Some(true) => {
                    let value = match rest {
                        [] => words.next().and_then(Value::as_bytes).unwrap_or_default(),
                        attached => attached,
                    };
                    found.push((letter, Some(value.to_vec())));
                    break;
                }
            }
        }
    }
    match selector {
        Some(wanted) => {
            let (letter, value) = found.into_iter().rfind(|&(letter, _)| letter == wanted)?;
            Some(Value::owned_text(value.unwrap_or_else(|| vec![letter])))
        }
        None => {
            let list = found.into_iter().flat_map(|(letter, value)| {
                std::iter::once(vec![letter])
                    .chain(value)
                    .map(Value::owned_text)
            });
            Some(Value::List(list.collect()))
        }
    }
}

/// Whether the option takes a value; `None` for an unknown letter.
fn takes_value(options: &[u8], letter: u8) -> Option<bool> {
    if letter == b':' {
        return None;
    }
    let at = memchr::memchr(letter, options)?;
    Some(options.get(at + 1) == Some(&b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list<'a>(words: &[&'a str]) -> Value<'a> {
        Value::List(words.iter().map(|word| Value::text(*word)).collect())
    }

    #[test]
    fn base64_follows_the_standard() {
        let decode = |text: &'static str| b64(Cow::Borrowed(text.as_bytes())).map(Cow::into_owned);
        assert_eq!(decode(""), Some(vec![]));
        assert_eq!(decode("Zg=="), Some(b"f".to_vec()));
        assert_eq!(decode("Zm8="), Some(b"fo".to_vec()));
        assert_eq!(decode("Zm9v"), Some(b"foo".to_vec()));
        assert_eq!(decode("/+8="), Some(vec![0xff, 0xef]));
        for text in ["Zg", "Zg=", "Z===", "====", "Zm9v\n", "Zg==Zg==", "Z!=="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn options_are_split_as_getopt_does() {
        let words = list(&["-ab", "-cvalue", "-c", "next", "--long", "-x", "file", "-a"]);
        let all = getopt(&words, &Value::text("abc:"), None);
        assert_eq!(all, Some(list(&["a", "b", "c", "value", "c", "next", "?"])));
        let select = |letter| getopt(&words, &Value::text("abc:"), Some(letter));
        assert_eq!(select(b'c'), Some(Value::text("next")));
        assert_eq!(select(b'a'), Some(Value::text("a")));
        assert_eq!(select(b'z'), None);
    }

    #[test]
    fn an_option_without_its_value_has_an_empty_one() {
        let words = list(&["-c"]);
        assert_eq!(
            getopt(&words, &Value::text("c:"), None),
            Some(list(&["c", ""]))
        );
        assert_eq!(
            getopt(&words, &Value::text("c:"), Some(b'c')),
            Some(Value::text(""))
        );
    }

    #[test]
    fn two_dashes_end_the_options() {
        let words = list(&["-a", "--", "-b"]);
        assert_eq!(getopt(&words, &Value::text("ab"), None), Some(list(&["a"])));
    }

    #[test]
    fn basename_is_what_follows_the_last_slash() {
        let base = |text: &'static str| basename(Cow::Borrowed(text.as_bytes())).unwrap();
        assert_eq!(&*base("/usr/bin/ls"), b"ls");
        assert_eq!(&*base("ls"), b"ls");
        assert_eq!(&*base("/usr/"), b"");
        let owned = basename(Cow::Owned(b"/usr/bin/ls".to_vec())).unwrap();
        assert_eq!(&*owned, b"ls");
    }
}
