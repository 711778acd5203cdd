//! Builders and comparisons for tests
