//! Answers of container engines and orchestrators: any text is understood or refused.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    enrich::fuzz::inspect(bytes);
    enrich::fuzz::specification(bytes);
    enrich::fuzz::cri(bytes);
    enrich::fuzz::ecs(bytes);
    enrich::fuzz::kubernetes(bytes);
});
