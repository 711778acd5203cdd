//! Compiled right-hand sides: constants prepared so that one event costs one comparison.

use std::{collections::HashSet, net::IpAddr};

use memchr::memmem::Finder;
use regex::bytes::Regex;

use crate::{
    Op, Value,
    constant::{Constant, Network},
    pattern::{Glob, PathPrefixes},
};

/// A condition on one value.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    /// There is a value at all.
    Exists,
    Int(Op, i128),
    Float(Op, f64),
    Bool(Op, bool),
    /// Whole text or bytes, ordered byte by byte.
    Bytes(Op, Vec<u8>),
    Ip(Op, IpAddr),
    Net(Op, Network),
    /// At most this many nanoseconds away.
    Within(i128),
    Contains(Box<Finder<'static>>),
    /// The constant in lower case.
    IContains(Vec<u8>),
    StartsWith(Vec<u8>),
    EndsWith(Vec<u8>),
    Glob(Glob),
    Regex(Regex),
    Paths(PathPrefixes),
    In(Set),
    Intersects(Set),
    /// `oneof`.
    Any(Vec<Matcher>),
    /// `allof`.
    All(Vec<Matcher>),
}

/// The elements of a list.
#[derive(Clone, Debug)]
pub(crate) enum Set {
    /// Sorted.
    Ints(Vec<i128>),
    /// Few texts: comparing lengths first beats hashing.
    FewTexts(Vec<Vec<u8>>),
    Texts(HashSet<Vec<u8>>),
    /// Everything else, compared one by one.
    Others(Vec<Constant>),
}

/// Up to how many texts are compared one by one.
const FEW: usize = 8;

impl Set {
    pub(crate) fn new(constants: &[Constant]) -> Set {
        let ints = constants.iter().map(|c| match c {
            Constant::Int(n) => Some(*n),
            _ => None,
        });
        if let Some(mut ints) = ints.collect::<Option<Vec<i128>>>() {
            ints.sort_unstable();
            ints.dedup();
            return Set::Ints(ints);
        }
        let texts = constants.iter().map(|c| match c {
            Constant::Bytes(bytes) => Some(bytes.clone()),
            _ => None,
        });
        match texts.collect::<Option<Vec<Vec<u8>>>>() {
            Some(texts) if texts.len() <= FEW => Set::FewTexts(texts),
            Some(texts) => Set::Texts(texts.into_iter().collect()),
            None => Set::Others(constants.to_vec()),
        }
    }

    fn contains(&self, value: &Value<'_>) -> bool {
        match self {
            Set::Ints(ints) => value
                .as_int()
                .is_some_and(|n| ints.binary_search(&n).is_ok()),
            Set::FewTexts(texts) => value
                .as_bytes()
                .is_some_and(|bytes| texts.iter().any(|t| t == bytes)),
            Set::Texts(texts) => value.as_bytes().is_some_and(|bytes| texts.contains(bytes)),
            Set::Others(constants) => constants.iter().any(|c| equals(c, value)),
        }
    }
}

/// Whether the value equals the constant; an address equals a network it lies in.
fn equals(constant: &Constant, value: &Value<'_>) -> bool {
    match (constant, value) {
        (Constant::Float(a), Value::F64(b)) => a == b,
        (Constant::Bool(a), Value::Bool(b)) => a == b,
        (Constant::Ip(a), Value::Ip(b)) => a == b,
        (Constant::Net(net), Value::Ip(ip)) => net.contains(*ip),
        (Constant::Int(a), value) => value.as_int() == Some(*a),
        (Constant::Bytes(a), value) => value.as_bytes() == Some(a),
        _ => false,
    }
}

impl Matcher {
    /// Whether the value satisfies the condition.
    pub(crate) fn matches(&self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Matcher::Any(parts), _) => parts.iter().any(|part| part.matches(value)),
            (Matcher::All(parts), _) => parts.iter().all(|part| part.matches(value)),
            (_, Value::AnyOf(values)) => values.iter().any(|v| self.matches(v)),
            // Of two ends one is enough, but to differ both must.
            (_, Value::Ends(ends)) if self.is_negative() => {
                !ends.is_empty() && ends.iter().all(|v| self.matches(v))
            }
            (_, Value::Ends(ends)) => ends.iter().any(|v| self.matches(v)),
            (Matcher::Exists, _) => true,
            (Matcher::In(set), Value::List(items)) => items.iter().all(|v| set.contains(v)),
            (Matcher::Intersects(set), Value::List(items)) => items.iter().any(|v| set.contains(v)),
            (_, scalar) => self.matches_scalar(scalar),
        }
    }

    fn is_negative(&self) -> bool {
        use Matcher as M;
        matches!(
            self,
            M::Int(Op::Ne, _)
                | M::Float(Op::Ne, _)
                | M::Bool(Op::Ne, _)
                | M::Bytes(Op::Ne, _)
                | M::Ip(Op::Ne, _)
                | M::Net(Op::Ne, _)
        )
    }

    #[inline]
    fn matches_scalar(&self, value: &Value<'_>) -> bool {
        match self {
            Matcher::Int(op, constant) => {
                value.as_int().is_some_and(|n| ordered(*op, &n, constant))
            }
            Matcher::Float(op, constant) => match value {
                Value::F64(n) => ordered(*op, n, constant),
                _ => false,
            },
            Matcher::Bool(op, constant) => match value {
                Value::Bool(b) => ordered(*op, b, constant),
                _ => false,
            },
            Matcher::Ip(op, constant) => match value {
                Value::Ip(ip) => ordered(*op, ip, constant),
                _ => false,
            },
            Matcher::Net(op, net) => match value {
                Value::Ip(ip) => net.contains(*ip) == (*op == Op::Eq),
                _ => false,
            },
            Matcher::Within(limit) => value.as_int().is_some_and(|n| n <= *limit),
            Matcher::In(set) | Matcher::Intersects(set) => set.contains(value),
            _ => value
                .as_bytes()
                .is_some_and(|bytes| self.matches_bytes(bytes)),
        }
    }

    fn matches_bytes(&self, bytes: &[u8]) -> bool {
        match self {
            Matcher::Bytes(Op::Eq, constant) => bytes == constant,
            Matcher::Bytes(op, constant) => ordered(*op, bytes, constant.as_slice()),
            Matcher::Contains(finder) => finder.find(bytes).is_some(),
            Matcher::IContains(constant) => contains_ignoring_case(bytes, constant),
            Matcher::StartsWith(constant) => bytes.starts_with(constant),
            Matcher::EndsWith(constant) => bytes.ends_with(constant),
            Matcher::Glob(glob) => glob.matches(bytes),
            Matcher::Regex(regex) => regex.is_match(bytes),
            Matcher::Paths(paths) => paths.matches(bytes),
            _ => false,
        }
    }
}

