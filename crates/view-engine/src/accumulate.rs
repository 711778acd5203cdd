//! How values of one key become one cell, and how cells of one group become one.

use filter::Value;

use crate::cell::Cell;
use crate::definition::Aggregate;
use crate::sketch::Sketch;

/// The running value of one column of one row.
#[derive(Clone, Debug)]
pub(crate) enum Accumulator {
    /// First value, last value, smallest or largest: one cell and what to do with the next.
    Keep(Aggregate, Cell),
    /// Sum of whole numbers; `true` once divided by elapsed seconds.
    Sum {
        whole: i128,
        fraction: f64,
        fractional: bool,
        per_second: bool,
    },
    /// Sum and count of a mean.
    Mean { sum: f64, count: u64 },
    /// Values for a quantile.
    Quantile(Aggregate, Box<Sketch>),
}

impl Accumulator {
    pub(crate) fn new(how: Aggregate) -> Self {
        match how {
            Aggregate::First | Aggregate::Min | Aggregate::Max => {
                Accumulator::Keep(how, Cell::None)
            }
            Aggregate::Sum | Aggregate::TimeAvg => Accumulator::Sum {
                whole: 0,
                fraction: 0.0,
                fractional: false,
                per_second: how == Aggregate::TimeAvg,
            },
            Aggregate::Avg => Accumulator::Mean { sum: 0.0, count: 0 },
            Aggregate::P50 | Aggregate::P90 | Aggregate::P99 => {
                Accumulator::Quantile(how, Box::default())
            }
        }
    }

    /// Takes one value in.
    pub(crate) fn add(&mut self, value: &Value<'_>) {
        match self {
            // The common case of a text that stays the same costs no copy.
            Accumulator::Keep(Aggregate::First, cell) if *cell != Cell::None => {}
            Accumulator::Keep(how, cell) => keep(*how, cell, value),
            Accumulator::Sum {
                whole,
                fraction,
                fractional,
                ..
            } => match value {
                Value::U64(number) => *whole += i128::from(*number),
                Value::I64(number) => *whole += i128::from(*number),
                Value::F64(number) => {
                    *fraction += number;
                    *fractional = true;
                }
                _ => {}
            },
            Accumulator::Mean { sum, count } => {
                if let Some(number) = Cell::from_value(value).number() {
                    *sum += number;
                    *count += 1;
                }
            }
            Accumulator::Quantile(_, sketch) => match value {
                Value::U64(number) => sketch.add(*number),
                Value::I64(number) => sketch.add(u64::try_from(*number).unwrap_or(0)),
                _ => {}
            },
        }
    }

    /// Merges the column of a row into the column of its group.
    ///
    /// Quantiles merge by their sketches, so that the group's quantile is that of all its events;
    /// a mean is reduced to its value first.
    pub(crate) fn merge_row(&mut self, row: &Accumulator, seconds: f64) {
        if let (Accumulator::Quantile(_, mine), Accumulator::Quantile(_, theirs)) =
            (&mut *self, row)
        {
            mine.merge(theirs);
            return;
        }
        match row.finish(seconds) {
            Cell::None => {}
            Cell::Int(number) => match i64::try_from(number) {
                Ok(number) => self.add(&Value::I64(number)),
                Err(_) => self.add(&Value::U64(u64::try_from(number).unwrap_or(u64::MAX))),
            },
            Cell::Float(number) => self.add(&Value::F64(number)),
            Cell::Bool(yes) => self.add(&Value::Bool(yes)),
            Cell::Ip(ip) => self.add(&Value::Ip(ip)),
            Cell::Text(text) => self.add(&Value::text(&text)),
        }
    }

    /// The cell, with rates over the `seconds` that really passed.
    pub(crate) fn finish(&self, seconds: f64) -> Cell {
        match self {
            Accumulator::Keep(_, cell) => cell.clone(),
            Accumulator::Sum {
                whole,
                fraction,
                fractional,
                per_second,
            } => {
                let sum = *whole as f64 + fraction;
                if *per_second {
                    Cell::Float(if seconds > 0.0 { sum / seconds } else { 0.0 })
                } else if *fractional {
                    Cell::Float(sum)
                } else {
                    Cell::Int(*whole)
                }
            }
            Accumulator::Mean { count: 0, .. } => Cell::None,
            Accumulator::Mean { sum, count } => Cell::Float(sum / *count as f64),
            Accumulator::Quantile(how, sketch) => {
                let q = match how {
                    Aggregate::P50 => 0.5,
                    Aggregate::P90 => 0.9,
                    _ => 0.99,
                };
                sketch
                    .quantile(q)
                    .map_or(Cell::None, |value| Cell::Int(i128::from(value)))
            }
        }
    }
}

fn keep(how: Aggregate, cell: &mut Cell, value: &Value<'_>) {
    let new = Cell::from_value(value);
    let replace = match (how, &*cell) {
        (_, Cell::None) => true,
        (Aggregate::Min, old) => new.order(old).is_lt(),
        // Of texts the latest is kept: a process' command line after its last exec.
        (Aggregate::Max, Cell::Text(old)) => {
            !matches!(&new, Cell::Text(text) if text.is_empty() && !old.is_empty())
        }
        (Aggregate::Max, old) => new.order(old).is_gt(),
        _ => false,
    };
    if replace {
        *cell = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(how: Aggregate, values: &[Value<'_>], seconds: f64) -> Cell {
        let mut accumulator = Accumulator::new(how);
        for value in values {
            accumulator.add(value);
        }
        accumulator.finish(seconds)
    }

    #[test]
    fn each_aggregate_has_its_meaning() {
        let numbers = [Value::U64(4), Value::U64(1), Value::U64(10)];
        assert_eq!(fold(Aggregate::First, &numbers, 2.0), Cell::Int(4));
        assert_eq!(fold(Aggregate::Sum, &numbers, 2.0), Cell::Int(15));
        assert_eq!(fold(Aggregate::Avg, &numbers, 2.0), Cell::Float(5.0));
        assert_eq!(fold(Aggregate::TimeAvg, &numbers, 2.0), Cell::Float(7.5));
        assert_eq!(fold(Aggregate::Min, &numbers, 2.0), Cell::Int(1));
        assert_eq!(fold(Aggregate::Max, &numbers, 2.0), Cell::Int(10));
        assert_eq!(fold(Aggregate::P50, &numbers, 2.0), Cell::Int(4));
        let texts = [Value::text("b"), Value::text("a")];
        assert_eq!(
            fold(Aggregate::Max, &texts, 1.0),
            Cell::Text(b"a"[..].into())
        );
        assert_eq!(fold(Aggregate::Avg, &[], 1.0), Cell::None);
    }

    #[test]
    fn a_group_sums_means_and_merges_quantiles() {
        let row = |values: &[u64], how| {
            let mut accumulator = Accumulator::new(how);
            values
                .iter()
                .for_each(|value| accumulator.add(&Value::U64(*value)));
            accumulator
        };
        let mut sum = Accumulator::new(Aggregate::Sum);
        sum.merge_row(&row(&[10, 20], Aggregate::Avg), 1.0);
        sum.merge_row(&row(&[5], Aggregate::Avg), 1.0);
        assert_eq!(sum.finish(1.0), Cell::Float(20.0));

        let mut p50 = Accumulator::new(Aggregate::P50);
        p50.merge_row(&row(&[1, 1, 1], Aggregate::P50), 1.0);
        p50.merge_row(&row(&[9, 9], Aggregate::P50), 1.0);
        assert_eq!(p50.finish(1.0), Cell::Int(1));
    }
}
