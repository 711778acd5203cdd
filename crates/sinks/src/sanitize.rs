//! Makes text from traced programs harmless for a terminal.
//!
//! A file name may hold escape sequences that move the cursor, change the title or hide what
//! follows. On a terminal every such character is shown as an escape; pipes get the bytes as they
//! are, because there another program wants them.

use std::borrow::Cow;

/// Escapes what a terminal would act upon or show deceptively: control characters, characters
/// that change the direction of text or have no width, and bytes that are no UTF-8.
///
/// Line breaks and tabs are escaped too unless `keep_layout` is set, for renderings that are made
/// of lines. Text without any such character is returned as it is.
///
/// ```
/// assert_eq!(sinks::sanitize(b"a\x1b[2J", false), r"a\x1b[2J");
/// assert_eq!(sinks::sanitize("gr\u{fc}n".as_bytes(), false), "gr\u{fc}n");
/// assert_eq!(sinks::sanitize(b"\xff", false), r"\xff");
/// ```
pub fn sanitize(text: &[u8], keep_layout: bool) -> Cow<'_, str> {
    match std::str::from_utf8(text) {
        Ok(text) if !text.chars().any(|c| must_escape(c, keep_layout)) => Cow::Borrowed(text),
        _ => {
            let mut out = Vec::with_capacity(text.len() + 8);
            sanitize_into(&mut out, text, keep_layout);
            Cow::Owned(String::from_utf8_lossy(&out).into_owned())
        }
    }
}

/// As [`sanitize`], appending to a buffer.
pub fn sanitize_into(out: &mut Vec<u8>, text: &[u8], keep_layout: bool) {
    // Most text is plain ASCII; this loop decides it without decoding.
    if text.iter().all(|&b| (0x20..0x7f).contains(&b)) {
        out.extend_from_slice(text);
        return;
    }
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            if must_escape(c, keep_layout) {
                escape(out, c);
            } else {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        for byte in chunk.invalid() {
            out.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
        }
    }
}

fn escape(out: &mut Vec<u8>, c: char) {
    let text = match c {
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        c if u32::from(c) < 0x100 => format!("\\x{:02x}", u32::from(c)),
        c => format!("\\u{{{:x}}}", u32::from(c)),
    };
    out.extend_from_slice(text.as_bytes());
}

fn must_escape(c: char, keep_layout: bool) -> bool {
    match c {
        ' '..='~' => false,
        '\n' | '\t' => !keep_layout,
        c if c.is_control() => true,
        // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
        '\u{ad}' | '\u{61c}' | '\u{180e}' => true,
        // Zero-width characters and marks; line and paragraph separators with the embeddings and
        // overrides of direction; word joiner, invisible operators and isolates.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        // Byte order mark, interlinear annotation, tag characters.
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_cannot_reach_the_terminal() {
        let hostile = b"\x1b]0;title\x07\x1b[31mred\x9b31m\x08\x7f\r\n";
        let shown = sanitize(hostile, false);
        assert!(shown.chars().all(|c| !c.is_control()), "{shown:?}");
    }

    #[test]
    fn text_direction_cannot_be_changed() {
        assert_eq!(
            sanitize("a\u{202e}fdp.exe\u{2066}\u{200b}".as_bytes(), false),
            r"a\u{202e}fdp.exe\u{2066}\u{200b}"
        );
    }

    #[test]
    fn layout_is_kept_on_demand_only() {
        assert_eq!(sanitize(b"a\n\tb", true), "a\n\tb");
        assert_eq!(sanitize(b"a\n\tb", false), r"a\n\tb");
    }

    #[test]
    fn c1_controls_inside_valid_utf8_are_escaped() {
        assert_eq!(sanitize("\u{9b}31m".as_bytes(), true), r"\x9b31m");
    }

    #[test]
    fn cut_characters_are_shown_byte_by_byte() {
        assert_eq!(sanitize(b"ok \xe2\x82", false), r"ok \xe2\x82");
    }
}
