//! Captures: any bytes are read to their end, with gaps reported.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| capture_format::fuzz::read_capture(bytes));
