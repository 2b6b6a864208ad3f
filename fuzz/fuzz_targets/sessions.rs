//! Steps of sessions at the embedded emulator, in process: a model says of each access token whether it is served. The body is
//! `cogspec::fuzz_targets::sessions`, so that `cargo test` replays the corpus through the same code.

#![no_main]

#[path = "../asan.rs"]
mod asan;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cogspec::fuzz_targets::sessions(data));
