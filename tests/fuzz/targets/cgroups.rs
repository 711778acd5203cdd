//! Control-group paths: any text is a container's or is not.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| state::container::fuzz_recognize(bytes));
