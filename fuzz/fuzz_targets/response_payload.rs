//! Whole responses as they are saved, and the options in them. The body is `cogspec::fuzz_targets::response_payload`, so that
//! `cargo test` replays the corpus through the same code.

#![no_main]

#[path = "../asan.rs"]
mod asan;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cogspec::fuzz_targets::response_payload(data));
