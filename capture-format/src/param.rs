//! Parameter values: one codec per type, reading and writing side by side.
