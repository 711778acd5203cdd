//! Quantiles of durations in bounded memory: a log-linear histogram that merges.

/// Sub-buckets per power of two: the relative error of a quantile is at most 1/32.
const SUB_BITS: u32 = 5;
const SUBS: usize = 1 << SUB_BITS;

/// A mergeable histogram of `u64` values, exact below 32 and within 3.2 % above.
///
/// Memory grows with the range of values seen, to at most 60 × 32 counters.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    counts: Vec<u32>,
    total: u64,
    max: u64,
}

impl Sketch {
    /// Adds one value.
    pub fn add(&mut self, value: u64) {
        let index = bucket(value);
        if index >= self.counts.len() {
            self.counts.resize(index + 1, 0);
        }
        self.counts[index] = self.counts[index].saturating_add(1);
        self.total += 1;
        self.max = self.max.max(value);
    }

    /// Adds all values of another sketch.
    pub fn merge(&mut self, other: &Sketch) {
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine = mine.saturating_add(*theirs);
        }
        self.total += other.total;
        self.max = self.max.max(other.max);
    }

    /// Number of values.
    pub fn len(&self) -> u64 {
        self.total
    }

    /// No value yet.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The largest value, exact.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// The value that the fraction `q` (0 to 1) of all values does not exceed; `None` when empty.
    ///
    /// The answer is the upper edge of its bucket and never above the true maximum.
    pub fn quantile(&self, q: f64) -> Option<u64> {
        if self.total == 0 {
            return None;
        }
        let rank = ((q.clamp(0.0, 1.0) * self.total as f64).ceil() as u64).max(1);
        let mut seen = 0u64;
        for (index, count) in self.counts.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= rank {
                return Some(upper_edge(index).min(self.max));
            }
        }
        Some(self.max)
    }
}

fn bucket(value: u64) -> usize {
    if value < SUBS as u64 {
        return value as usize;
    }
    let exponent = 63 - value.leading_zeros();
    let sub = (value >> (exponent - SUB_BITS)) as usize & (SUBS - 1);
    ((exponent - SUB_BITS + 1) as usize) * SUBS + sub
}

fn upper_edge(index: usize) -> u64 {
    if index < SUBS {
        return index as u64;
    }
    let shift = (index / SUBS - 1) as u32;
    let low = ((SUBS + index % SUBS) as u64) << shift;
    low + ((1u64 << shift) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_cover_every_value_in_order() {
        let mut last = 0;
        for value in (0..5000).chain((13..63).flat_map(|bits| [(1u64 << bits) - 1, 1 << bits])) {
            let index = bucket(value);
            assert!(index >= last, "{value}");
            assert!(upper_edge(index) >= value);
            assert!(upper_edge(index) - value <= value / SUBS as u64 + 1);
            last = index;
        }
        assert_eq!(upper_edge(bucket(u64::MAX)), u64::MAX);
    }

    #[test]
    fn quantiles_stay_within_the_stated_error() {
        let mut sketch = Sketch::default();
        for value in 1..=10_000u64 {
            sketch.add(value * 1000);
        }
        for (q, exact) in [(0.5, 5_000_000u64), (0.9, 9_000_000), (0.99, 9_900_000)] {
            let got = sketch.quantile(q).expect("not empty");
            assert!(got >= exact && got - exact <= exact / 31, "{q}: {got}");
        }
        assert_eq!(sketch.quantile(1.0), Some(10_000_000));
    }

    #[test]
    fn merging_equals_adding_everything_to_one() {
        let (mut a, mut b, mut all) = (Sketch::default(), Sketch::default(), Sketch::default());
        for value in 0..1000u64 {
            if value % 3 == 0 {
                a.add(value * value)
            } else {
                b.add(value * value)
            }
            all.add(value * value);
        }
        a.merge(&b);
        assert_eq!(a.len(), all.len());
        for q in [0.0, 0.1, 0.5, 0.9, 0.99, 1.0] {
            assert_eq!(a.quantile(q), all.quantile(q));
        }
    }
}
