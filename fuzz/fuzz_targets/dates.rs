#![no_main]

#[path = "../properties/dates.rs"]
mod dates;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| dates::check(octets));
