//! Requests, bodies and tokens at the embedded emulator, in process, with all oracles on the answer. The body is `cogspec::fuzz_targets::emulator`, so that
//! `cargo test` replays the corpus through the same code.

#![no_main]

#[path = "../asan.rs"]
mod asan;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cogspec::fuzz_targets::emulator(data));
