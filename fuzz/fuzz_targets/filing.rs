#![no_main]

#[path = "../properties/filing.rs"]
mod filing;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| filing::check(octets));
