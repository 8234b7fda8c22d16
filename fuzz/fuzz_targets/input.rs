#![no_main]

#[path = "../properties/input.rs"]
mod input;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| input::check(octets));
