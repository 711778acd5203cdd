//! Whole-program comparisons with peers
