#![no_main]

#[path = "../properties/receipt.rs"]
mod receipt;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| receipt::check(octets));
