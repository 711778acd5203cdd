//! How bytes are shown: dots, ASCII, hexadecimal rows or base64.

use std::io::Write as _;

use base64::Engine as _;

use crate::context::{Context, Payload};

/// Bytes that are shown at most in the default style.
const LIMIT: usize = 80;

/// Bytes per row of the hexadecimal styles.
const ROW: usize = 16;

/// Appends bytes in the style chosen, cut if the style says so.
pub(crate) fn write(context: &Context, bytes: &[u8], out: &mut Vec<u8>) {
    if context.payload == Payload::Dots && !context.uncut && bytes.len() > LIMIT {
        out.extend(dotted(&bytes[..LIMIT - 3]));
        out.extend_from_slice(b"...");
    } else {
        write_uncut(context, bytes, out);
    }
}

/// Appends all the bytes in the style chosen.
pub(crate) fn write_uncut(context: &Context, bytes: &[u8], out: &mut Vec<u8>) {
    match context.payload {
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

/// Starts on a new line; CR becomes LF unless an LF follows, other unprintable bytes go.
fn write_ascii(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    out.push(b'\n');
    let mut previous = 0;
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

/// Rows of `TAB 0xOFFSET: ` and two-byte groups, each group followed by a blank.
fn write_rows(bytes: &[u8], ascii: bool, out: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    out.push(b'\n');
    for (row, chunk) in bytes.chunks(ROW).enumerate() {
        let _ = write!(out, "\t0x{:04x}: ", row * ROW);
        for position in 0..ROW {
            match chunk.get(position) {
                Some(byte) => {
                    let _ = write!(out, "{byte:02x}");
                }
                None if ascii => out.extend_from_slice(b"  "),
                None => break,
            }
            if position % 2 == 1 {
                out.push(b' ');
            }
        }
        if ascii {
            out.push(b' ');
            out.extend(dotted(chunk));
        }
        out.push(b'\n');
    }
}
