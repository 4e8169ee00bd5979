#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| doorward_domain::fuzzing::email_addresses(data));
