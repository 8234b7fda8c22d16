#![no_main]

#[path = "../properties/select.rs"]
#[expect(dead_code, reason = "one target uses one property")]
mod select_properties;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| select_properties::flows(octets));
