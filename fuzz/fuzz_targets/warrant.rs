#![no_main]

#[path = "../properties/warrant.rs"]
mod warrant_properties;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    warrant_properties::check(octets);
});
