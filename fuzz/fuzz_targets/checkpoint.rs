#![no_main]

#[path = "../properties/checkpoint.rs"]
mod checkpoint;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| checkpoint::check(octets));
