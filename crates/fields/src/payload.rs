//! How bytes are shown: dots, ASCII, hexadecimal rows or base64.

use std::io::Write as _;

use base64::Engine as _;

use crate::context::Payload;

/// Bytes that are shown at most in the default style.
const LIMIT: usize = 80;

/// Bytes per row of the hexadecimal styles.
const ROW: usize = 16;

/// Width of a full row's hexadecimal part: eight groups of four digits, blanks between.
const HEX_WIDTH: usize = 8 * 4 + 7;

/// Appends bytes in the style chosen, cut unless all are wanted and where the style cuts.
pub(crate) fn write(style: Payload, uncut: bool, bytes: &[u8], out: &mut Vec<u8>) {
    if style == Payload::Dots && !uncut && bytes.len() > LIMIT {
        out.extend(dotted(&bytes[..LIMIT - 3]));
        out.extend_from_slice(b"...");
    } else {
        write_uncut(style, bytes, out);
    }
}

/// Appends all the bytes in the style chosen.
pub(crate) fn write_uncut(style: Payload, bytes: &[u8], out: &mut Vec<u8>) {
    match style {
        Payload::Dots => out.extend(dotted(bytes)),
        Payload::Ascii => write_ascii(bytes, out),
        Payload::Hex => write_rows(bytes, false, out),
        Payload::HexAscii => write_rows(bytes, true, out),
        Payload::Base64 => {
            let text = base64::engine::general_purpose::STANDARD.encode(bytes);
            out.extend_from_slice(text.as_bytes());
        }
    }
}

fn is_printable(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte)
}

fn dotted(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes
        .iter()
        .map(|&b| if is_printable(b) { b } else { b'.' })
}

/// Starts on a new line; line breaks of any kind become one LF, other unprintable bytes go. A break
/// right at the beginning is the line break already made.
fn write_ascii(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    out.push(b'\n');
    let mut previous = b'\r';
    for &byte in bytes {
        match byte {
            b'\r' => out.push(b'\n'),
            b'\n' if previous == b'\r' => {}
            b'\n' => out.push(b'\n'),
            byte if is_printable(byte) => out.push(byte),
            _ => {}
        }
        previous = byte;
    }
}

/// Rows of `TAB 0xOFFSET: ` and two-byte groups separated by blanks.
fn write_rows(bytes: &[u8], ascii: bool, out: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    out.push(b'\n');
    for (row, chunk) in bytes.chunks(ROW).enumerate() {
        let _ = write!(out, "\t0x{:04x}: ", row * ROW);
        let start = out.len();
        for (group, bytes) in chunk.chunks(2).enumerate() {
            if group > 0 {
                out.push(b' ');
            }
            for byte in bytes {
                let _ = write!(out, "{byte:02x}");
            }
        }
        if ascii {
            out.resize(start + HEX_WIDTH + 2, b' ');
            out.extend(dotted(chunk));
        }
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: Payload, bytes: &[u8], expected: &str) {
        let mut out = Vec::new();
        write(payload, false, bytes, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn dots_replace_what_is_not_printable_and_cut_after_80_bytes() {
        check(Payload::Dots, b"GET /\r\n\xff", "GET /...");
        check(Payload::Dots, &[b'x'; 80], &"x".repeat(80));
        check(Payload::Dots, &[b'x'; 81], &("x".repeat(77) + "..."));
    }

    #[test]
    fn ascii_keeps_text_and_line_breaks() {
        check(Payload::Ascii, b"a\r\nb\rc\nd\0\xff", "\na\nb\nc\nd");
        check(Payload::Ascii, b"\na", "\na");
        check(Payload::Ascii, b"", "");
    }

    #[test]
    fn hexadecimal_rows_hold_16_bytes() {
        check(
            Payload::Hex,
            b"0123456789abcdefg",
            "\n\t0x0000: 3031 3233 3435 3637 3839 6162 6364 6566\n\t0x0010: 67\n",
        );
        let row = "\n\t0x0000: 4142 00                                  AB.\n";
        check(Payload::HexAscii, b"AB\0", row);
    }

    #[test]
    fn base64_is_padded() {
        check(Payload::Base64, b"ab", "YWI=");
    }
}
