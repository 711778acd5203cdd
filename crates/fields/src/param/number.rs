//! How numbers print.

use std::io::Write as _;

pub(super) fn write_decimal(value: impl std::fmt::Display, out: &mut Vec<u8>) {
    // Writing to a vector cannot fail.
    let _ = write!(out, "{value}");
}

pub(super) fn write_hex(value: u64, out: &mut Vec<u8>) {
    let _ = write!(out, "{value:X}");
}

/// As in C sources: a leading zero marks it.
pub(super) fn write_octal(value: u64, out: &mut Vec<u8>) {
    if value == 0 {
        out.push(b'0');
    } else {
        let _ = write!(out, "0{value:o}");
    }
}

/// Appends a float with up to six significant digits, trailing zeros dropped, as `%g` does.
pub(crate) fn write_compact_float(value: f64, out: &mut Vec<u8>) {
    if value == 0.0 {
        out.push(b'0');
        return;
    }
    let scientific = format!("{value:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        let decimals = usize::try_from(5 - exponent).unwrap_or(0);
        let text = format!("{value:.decimals$}");
        out.extend_from_slice(without_trailing_zeros(&text).as_bytes());
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(
            out,
            "{}e{sign}{:02}",
            without_trailing_zeros(digits),
            exponent.abs()
        );
    }
}

fn without_trailing_zeros(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_in_c() {
        let check = |value: f64, expected: &str| {
            let mut out = Vec::new();
            write_compact_float(value, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        };
        check(0.0, "0");
        check(0.5, "0.5");
        check(1.0, "1");
        check(0.000_1, "0.0001");
        check(0.000_05, "5e-05");
        check(1234.5, "1234.5");
        check(1_234_567.0, "1.23457e+06");
        check(999_999.7, "1e+06");
    }
}
