//! The class of any response, and its stability. The body is `cogspec::fuzz_targets::error_classification`, so that
//! `cargo test` replays the corpus through the same code.

#![no_main]

#[path = "../asan.rs"]
mod asan;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cogspec::fuzz_targets::error_classification(data));
