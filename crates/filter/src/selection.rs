//! Sets of event types: which events a filter can match at all.
//!
//! The filter knows events only as small numbers. The schema says for each comparison on which
//! types it can hold and on which it can fail; the tree combines the answers. Whoever runs the
//! filter then skips events by a look-up, and the capture plan asks the kernel for no others.

/// A set of event types, by their number in the caller's event table.
///
/// Numbers from [`TypeSet::CAPACITY`] on are members of every set, so that an event unknown to
/// the table is tested rather than lost.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeSet {
    words: [u64; Self::WORDS],
}

impl TypeSet {
    const WORDS: usize = 16;
    /// How many types can be told apart.
    pub const CAPACITY: usize = Self::WORDS * 64;
    /// No type.
    pub const NONE: TypeSet = TypeSet {
        words: [0; Self::WORDS],
    };
    /// Every type.
    pub const ALL: TypeSet = TypeSet {
        words: [u64::MAX; Self::WORDS],
    };

    /// Adds a type; beyond the capacity nothing changes, it is a member already.
    pub fn insert(&mut self, event_type: u16) {
        if let Some(word) = self.words.get_mut(usize::from(event_type) / 64) {
            *word |= 1 << (event_type % 64);
        }
    }

    /// Whether the type is in the set.
    #[inline]
    pub fn contains(&self, event_type: u16) -> bool {
        match self.words.get(usize::from(event_type) / 64) {
            Some(word) => word >> (event_type % 64) & 1 == 1,
            None => true,
        }
    }

    /// Types in both sets.
    pub fn and(mut self, other: TypeSet) -> TypeSet {
        for (a, b) in self.words.iter_mut().zip(other.words) {
            *a &= b;
        }
        self
    }

    /// Types in either set.
    pub fn or(mut self, other: TypeSet) -> TypeSet {
        for (a, b) in self.words.iter_mut().zip(other.words) {
            *a |= b;
        }
        self
    }

    /// No type below the capacity is in the set.
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }

    /// The members below the capacity, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        (0..Self::CAPACITY as u16).filter(|&t| self.contains(t))
    }
}

impl FromIterator<u16> for TypeSet {
    fn from_iter<I: IntoIterator<Item = u16>>(types: I) -> Self {
        let mut set = TypeSet::NONE;
        types.into_iter().for_each(|t| set.insert(t));
        set
    }
}

impl std::fmt::Debug for TypeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == Self::ALL {
            return f.write_str("{all}");
        }
        f.debug_set().entries(self.iter()).finish()
    }
}

/// On which event types a condition can hold, and on which it can fail.
///
/// Both are supersets of the truth. Keeping the two apart is what makes `not` exact: the types on
/// which `not X` can hold are those on which `X` can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Types on which the condition can be true.
    pub can_hold: TypeSet,
    /// Types on which the condition can be false.
    pub can_fail: TypeSet,
}

impl Selection {
    /// Nothing is known: the condition can hold and fail on every event.
    pub const ANY: Selection = Selection {
        can_hold: TypeSet::ALL,
        can_fail: TypeSet::ALL,
    };

    /// A condition about a value that only events in `types` have.
    pub fn only_on(types: TypeSet) -> Selection {
        Selection {
            can_hold: types,
            can_fail: TypeSet::ALL,
        }
    }

    /// The selection of `self and other`.
    pub fn and(self, other: Selection) -> Selection {
        Selection {
            can_hold: self.can_hold.and(other.can_hold),
            can_fail: self.can_fail.or(other.can_fail),
        }
    }

    /// The selection of `self or other`.
    pub fn or(self, other: Selection) -> Selection {
        Selection {
            can_hold: self.can_hold.or(other.can_hold),
            can_fail: self.can_fail.and(other.can_fail),
        }
    }

    /// The selection of `not self`.
    #[allow(clippy::should_implement_trait)] // Reads beside `and` and `or`, which no operator fits.
    pub fn not(self) -> Selection {
        Selection {
            can_hold: self.can_fail,
            can_fail: self.can_hold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(types: &[u16]) -> TypeSet {
        types.iter().copied().collect()
    }

    #[test]
    fn unknown_types_are_in_every_set() {
        assert!(TypeSet::NONE.contains(TypeSet::CAPACITY as u16));
        assert!(TypeSet::NONE.contains(u16::MAX));
        assert!(!TypeSet::NONE.contains(TypeSet::CAPACITY as u16 - 1));
    }

    #[test]
    fn negation_swaps_and_undoes_itself() {
        let open = Selection {
            can_hold: set(&[2, 3]),
            can_fail: set(&[4, 5]),
        };
        assert_eq!(open.not().can_hold, set(&[4, 5]));
        assert_eq!(open.not().not(), open);
    }

    #[test]
    fn conjunction_narrows_and_disjunction_widens() {
        let a = Selection {
            can_hold: set(&[1, 2]),
            can_fail: set(&[3]),
        };
        let b = Selection {
            can_hold: set(&[2, 3]),
            can_fail: set(&[1]),
        };
        assert_eq!(a.and(b).can_hold, set(&[2]));
        assert_eq!(a.or(b).can_hold, set(&[1, 2, 3]));
        assert!(a.or(b).can_fail.is_empty());
    }
}
