//! Parameters: what decodes encodes to the same bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| capture_format::fuzz::recode_params(bytes));
