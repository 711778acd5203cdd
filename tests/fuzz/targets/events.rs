//! Events: what the writer stores in the portable profile, the reader gives back.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| capture_format::fuzz::rewrite_event(bytes));
