//! Comparing text, printed in full when it differs.

/// Asserts that two texts are equal, line by line.
///
/// # Panics
/// With every line that differs, numbered, and both texts' lengths.
#[track_caller]
pub fn assert_same_lines(what: &str, expected: &str, got: &str) {
    let differences = differing_lines(expected, got);
    assert!(
        differences.is_empty(),
        "{what}: {} lines expected, {} got; `-` expected, `+` got:\n{}",
        expected.lines().count(),
        got.lines().count(),
        differences.join("\n")
    );
}

/// The lines in which two texts differ, each as `-N: expected` followed by `+N: got`.
pub fn differing_lines(expected: &str, got: &str) -> Vec<String> {
    let mut differences = Vec::new();
    let (mut expected, mut got) = (expected.lines(), got.lines());
    for number in 1.. {
        let (left, right) = (expected.next(), got.next());
        if left.is_none() && right.is_none() {
            break;
        }
        if left != right {
            differences.extend(left.map(|line| format!("-{number}: {line}")));
            differences.extend(right.map(|line| format!("+{number}: {line}")));
        }
    }
    differences
}

/// Whether a name matches a pattern in which `*` stands for any text.
pub fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(start) else {
        return false;
    };
    loop {
        if matches(rest, name) {
            return true;
        }
        let mut characters = name.chars();
        if characters.next().is_none() {
            return false;
        }
        name = characters.as_str();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name) in [
            ("*", ""),
            ("*", "a"),
            ("a*", "a"),
            ("a*c", "abbc"),
            ("*b*", "abc"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("", "a"), ("a", ""), ("a*c", "ab"), ("*b*", "ac")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn every_differing_line_is_shown() {
        assert_eq!(
            differing_lines("a\nb\nc", "a\nx"),
            ["-2: b", "+2: x", "-3: c"]
        );
        assert!(differing_lines("a\n", "a\n").is_empty());
    }
}
