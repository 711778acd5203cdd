//! Nothing: the tests of whole programs are this package's test targets, one folder each.
