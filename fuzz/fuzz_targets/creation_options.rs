//! The judge of creation options. The body is `cogspec::fuzz_targets::creation_options`, so that
//! `cargo test` replays the corpus through the same code.

#![no_main]

#[path = "../asan.rs"]
mod asan;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cogspec::fuzz_targets::creation_options(data));