#[inline]
fn ordered<T: PartialOrd + ?Sized>(op: Op, left: &T, right: &T) -> bool {
    match op {
        Op::Eq => left == right,
        Op::Ne => left != right,
        Op::Lt => left < right,
        Op::Le => left <= right,
        Op::Gt => left > right,
        Op::Ge => left >= right,
        _ => false,
    }
}

/// `needle` is in lower case.
fn contains_ignoring_case(haystack: &[u8], needle: &[u8]) -> bool {
    let Some(&first) = needle.first() else {
        return true;
    };
    let Some(last_start) = haystack.len().checked_sub(needle.len()) else {
        return false;
    };
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), &haystack[..=last_start])
        .any(|at| haystack[at..at + needle.len()].eq_ignore_ascii_case(needle))
}

/// Compares two values of the same event, `FIELD op val(OTHER)`.
pub(crate) fn compare(op: Op, left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::AnyOf(values), right) => values.iter().any(|v| compare(op, v, right)),
        (left, Value::AnyOf(values)) => values.iter().any(|v| compare(op, left, v)),
        (Value::List(left), Value::List(right)) => match op {
            Op::In => left
                .iter()
                .all(|v| right.iter().any(|w| compare(Op::Eq, v, w))),
            Op::Intersects => left
                .iter()
                .any(|v| right.iter().any(|w| compare(Op::Eq, v, w))),
            _ => false,
        },
        (left, Value::List(right)) => match op {
            Op::In | Op::Intersects => right.iter().any(|w| compare(Op::Eq, left, w)),
            _ => false,
        },
        (Value::F64(a), Value::F64(b)) => ordered(scalar_op(op), a, b),
        (Value::Bool(a), Value::Bool(b)) => ordered(scalar_op(op), a, b),
        (Value::Ip(a), Value::Ip(b)) => ordered(scalar_op(op), a, b),
        (left, right) => match (
            left.as_int(),
            right.as_int(),
            left.as_bytes(),
            right.as_bytes(),
        ) {
            (Some(a), Some(b), ..) => ordered(scalar_op(op), &a, &b),
            (_, _, Some(a), Some(b)) => compare_bytes(op, a, b),
            _ => false,
        },
    }
}

/// With one value on the right, `in` is equality.
fn scalar_op(op: Op) -> Op {
    match op {
        Op::In | Op::Intersects => Op::Eq,
        op => op,
    }
}

fn compare_bytes(op: Op, left: &[u8], right: &[u8]) -> bool {
    match op {
        Op::Contains | Op::BContains => memchr::memmem::find(left, right).is_some(),
        Op::IContains => contains_ignoring_case(left, &right.to_ascii_lowercase()),
        Op::StartsWith | Op::BStartsWith => left.starts_with(right),
        Op::EndsWith => left.ends_with(right),
        Op::Glob => Glob::new(right, false).matches(left),
        Op::IGlob => Glob::new(right, true).matches(left),
        op => ordered(scalar_op(op), left, right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_ignored_for_ascii_only() {
        assert!(contains_ignoring_case(b"/ETC/Passwd", b"passwd"));
        assert!(contains_ignoring_case(b"x", b""));
        assert!(!contains_ignoring_case(b"pass", b"passwd"));
        assert!(!contains_ignoring_case("É".as_bytes(), "é".as_bytes()));
    }

    #[test]
    fn large_and_small_sets_agree() {
        let texts: Vec<Constant> = (0..20)
            .map(|i| Constant::Bytes(format!("t{i}").into_bytes()))
            .collect();
        for set in [Set::new(&texts), Set::new(&texts[..4])] {
            assert!(set.contains(&Value::text("t3")));
            assert!(!set.contains(&Value::text("t33")));
            assert!(!set.contains(&Value::U64(3)));
        }
    }
}
