//! Registrations and assertions at the embedded emulator, in process: drawn ones are answered as their labels say, and nothing
//! that the judge's own verification refuses is taken. The body is `cogspec::fuzz_targets::complete_registration`, so that
//! `cargo test` replays the corpus through the same code.

#![no_main]

#[path = "../asan.rs"]
mod asan;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cogspec::fuzz_targets::complete_registration(data));
