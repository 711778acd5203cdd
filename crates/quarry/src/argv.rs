//! Old spellings that the option parser does not know by itself.

use std::ffi::OsString;

/// Rewrites what sysdig accepted and a modern parser reads differently:
///
/// - `-B` takes its value glued (`-Bprobe.o`);
/// - `--compress` may be followed by the way to compress as a word of its own;
///
/// Words after `--` are left alone.
pub(crate) fn normalize(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut out: Vec<OsString> = Vec::new();
    let mut args = args.into_iter().peekable();
    out.extend(args.next());
    while let Some(arg) = args.next() {
        if arg == "--" {
            out.push(arg);
            out.extend(args);
            break;
        }
        let text = arg.to_str().unwrap_or_default();
        if let Some(probe) = text.strip_prefix("-B") {
            out.push(format!("--bpf={probe}").into());
        } else if text == "--compress"
            && let Some(how) =
                args.next_if(|next| next == "gzip" || next == "zstd" || next == "none")
        {
            let mut joined = OsString::from("--compress=");
            joined.push(how);
            out.push(joined);
        } else {
            out.push(arg);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str) {
        let words = from.split(' ').map(OsString::from);
        let got = normalize(words).join(&OsString::from(" "));
        assert_eq!(got, OsString::from(to));
    }

    #[test]
    fn glued_probe_names_are_options_of_their_own() {
        check("quarry -B -n5", "quarry --bpf= -n5");
        check("quarry -B/x/probe.o", "quarry --bpf=/x/probe.o");
    }

    #[test]
    fn compression_may_be_a_word_of_its_own() {
        check("quarry --compress zstd -w f", "quarry --compress=zstd -w f");
        check(
            "quarry --compress evt.type=open",
            "quarry --compress evt.type=open",
        );
    }

    #[test]
    fn nothing_is_touched_after_the_separator() {
        check("quarry run -- cc -Bsymbolic", "quarry run -- cc -Bsymbolic");
    }
}
